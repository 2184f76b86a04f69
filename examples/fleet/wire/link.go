package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/golodger/lodger/guest/flow"
)

// The states of a run in the bucket.
const (
	RunOn  = "on"
	RunOff = "off"
)

// Readers is the one priority group of a share's consumer.
const Readers = "readers"

// A Link is a connection to the fleet. Any goroutine.
type Link struct {
	Options
	Conn *nats.Conn

	js      jetstream.JetStream
	work    jetstream.Stream
	answers jetstream.Stream
	runs    jetstream.KeyValue
}

// Options holds settings that must be the same for all links to one fleet.
type Options struct {
	AckWait time.Duration // the time after which a silent agent's job goes to another
	// Replicas is how many servers keep the streams. With 3, one of them may die. Zero means 3
	// in a cluster, and 1 otherwise. The first link decides.
	Replicas int
}

// Connect connects to the servers at url, and creates the streams and the bucket if they are
// missing. A broken connection is made again. Any goroutine. Waits.
func Connect(ctx context.Context, url, name string, opts Options) (*Link, error) {
	conn, err := nats.Connect(url, nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond))
	if err != nil {
		return nil, err
	}
	l := &Link{Options: opts, Conn: conn}
	if l.Replicas == 0 {
		l.Replicas = 1
		if conn.ConnectedClusterName() != "" {
			l.Replicas = 3
		}
	}
	if l.js, err = jetstream.New(conn); err == nil {
		// while a cluster elects its leader, it refuses for a moment
		_, err = flow.Retry(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, l.open(ctx) }, nil)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return l, nil
}

// Close ends the connection at once. Any goroutine.
func (l *Link) Close() { l.Conn.Close() }

// token converts a share's name to a part of a subject, which may not contain dots or spaces.
func token(share string) string {
	sum := sha256.Sum256([]byte(share))
	return hex.EncodeToString(sum[:10])
}

// publish publishes a message again and again until the stream has it. The stream does not
// store a second message of the same name.
func (l *Link) publish(ctx context.Context, subject, name string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = untilServed(ctx, l, messageTime, func(ctx context.Context) (*jetstream.PubAck, error) {
		return l.js.Publish(ctx, subject, text, jetstream.WithMsgID(name))
	})
	return err
}
