package tviewhost

import (
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"github.com/golodger/lodger/host/hosttest"
)

func newSimulated() (*Host, error) {
	screen := tcell.NewSimulationScreen("UTF-8")
	return New(tview.NewApplication().SetScreen(screen)), nil
}

func TestMain(m *testing.M) {
	hosttest.Main(m, newSimulated, &hosttest.Options[*Host]{
		Loop:  (*Host).RunApp,
		Quit:  func(h *Host) { h.app.Stop() },
		Event: func(h *Host, fn func()) { go h.app.QueueUpdate(fn) },
	})
}

func TestHost(t *testing.T) { hosttest.Run(t) }

func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
