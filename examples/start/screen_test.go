package main

import (
	"testing"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(screentest.Stories{"start": func() int { main(); return 0 }})
	m.Run()
}

func TestStartOnAScreen(t *testing.T) {
	p := screentest.Start(t, "start")
	screentest.CloseWindow(t, screentest.Window(t, "Search"))
	p.Ended(0)
}
