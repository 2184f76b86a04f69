// Package gtkui is a stub: the names and types of the real one, as far as the tests need them.
package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"
)

func WithWindow(ctx context.Context, w *gtk.Window, fn func(ctx context.Context) error) error {
	return nil
}
