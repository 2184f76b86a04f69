package fynehost_test

import (
	"log"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/twins"
)

func init() {
	stories.Add("template", func() int {
		return twins.Template(Example_ownLoop, func() { fyne.CurrentApp().Quit() })
	})
}

// README.md and docs show this program, which runs its own loop.
func Example_ownLoop() {
	a := app.NewWithID("org.example.notes")
	h, err := fynehost.New(a)
	if err != nil {
		log.Fatal(err)
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Finish() // also after a panic, to report what is left
	w := a.NewWindow("Notes")
	fynehost.QuitOnClose(g, w, nil)
	w.ShowAndRun()
	if r := g.Finish(); r.Err != nil {
		log.Fatal(r.Err)
	}
}

func TestProgramOfThePagesEnds(t *testing.T) { twins.TestTemplate(t, "template") }
