package fynehost_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("gaps", gaps) }

func TestFramesTellTheTimeBetweenThem(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		begun, n, sum := time.Now(), 0, time.Duration(0)
		for dt, err := range fynehost.Frames(ctx) {
			require.NoError(t, err)
			require.Equal(t, n == 0, dt == 0, "the first has none before it")
			if sum += dt; n == 3 {
				break
			}
			n++
		}
		require.LessOrEqual(t, sum, time.Since(begun))
		require.GreaterOrEqual(t, sum, 3*time.Second/61)
	}, nil)
}

func TestFramesEndWithTheirContext(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		n, last := 0, error(nil)
		for dt, err := range fynehost.Frames(ctx) {
			n++
			if last = err; err != nil {
				require.Zero(t, dt)
			}
			cancel(errFull)
		}
		require.Equal(t, 2, n)
		require.ErrorIs(t, last, errFull)
	}, nil)
}

// gaps counts the rounds of a second or more, of which one is slow.
func gaps() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("frames")
		label := widget.NewLabel("")
		w.SetContent(label)
		w.Show()
		n, sum, slow := 0, time.Duration(0), time.Duration(0)
		for dt, err := range fynehost.Frames(ctx) {
			if err != nil {
				return err
			}
			if sum += dt; n == 11 {
				slow = dt
			}
			if n++; n == 11 {
				if err := guest.Sleep(ctx, 200*time.Millisecond); err != nil {
					return err
				}
			}
			if sum >= time.Second && n > 15 { // a busy machine draws fewer in a second
				break
			}
			label.SetText(sum.String())
		}
		screentest.Say("%d frames in %v", n, sum)
		screentest.Say("a slow one: %v", slow >= 200*time.Millisecond)
		screentest.Say("not too many: %v", float64(n) < 70*sum.Seconds())
		return nil
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestFramesOnTheRealDriver(t *testing.T) {
	text := screentest.Start(t, "gaps").Ended(exitCode)
	t.Log(text)
	require.Contains(t, text, "a slow one: true\nnot too many: true\n<nil>\n")
}
