//go:build cgo

package gtkui_test

import (
	"context"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("each frame", eachFrame) }

// eachFrame counts frames, in a body that waits and in one that does not.
func eachFrame() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		area := must(gtk.DrawingAreaNew())
		w := newWindow("frames", area)
		begun, rounds, sum := time.Now(), 0, time.Duration(0)
		for since, err := range gtkui.Frames(ctx, area) {
			require.NoError(s, err)
			assert.Equal(s, rounds == 0, since == 0, "round %d: %v", rounds, since)
			sum += since
			if rounds++; rounds == 20 {
				break
			}
		}
		// GTK counts from the begin of a frame, which may lie a little before begun.
		assert.LessOrEqual(s, sum, time.Since(begun)+2*time.Second/60)
		assert.Greater(s, sum, 100*time.Millisecond)

		// What comes while the body waits is one round, with all its time: five single frames
		// would have a tenth of a second at the most, also on a busy machine.
		rounds, sum = 0, 0
		for since, err := range gtkui.Frames(ctx, area) {
			require.NoError(s, err)
			sum += since
			if rounds++; rounds == 6 {
				break
			}
			require.NoError(s, guest.Sleep(ctx, 100*time.Millisecond))
		}
		assert.Greater(s, sum, 250*time.Millisecond)

		// Outside the loop nothing ticks.
		ticks := 0
		counted := &counting{DrawingArea: area, ticks: &ticks}
		for range gtkui.Frames(ctx, counted) {
			break
		}
		before := ticks
		require.NoError(s, guest.Sleep(ctx, 100*time.Millisecond))
		assert.Equal(s, before, ticks)

		// It ends with its context, also when the widget has gone before.
		for _, gone := range []bool{false, true} {
			short, cancel := context.WithCancel(ctx)
			guest.Go(ctx, func(ctx context.Context) error {
				defer cancel()
				err := guest.Sleep(ctx, 50*time.Millisecond)
				if gone {
					w.Destroy()
					err = guest.Sleep(ctx, 50*time.Millisecond)
				}
				return err
			})
			last := error(nil)
			for since, err := range gtkui.Frames(short, area) {
				if last = err; err != nil {
					assert.Zero(s, since)
				}
			}
			assert.ErrorIs(s, last, context.Canceled)
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

// A counting widget counts its ticks.
type counting struct {
	*gtk.DrawingArea
	ticks *int
}

func (c *counting) AddTickCallback(fn gtk.TickCallback) int {
	return c.DrawingArea.AddTickCallback(func(w *gtk.Widget, clock *gdk.FrameClock) bool {
		*c.ticks++
		return fn(w, clock)
	})
}

func TestFramesHasOneRoundForEachFrame(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "each frame").Ended(0))
}
