//go:build cgo

package gtkui_test

import (
	"log"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

// A program that keeps its own loop: what docs/migrating.md shows.
func ExampleQuitOnClose_ownLoop() {
	gtk.Init(nil)
	h, err := gtkhost.New()
	if err != nil {
		log.Fatal(err)
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	w, err := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
	if err != nil {
		log.Fatal(err)
	}
	gtkui.QuitOnClose(g, w, nil)
	w.ShowAll()
	gtk.Main()
	g.Finish()
}
