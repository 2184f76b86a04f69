package wire

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/golodger/lodger/guest/flow"
)

// How long servers may take for a request before it is made again, because it may have been
// lost with one of them. A cluster needs more time to agree on a consumer than to store a
// message.
const (
	messageTime  = 2 * time.Second
	consumerTime = 5 * time.Second
)

// untilServed repeats a request while the servers are away, or elect a leader. If they have
// lost the streams, it creates new ones. The error is that of ctx, or one that does not pass.
// Any goroutine. Waits.
func untilServed[T any](ctx context.Context, l *Link, limit time.Duration, request func(ctx context.Context) (T, error)) (T, error) {
	longest := 8 * limit
	return flow.Retry(ctx, func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		// otherwise a thousand agents that start together would ask faster than the servers
		// answer
		limit = min(2*limit, longest)
		v, err := request(ctx)
		if isGone(err) {
			_ = l.ensure(ctx) // the next attempt shows whether the streams are there
		}
		return v, err
	}, patience)
}

// isGone reports whether an error may mean that the servers have come back without their data.
// It may also mean that they elect a leader.
func isGone(err error) bool {
	for _, gone := range []error{jetstream.ErrNoStreamResponse, jetstream.ErrStreamNotFound, jetstream.ErrBucketNotFound,
		jetstream.ErrConsumerNotFound, jetstream.ErrConsumerDeleted, nats.ErrNoResponders} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// ignoring returns err, or nil if err is what, which does not matter.
func ignoring(what, err error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}

var patience = &flow.RetryPolicy{
	Attempts: math.MaxInt,
	MaxDelay: 2 * time.Second,
	Final: func(err error) bool {
		return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrConnectionClosed)
	},
	OnRetry: func(attempt int, err error, _ time.Duration) {
		if attempt == warnAfter {
			slog.Warn("fleet: waiting for the servers", "error", err)
		}
	},
}

// warnAfter is how many attempts may fail without a warning. They take some seconds.
const warnAfter = 4
