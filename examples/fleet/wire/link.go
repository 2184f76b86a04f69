package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/golodger/lodger/guest/flow"
)

// The streams and the bucket.
const (
	workStream    = "FLEET_WORK"
	answersStream = "FLEET_ANSWERS"
	runsBucket    = "fleet_runs"
)

// The states of a run in the bucket.
const (
	RunOn  = "on"
	RunOff = "off"
)

// Readers is the one priority group of a share's consumer.
const Readers = "readers"

// Data that is left behind, for example by a killed window, is deleted after a day.
const keep = 24 * time.Hour

// A Link is a connection to the fleet. Any goroutine.
type Link struct {
	Conn    *nats.Conn
	AckWait time.Duration // after this time, another agent gets a silent agent's job
	js      jetstream.JetStream
	work    jetstream.Stream
	answers jetstream.Stream
	runs    jetstream.KeyValue
}

// Connect connects to the servers at url, and creates missing streams. If the connection breaks,
// it reconnects. Any goroutine. Waits.
func Connect(ctx context.Context, url, name string, ackWait time.Duration) (*Link, error) {
	conn, err := nats.Connect(url, nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond))
	if err != nil {
		return nil, err
	}
	l := &Link{Conn: conn, AckWait: ackWait}
	if err := l.open(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return l, nil
}

func (l *Link) open(ctx context.Context) (err error) {
	if l.js, err = jetstream.New(l.Conn); err != nil {
		return err
	}
	l.work, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: workStream, Subjects: []string{"fleet.work.>"},
		Retention: jetstream.WorkQueuePolicy, MaxAge: keep})
	if err != nil {
		return err
	}
	l.answers, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: answersStream, Subjects: []string{"fleet.answer.>"},
		MaxAge: keep})
	if err != nil {
		return err
	}
	l.runs, err = l.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: runsBucket, TTL: keep})
	return err
}

// Close ends the connection at once. Any goroutine.
func (l *Link) Close() { l.Conn.Close() }

// token converts a share's name to a part of a subject, which may not contain dots or spaces.
func token(share string) string {
	sum := sha256.Sum256([]byte(share))
	return hex.EncodeToString(sum[:10])
}

// patience is how often an operation is retried while the servers are unreachable.
var patience = &flow.RetryPolicy{
	Attempts: math.MaxInt,
	MaxDelay: 2 * time.Second,
	Final: func(err error) bool {
		return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrConnectionClosed)
	},
}

// publish publishes a message until the stream has it. The stream drops a second message with the
// same name.
func (l *Link) publish(ctx context.Context, subject, name string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = flow.Retry(ctx, func(ctx context.Context) (*jetstream.PubAck, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return l.js.Publish(ctx, subject, text, jetstream.WithMsgID(name))
	}, patience)
	return err
}
