package main

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(map[string]func() int{"start": func() int { main(); return 0 }})
	m.Run()
}

func TestSearch(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a))
		u.Type("Fruit", "b")
		u.Type("Fruit", "berry") // before the first answer
		u.See("2 hits")
		u.See("blueberry")
	}, nil)
}

func TestStartOnAScreen(t *testing.T) {
	p := screentest.Start(t, "start")
	screentest.CloseWindow(t, screentest.Window(t, "Search"))
	p.Ended(0)
}
