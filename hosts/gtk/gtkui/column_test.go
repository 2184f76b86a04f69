//go:build cgo

package gtkui_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("many", many) }

// many asks questions with twenty answers.
func many() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("window", must(gtk.LabelNew("content")))
		var options []string
		for i := range 20 {
			options = append(options, fmt.Sprint("option ", i))
		}
		for _, answer := range []int{0, 19} {
			f := guest.Async(ctx, func(ctx context.Context) (int, error) {
				return gtkui.Choose(ctx, w, "Which one?", "There are many.", options...)
			})
			until(ctx, s, func() bool { return open() != nil && open().GetAllocatedHeight() > 100 })
			d := open()
			assert.Less(s, d.GetAllocatedHeight(), 700)
			assert.Less(s, d.GetAllocatedWidth(), 700)
			y := func(i int) int {
				_, y, err := must(d.GetWidgetForResponse(gtk.ResponseType(i))).ToWidget().TranslateCoordinates(d, 0, 0)
				require.NoError(s, err)
				return y
			}
			assert.Greater(s, y(0), 0)
			assert.Less(s, y(0)+20, d.GetAllocatedHeight(), "the first is visible at once")
			assert.Greater(s, y(1), y(0)+10)
			if answer == 0 {
				d.ActivateDefault()
			} else {
				must(d.GetWidgetForResponse(19)).(interface{ Clicked() }).Clicked()
			}
			got, err := f.Wait(ctx)
			assert.NoError(s, err)
			assert.Equal(s, answer, got)
		}
		return nil
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestManyOptionsStayOnTheScreen(t *testing.T) {
	require.Equal(t, "<nil> false\n", screentest.Start(t, "many").Ended(0))
}
