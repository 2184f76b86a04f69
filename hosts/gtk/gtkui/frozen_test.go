//go:build cgo

package gtkui_test

import (
	"context"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/frozen"
)

func init() { stories.AddAll(frozen.Stories(freezes())) }

// freezes are windows of GTK's that freeze. GTK has no call that waits for its own thread.
func freezes() frozen.Toolkit {
	var button *gtk.Button
	return frozen.Toolkit{
		Run: func(main func(ctx context.Context) error, opts *guest.Options) error {
			return gtkui.Run(func(ctx context.Context) error {
				button = must(gtk.ButtonNewWithLabel("freeze"))
				newWindow("frozen", button)
				return main(ctx)
			}, opts)
		},
		Click: func(handler func()) {
			button.Connect("clicked", handler)
			glib.IdleAdd(func() { _, _ = button.Emit("clicked", glib.TYPE_NONE) })
		},
	}
}

func TestFrozenWindowIsExplained(t *testing.T) { frozen.Run(t, freezes()) }
