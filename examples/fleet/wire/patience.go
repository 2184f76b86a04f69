package wire

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/golodger/lodger/guest/flow"
)

// How long servers may take for a request, until it is made again: it may have gone with one of
// them. To agree on a consumer takes a cluster longer than to store a message.
const (
	messageTime  = 2 * time.Second
	consumerTime = 5 * time.Second
)

// untilServed makes a request again and again while the servers are away, or elect a leader. The
// error is that of ctx, or one that stays. Any goroutine. Waits.
func untilServed[T any](ctx context.Context, limit time.Duration, request func(ctx context.Context) (T, error)) (T, error) {
	return flow.Retry(ctx, func(ctx context.Context) (T, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return request(ctx)
	}, patience)
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
