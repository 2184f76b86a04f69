//go:build cgo

package gtktest_test

import (
	"context"
	"testing"

	"github.com/golodger/lodger/hosts/gtk/gtktest"
)

// A test of a program: its own function makes the window, and a user works with it. With a
// TestMain of one line: func TestMain(m *testing.M) { os.Exit(gtktest.Main(m)) }.
func Example() {
	_ = func(t *testing.T) {
		gtktest.Run(t, func(ctx context.Context) {
			u := gtktest.NewUser(ctx, t, notes(ctx))
			u.Type("Name", "Ada")
			u.Tap("Save")
			u.Answer("Yes") // in the dialog that opens
			u.See("saved Ada")
		}, nil)
	}
}
