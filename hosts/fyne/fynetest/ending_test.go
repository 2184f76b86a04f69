package fynetest

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// In whatever way the app quits, its preferences are saved when the loop has ended, when the
// tasks have unwound, and when the program's hook has run.
func TestPreferencesAreSavedAfterAllThatMayWriteThem(t *testing.T) {
	for name, quit := range map[string]func(a fyne.App, g *guest.Guest) error{
		"main returns": func(fyne.App, *guest.Guest) error { return nil },
		"App.Quit":     func(a fyne.App, _ *guest.Guest) error { a.Quit(); return nil },
		"ErrQuit":      func(_ fyne.App, g *guest.Guest) error { g.Cancel(guest.ErrQuit); return nil },
		"the last window": func(a fyne.App, _ *guest.Guest) error {
			a.Driver().AllWindows()[0].Close()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			defer fyne.SetCurrentApp(fyne.CurrentApp())
			a := NewApp()
			var order []string
			note := func(what string) func() { return func() { order = append(order, what) } }
			a.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }).SetOnStoppedHookExecuted(note("save"))
			a.Lifecycle().SetOnStopped(note("hook"))
			err := fynehost.Run(a, func(ctx context.Context) error {
				a.NewWindow("one").Show()
				defer note("unwound")()
				g, _ := guest.FromContext(ctx)
				if err := quit(a, g); err != nil || name == "main returns" {
					return err
				}
				return guest.Park(ctx)
			}, nil)
			require.NoError(t, err)
			want := []string{"save", "unwound", "save", "hook", "save"}
			if name == "main returns" || name == "ErrQuit" { // tasks unwind while the loop runs
				want = []string{"unwound", "save", "hook", "save"}
			}
			require.Equal(t, want, slices.Compact(order)) // once more does no harm
		})
	}
}
