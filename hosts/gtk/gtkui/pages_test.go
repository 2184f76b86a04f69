//go:build cgo

package gtkui_test

import (
	"log"
	"testing"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/twins"
)

func init() {
	stories.Add("template", func() int { return twins.Template(Example_ownLoop, gtk.MainQuit) })
}

// The pages in docs show this program, which runs its own loop.
func Example_ownLoop() {
	gtk.Init(nil)
	h, err := gtkhost.New()
	if err != nil {
		log.Fatal(err)
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Finish() // also after a panic, to report what is left
	w, err := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
	if err != nil {
		log.Fatal(err)
	}
	gtkui.QuitOnClose(g, w, nil)
	w.ShowAll()
	gtk.Main()
	if r := g.Finish(); r.Err != nil {
		log.Fatal(r.Err)
	}
}

func TestProgramOfThePagesEnds(t *testing.T) { twins.TestTemplate(t, "template") }
