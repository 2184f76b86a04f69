//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("busy", busy)
	stories.Add("busy, closed", busyClosed)
}

// part returns the first widget of a type in another.
func part[T gtk.IWidget](in gtk.IWidget) T {
	var all []T
	each(in, func(w gtk.IWidget) {
		if w, ok := w.(T); ok {
			all = append(all, w)
		}
	})
	return all[0]
}

// A job is work that a test directs.
type job struct {
	steps chan func(report func(float64, string)) (done bool, err error)
}

func (j *job) work(ctx context.Context, report func(float64, string)) (string, error) {
	for {
		select {
		case step := <-j.steps:
			if done, err := step(report); done {
				return "result", err
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (j *job) step(done bool, err error, fraction float64, text string) {
	j.steps <- func(report func(float64, string)) (bool, error) {
		report(fraction, text)
		return done, err
	}
}

// busy plays with work under a dialog.
func busy() int {
	s, full := new(story), errors.New("disk full")
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("window", must(gtk.LabelNew("content")))
		type answer struct {
			v  string
			ok bool
		}
		start := func(w *gtk.Window) (*job, *guest.Future[answer], *gtk.Dialog) {
			j := &job{make(chan func(func(float64, string)) (bool, error))}
			f := guest.Async(ctx, func(ctx context.Context) (answer, error) {
				v, ok, err := gtkui.Busy(ctx, w, "busy", j.work)
				return answer{v, ok}, err
			})
			until(ctx, s, func() bool { return open() != nil })
			return j, f, open()
		}

		j, f, d := start(w)
		area := must(d.GetContentArea())
		until(ctx, s, area.GetMapped)
		bar, line := part[*gtk.ProgressBar](area), part[*gtk.Label](area)
		j.step(false, nil, 0.5, "half")
		until(ctx, s, func() bool { return bar.GetFraction() == 0.5 })
		assert.Equal(s, "half", must(line.GetText()))
		j.step(false, nil, -1, "somewhere")
		until(ctx, s, func() bool { return must(line.GetText()) == "somewhere" })
		j.step(true, nil, 7, "done")
		got, err := f.Wait(ctx)
		assert.NoError(s, err)
		assert.Equal(s, answer{"result", true}, got)
		assert.Nil(s, open())

		// A failure is shown.
		j, f, d = start(w)
		j.step(true, full, 1, "")
		until(ctx, s, func() bool { return open() != nil && open().Native() != d.Native() })
		until(ctx, s, func() bool { return slices.Contains(texts(open()), "disk full") })
		open().Response(gtk.RESPONSE_OK)
		got, err = f.Wait(ctx)
		assert.NoError(s, err)
		assert.False(s, got.ok)

		// Cancel cancels.
		for _, r := range []gtk.ResponseType{gtk.RESPONSE_CANCEL, gtk.RESPONSE_DELETE_EVENT} {
			_, f, d = start(w)
			d.Response(r)
			got, err = f.Wait(ctx)
			assert.NoError(s, err)
			assert.False(s, got.ok)
			assert.Nil(s, open())
		}

		// The window goes.
		parent := newWindow("parent", must(gtk.LabelNew("parent")))
		_, f, _ = start(parent)
		parent.Destroy()
		_, err = f.Wait(ctx)
		assert.ErrorIs(s, err, guest.ErrWindowClosed)
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestBusyShowsWhatTheWorkReports(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "busy").Ended(0))
}

// busyClosed has work that does not hear of its cancellation at once.
func busyClosed() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		begun, let := make(chan bool), make(chan struct{})
		f := guest.Async(ctx, func(ctx context.Context) (bool, error) {
			_, ok, err := gtkui.Busy(ctx, nil, "busy", func(ctx context.Context, _ func(float64, string)) (int, error) {
				close(begun)
				<-let
				return 0, ctx.Err()
			})
			return ok, err
		})
		_, _, err := flow.Recv(ctx, begun) // a cancellation before that would end it at once
		require.NoError(s, err)
		until(ctx, s, func() bool { return open() != nil })
		d := open()
		screentest.Say("open")
		button := must(d.GetWidgetForResponse(gtk.RESPONSE_CANCEL)).ToWidget()
		for button.GetSensitive() {
			require.NoError(s, guest.Sleep(ctx, time.Millisecond))
		}
		assert.Contains(s, texts(d), "Cancelling…")
		screentest.Say("cancelled")
		require.NoError(s, guest.Sleep(ctx, 300*time.Millisecond))
		assert.True(s, d.GetVisible(), "it stays until the work has returned")
		close(let)
		ok, err := f.Wait(ctx)
		assert.False(s, ok)
		return err
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestBusySaysThatItIsBeingCancelled(t *testing.T) {
	for how, act := range map[string]func(id string){
		"Escape": func(id string) {
			screentest.Xdotool(t, "windowfocus", "--sync", id)
			screentest.Xdotool(t, "key", "Escape")
		},
		"close button": func(id string) { screentest.CloseWindow(t, id) },
	} {
		t.Run(how, func(t *testing.T) {
			p := screentest.Start(t, "busy, closed")
			p.Hear("open")
			act(screentest.Window(t, "busy"))
			p.Hear("cancelled")
			require.Equal(t, "open\ncancelled\n<nil> false\n", p.Ended(0))
		})
	}
}
