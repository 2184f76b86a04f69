//go:build cgo

// Clock is the smallest GTK program with tasks. Watch for these things: a task sleeps in one
// line and then sets the label. It keeps running while the dialog is open, although
// gtk.Dialog.Run runs a nested main loop. Closing the window ends everything in order.
//
//	go run ./examples/clock
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

func main() {
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w, _ := gtk.WindowNew(gtk.WINDOW_TOPLEVEL) // GTK makes these or ends the process
		w.SetTitle("Clock")
		button, _ := gtk.ButtonNew()
		button.Connect("clicked", func() {
			dialog := gtk.MessageDialogNew(w, gtk.DIALOG_MODAL, gtk.MESSAGE_INFO, gtk.BUTTONS_CLOSE, "The clock keeps running.")
			dialog.Run() // called in a handler, as usual
			dialog.Destroy()
		})
		w.Add(button)
		gtkui.QuitOnClose(g, w, nil)
		w.ShowAll()
		for {
			button.SetLabel(time.Now().Format("15:04:05.0"))
			if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
				return nil // the window was closed
			}
		}
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
