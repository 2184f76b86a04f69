package wire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams and the bucket.
const (
	workStream    = "FLEET_WORK"
	answersStream = "FLEET_ANSWERS"
	runsBucket    = "fleet_runs"
)

// Everything that is left behind, for example by a killed window, is deleted after a day.
const keep = 24 * time.Hour

// open finds the streams, or creates those that are missing. It does not change existing ones.
// Every agent calls it when it starts, perhaps while a server is away, and then nothing can be
// changed.
func (l *Link) open(ctx context.Context) (err error) {
	if l.work, err = l.stream(ctx, workStream, "fleet.work.>", jetstream.WorkQueuePolicy); err != nil {
		return err
	}
	if l.answers, err = l.stream(ctx, answersStream, "fleet.answer.>", jetstream.LimitsPolicy); err != nil {
		return err
	}
	l.runs, err = l.bucket(ctx, runsBucket)
	return err
}

// ensure is open for streams that may have been lost. What the link holds stays valid, because
// it refers to them by name.
func (l *Link) ensure(ctx context.Context) error {
	again := Link{Options: l.Options, js: l.js}
	return again.open(ctx)
}

func (l *Link) bucket(ctx context.Context, name string) (jetstream.KeyValue, error) {
	b, err := l.js.KeyValue(ctx, name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		b, err = l.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, TTL: keep, Replicas: l.Replicas})
	}
	return b, l.explain(err)
}

func (l *Link) stream(ctx context.Context, name, subjects string, policy jetstream.RetentionPolicy) (jetstream.Stream, error) {
	s, err := l.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = l.js.CreateStream(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{subjects}, Retention: policy,
			MaxAge: keep, Replicas: l.Replicas})
	}
	return s, l.explain(err)
}

// noPeers is the error code for streams that need more servers than there are.
const noPeers = 10005

// explain adds to an error of the servers what to do about it.
func (l *Link) explain(err error) error {
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == noPeers {
		return fmt.Errorf("fleet: there are not %d servers to keep the streams; start them all, or use -replicas 1: %w", l.Replicas, err)
	}
	return err
}
