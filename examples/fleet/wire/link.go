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

// Everything that is left behind, by a window that was killed say, goes after a day.
const keep = 24 * time.Hour

// A Link is a connection to the fleet. Any goroutine.
type Link struct {
	Conn    *nats.Conn
	AckWait time.Duration // after which a silent agent's job goes to another
	js      jetstream.JetStream
	work    jetstream.Stream
	answers jetstream.Stream
	runs    jetstream.KeyValue
}

// Connect connects to the servers at url, and makes what is not there yet. It does not give up
// a connection that breaks. Any goroutine. Waits.
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

// token is a share's name as a part of a subject, which takes neither dots nor spaces.
func token(share string) string {
	sum := sha256.Sum256([]byte(share))
	return hex.EncodeToString(sum[:10])
}

// patience is how often something is tried that fails while the servers are away.
var patience = &flow.RetryPolicy{
	Attempts: math.MaxInt,
	MaxDelay: 2 * time.Second,
	Final: func(err error) bool {
		return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrConnectionClosed)
	},
}

// publish publishes until the stream has it. A name that it has already is not stored again.
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
