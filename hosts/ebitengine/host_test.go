package ebitenhost

import (
	"os"
	"runtime"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"github.com/golodger/lodger/host/hosttest"
)

// blank is a game without anything.
type blank struct {
	ticks int
	event chan func() // the game's own
	over  bool
}

func (b *blank) Update() error {
	b.ticks++
	select {
	case fn := <-b.event:
		fn()
	default:
	}
	if b.over {
		return ebiten.Termination
	}
	return nil
}

func (b *blank) Draw(*ebiten.Image) {}

func (b *blank) Layout(int, int) (int, int) { return 320, 240 }

func newBlank() (*Host, error) {
	ebiten.SetTPS(1000) // the kit is in a hurry
	ebiten.SetVsyncEnabled(false)
	return New(&blank{event: make(chan func(), 1)}), nil
}

func TestMain(m *testing.M) {
	if story := stories[os.Getenv("EBITEN_STORY")]; story != nil {
		story() // it ends the process
	}
	hosttest.Main(m, newBlank, &hosttest.Options[*Host]{
		Loop:  (*Host).RunGame,
		Quit:  func(h *Host) { h.game.(*blank).over = true },
		Event: func(h *Host, fn func()) { h.game.(*blank).event <- fn },
	})
}

func needDisplay(t testing.TB) {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no display; use xvfb-run")
		}
		t.Skip("there is no display")
	}
}

func TestHost(t *testing.T) { needDisplay(t); hosttest.Run(t) }

func TestOrdeal(t *testing.T) { needDisplay(t); hosttest.Ordeal(t) }

func BenchmarkHost(b *testing.B) { needDisplay(b); hosttest.Benchmark(b) }
