//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("windows", windows) }

// withWindow has the ways in which fn may end, in a window that it closes or not.
func withWindow(ctx context.Context, s *story) {
	wrong := errors.New("wrong")
	for name, c := range map[string]struct {
		fn    func(ctx context.Context) error
		close bool
		want  error // nil: none
		quit  bool  // and whether it is no failure
	}{
		"nil":                      {fn: func(context.Context) error { return nil }},
		"a failure":                {fn: func(context.Context) error { return wrong }, want: wrong},
		"nil in a closed window":   {close: true, fn: func(ctx context.Context) error { _ = guest.Park(ctx); return nil }},
		"a wait's answer":          {close: true, fn: guest.Park, want: guest.ErrWindowClosed, quit: true},
		"the context's error":      {close: true, fn: context.Context.Err, want: guest.ErrWindowClosed, quit: true},
		"an answer in other words": {close: true, fn: func(ctx context.Context) error { return fmt.Errorf("asking: %w", guest.Park(ctx)) }, want: guest.ErrWindowClosed, quit: true},
		"a failure in a closed window": {close: true, fn: func(ctx context.Context) error { _ = guest.Park(ctx); return wrong },
			want: wrong},
	} {
		w := newWindow("other", must(gtk.LabelNew("other")))
		cause := error(nil)
		err := gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
			if c.close {
				w.Destroy()
			}
			err := c.fn(ctx)
			cause = context.Cause(ctx)
			return err
		})
		assert.ErrorIs(s, err, c.want, name)
		assert.Equal(s, c.quit, guest.IsQuit(err), name)
		if c.close {
			assert.Equal(s, guest.ErrWindowClosed, cause, name)
			err := gtkui.WithWindow(ctx, w, func(context.Context) error { panic("in a window that has gone") })
			assert.Equal(s, guest.ErrWindowClosed, err)
		} else {
			w.Destroy()
		}
		if !c.quit {
			assert.NotErrorIs(s, err, guest.ErrWindowClosed, name)
		}
	}
}

// windows looks at all that WithWindow says; at last its window is closed, and main says so.
func windows() int {
	s, wrong, heard := new(story), errors.New("wrong"), 0
	err := gtkui.Run(func(ctx context.Context) error {
		withWindow(ctx, s)
		label := must(gtk.LabelNew("last"))
		w := newWindow("last", label)
		return gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
			defer label.SetSensitive(true)
			defer label.SetText("closed") // of no effect, and without harm
			polls := 0
			guest.Every(ctx, time.Millisecond, func(context.Context) error {
				if polls++; polls == 3 {
					return wrong
				}
				return nil
			}, nil)
			guest.Go(ctx, func(context.Context) error { return wrong })
			for heard < 2 {
				require.NoError(s, guest.Sleep(ctx, time.Millisecond))
			}
			w.Destroy()
			return guest.Park(ctx)
		})
	}, &guest.Options{OnError: func(err error) {
		assert.ErrorIs(s, err, wrong)
		heard++
	}})
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestWithWindow(t *testing.T) {
	text := screentest.Start(t, "windows").Ended(0)
	require.Contains(t, text, "<nil> false\n")
	require.NotContains(t, text, "CRITICAL")
}
