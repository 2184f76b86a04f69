// Dupes in a terminal: the same session as in the windows of Fyne and GTK, in a Bubble Tea
// program. Watch for: the keys work while all other cores hash; c cancels and keeps what was
// found so far.
//
//	go run ./dupes ~/Pictures
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/guest"
	teahost "github.com/golodger/lodger/hosts/bubbletea"
)

func main() {
	if err := teahost.Run(dupes(os.Args[1:])); err != nil {
		fmt.Fprintln(os.Stderr, "dupes:", err)
		os.Exit(1)
	}
}

// dupes shows the face, and searches the folders if there are any. It runs until q or Ctrl+C.
func dupes(folders []string) func(ctx context.Context, ui *teahost.UI) error {
	return func(ctx context.Context, ui *teahost.UI) error {
		f := &face{ui: ui}
		s := session.New(ctx, f)
		g, _ := guest.FromContext(ctx)
		f.keys = map[string]func(){
			"o":    s.Choose,
			"c":    s.Cancel,
			"q":    func() { g.Cancel(guest.ErrQuit) },
			"up":   func() { f.move(-1) },
			"down": func() { f.move(+1) },
		}
		ui.Show(teahost.Panel{View: f.draw, Key: f.key})
		if len(folders) > 0 {
			s.Start(folders)
		}
		return guest.Park(ctx)
	}
}
