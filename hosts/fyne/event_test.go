package fynehost_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

func TestTapWaitsForOneTap(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		own := 0
		button := widget.NewButton("", func() { own++ })
		for range 2 { // two wait for the same tap
			guest.Go(ctx, func(ctx context.Context) error { _, err := fynehost.Tap(ctx, &button.OnTapped); return err })
		}
		require.NoError(t, guest.Yield(ctx))
		test.Tap(button)
		require.NoError(t, guest.Join(ctx))
		require.Equal(t, 1, own, "the program's own handler runs as before")
		test.Tap(button)
		require.Equal(t, 2, own)
	}, nil)
}

func TestTapReturnsTheFirstOfSeveral(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		own := 0
		save, cancel := widget.NewButton("", func() { own++ }), widget.NewButton("", nil)
		which := func(ctx context.Context) (int, error) { return fynehost.Tap(ctx, &save.OnTapped, &cancel.OnTapped) }
		for i, button := range []*widget.Button{save, cancel} {
			f := asking(t, ctx, which)
			test.Tap(button)
			test.Tap(save) // too late
			n, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, i, n)
		}
		require.Equal(t, 3, own, "the program's own handler runs as before")
		require.Nil(t, cancel.OnTapped, "the handlers are what they were")
		short, stop := context.WithCancel(ctx)
		stop()
		n, err := which(short)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, -1, n, "not the first button")
		require.Nil(t, cancel.OnTapped)
	}, nil)
}

func TestTapsLosesNoneWhileTheBodyWaits(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		button := widget.NewButton("", nil)
		guest.Go(ctx, func(ctx context.Context) error {
			for range 3 {
				test.Tap(button)
			}
			return nil
		})
		n := 0
		for range fynehost.Taps(ctx, &button.OnTapped) {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
			if n++; n == 3 {
				break
			}
		}
		require.Nil(t, button.OnTapped, "the handler is what it was")
	}, nil)
}

func TestListenersComeAndGoInAnyOrder(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		entry, own := widget.NewEntry(), ""
		entry.OnChanged = func(s string) { own = s }
		var got [2][]string
		var tasks [2]*guest.Task
		for i := range tasks {
			tasks[i] = guest.Go(ctx, func(ctx context.Context) error {
				for text := range fynehost.Changes(ctx, &entry.OnChanged) {
					got[i] = append(got[i], text)
				}
				return nil
			})
		}
		require.NoError(t, guest.Yield(ctx))
		entry.SetText("both")
		require.NoError(t, guest.Yield(ctx))
		tasks[0].Cancel(nil) // first come, first gone
		require.NoError(t, tasks[0].Wait(ctx))
		entry.SetText("one")
		require.NoError(t, guest.Yield(ctx))
		tasks[1].Cancel(nil)
		require.NoError(t, tasks[1].Wait(ctx))
		entry.SetText("none")
		require.Equal(t, [2][]string{{"both"}, {"both", "one"}}, got)
		require.Equal(t, "none", own)
	}, nil)
}

func TestHandlerSetMeanwhileStays(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		button, second := widget.NewButton("", func() {}), 0
		waiting := guest.Go(ctx, func(ctx context.Context) error {
			for range fynehost.Taps(ctx, &button.OnTapped) {
			}
			return nil
		})
		require.NoError(t, guest.Yield(ctx))
		button.OnTapped = func() { second++ }
		again := guest.Go(ctx, func(ctx context.Context) error { _, err := fynehost.Tap(ctx, &button.OnTapped); return err })
		require.NoError(t, guest.Yield(ctx))
		test.Tap(button)
		require.NoError(t, again.Wait(ctx))
		waiting.Cancel(nil)
		require.NoError(t, waiting.Wait(ctx))
		test.Tap(button)
		require.Equal(t, 2, second)
	}, nil)
}

func TestValuesOfABinding(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		item := binding.NewInt()
		require.NoError(t, item.Set(1))
		var got []int
		for v := range fynehost.Values(ctx, item) {
			got = append(got, v)
			if v == 31 {
				break
			}
			for i := range 3 { // of which only the last is seen
				require.NoError(t, item.Set(v+8+i))
			}
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		require.Equal(t, []int{1, 11, 21, 31}, got)
	}, nil)
}

func TestCancelledRangeEnds(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		button := widget.NewButton("", nil)
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		for range fynehost.Taps(short, &button.OnTapped) {
			t.Error("nobody tapped")
		}
		require.Error(t, short.Err())
		require.Nil(t, button.OnTapped)
	}, nil)
}
