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

// How long servers may take for a request, until it is made again: it may have gone with one of
// them. To agree on a consumer takes a cluster longer than to store a message.
const (
	messageTime  = 2 * time.Second
	consumerTime = 5 * time.Second
)

// untilServed makes a request again and again while the servers are away, or elect a leader. When
// they have lost the streams, it makes new ones. The error is that of ctx, or one that stays. Any
// goroutine. Waits.
func untilServed[T any](ctx context.Context, l *Link, limit time.Duration, request func(ctx context.Context) (T, error)) (T, error) {
	longest := 8 * limit
	return flow.Retry(ctx, func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		// a thousand agents that came at a time would otherwise ask faster than is answered
		limit = min(2*limit, longest)
		v, err := request(ctx)
		if isGone(err) {
			_ = l.ensure(ctx) // the next attempt shows whether it is there
		}
		return v, err
	}, patience)
}

// isGone reports whether an error may mean that servers have come back without what they had. It
// may also mean that they elect a leader.
func isGone(err error) bool {
	for _, gone := range []error{jetstream.ErrNoStreamResponse, jetstream.ErrStreamNotFound, jetstream.ErrBucketNotFound,
		jetstream.ErrConsumerNotFound, jetstream.ErrConsumerDeleted, nats.ErrNoResponders} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// ignoring is err, unless it is one that does not matter.
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

// warnAfter is how many attempts may fail in silence, some seconds.
const warnAfter = 4
