// Package fynehost is a stub: the names and types of the real one, as far as the tests need them.
package fynehost

import (
	"context"
	"iter"

	"fyne.io/fyne/v2"
)

func WithWindow(ctx context.Context, w fyne.Window, fn func(ctx context.Context) error) error {
	return nil
}
func Confirm(ctx context.Context, w fyne.Window, title, message string) (bool, error) {
	return false, nil
}
func Taps(ctx context.Context, handler *func()) iter.Seq[struct{}] { return nil }
