package fynehost_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// shown returns what the topmost dialog shows of a kind of widget.
func shown[T fyne.CanvasObject](w fyne.Window) (list []T) {
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if v, ok := o.(T); ok && o.Visible() {
			list = append(list, v)
		}
	}
	return list
}

func texts(w fyne.Window) (list []string) {
	for _, l := range shown[*widget.Label](w) {
		list = append(list, l.Text)
	}
	return list
}

type outcome struct {
	n  int
	ok bool
}

// busyWith starts work under a dialog, and returns when it has begun.
func busyWith(t *testing.T, ctx context.Context, w fyne.Window,
	work func(ctx context.Context, report func(float64, string)) (int, error)) *guest.Future[outcome] {
	begun := make(chan bool)
	f := guest.Async(ctx, func(ctx context.Context) (outcome, error) {
		n, ok, err := fynehost.Busy(ctx, w, "Copying", func(ctx context.Context, report func(float64, string)) (int, error) {
			close(begun)
			return work(ctx, report)
		})
		return outcome{n, ok}, err
	})
	_, _, err := flow.Recv(ctx, begun)
	require.NoError(t, err)
	return f
}

func TestBusyShowsHowFarTheWorkIs(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		next := make(chan float64)
		f := busyWith(t, ctx, w, func(_ context.Context, report func(float64, string)) (int, error) {
			for done := range next {
				report(done, "a file")
			}
			return 3, nil
		})
		require.Len(t, shown[*widget.ProgressBarInfinite](w), 1, "nothing is known yet")
		require.Empty(t, shown[*widget.ProgressBar](w))
		send := func(done float64) {
			require.NoError(t, guest.RunOnMain(ctx, func() {}))
			_, err := guest.Background(ctx, func(context.Context) (int, error) { next <- done; return 0, nil })
			require.NoError(t, err)
		}
		send(0.5)
		for len(shown[*widget.ProgressBar](w)) == 0 {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.InDelta(t, 0.5, shown[*widget.ProgressBar](w)[0].Value, 0)
		require.Empty(t, shown[*widget.ProgressBarInfinite](w))
		require.Contains(t, texts(w), "a file")
		send(-1)
		for len(shown[*widget.ProgressBarInfinite](w)) == 0 {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.Empty(t, shown[*widget.ProgressBar](w))
		close(next)
		got, err := f.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, outcome{3, true}, got)
	})
}

func TestBusySaysThatItIsBeingCancelled(t *testing.T) {
	for name, cancel := range map[string]func(w fyne.Window){
		"the button": func(w fyne.Window) { test.Tap(buttons(w)["Cancel"]) },
		"Escape":     func(w fyne.Window) { press(w, fyne.KeyEscape); press(w, fyne.KeyEscape) },
	} {
		t.Run(name, func(t *testing.T) {
			inWindow(t, func(ctx context.Context, w fyne.Window) {
				goOn := make(chan bool)
				f := busyWith(t, ctx, w, func(ctx context.Context, _ func(float64, string)) (int, error) {
					<-ctx.Done()
					<-goOn
					return 2, ctx.Err()
				})
				cancel(w)
				require.Empty(t, shown[*widget.Button](w))
				require.Contains(t, texts(w), "Cancelling…")
				close(goOn)
				got, err := f.Wait(ctx)
				require.NoError(t, err)
				require.Equal(t, outcome{2, false}, got)
			})
		})
	}
}

func TestBusyShowsAFailure(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		f := busyWith(t, ctx, w, func(context.Context, func(float64, string)) (int, error) { return 1, errFull })
		for len(buttons(w)) == 0 || buttons(w)["OK"] == nil {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.Contains(t, texts(w), "Disk full") // Fyne's own capital letter
		test.Tap(buttons(w)["OK"])
		got, err := f.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, outcome{1, false}, got)
	})
}
