package fynehost_test

import (
	"log"

	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// What README.md and docs show of a program with a loop of its own; TestQuit runs such programs.
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
	w := a.NewWindow("Notes")
	fynehost.QuitOnClose(g, w, nil)
	w.ShowAndRun()
	g.Finish()
}
