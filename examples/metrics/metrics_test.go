package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

var errEnough = errors.New("enough")

func TestMetricsSayWhatTasksDo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	text := ""
	err = guest.RunTask(headless.New(), func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				for !strings.Contains(text, `guest_seconds_count{event="waited",task="autosave"}`) || !strings.Contains(text, `guest_failed_total{task="poll"}`) {
					if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
						return err
					}
					text, err = guest.Background(ctx, func(context.Context) (string, error) { return get("http://" + l.Addr().String()) })
					if err != nil {
						return err
					}
				}
				return errEnough
			})
			return guest.Supervise(ctx, func(ctx context.Context) error { return serve(ctx, l) })
		})
	}, &guest.Options{Logger: slog.New(slog.DiscardHandler), OnError: func(error) {}})
	require.ErrorIs(t, err, errEnough)
	require.Regexp(t, `guest_seconds_count\{event="ended",task="autosave"\} [1-9]`, text)
	require.Regexp(t, `guest_tasks [1-9]`, text)
}

func get(at string) (string, error) {
	r, err := http.Get(at)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	return string(text), err
}
