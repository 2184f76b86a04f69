package fynehost_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	_ "github.com/golodger/lodger/hosts/fyne/auto"
	"github.com/golodger/lodger/internal/screentest"
)

// stories run on Fyne's real driver, each in a process of its own; the files that need them
// register them.
var stories = map[string]func() int{}

func TestMain(m *testing.M) {
	screentest.Main(stories)
	hosttest.Main(m, func() (host.Mainloop, error) { return host.Open("fyne") }, &hosttest.Options[host.Mainloop]{
		Loop:  func(host.Mainloop) error { fyne.CurrentApp().Run(); return nil },
		Quit:  func(host.Mainloop) { fyne.CurrentApp().Quit() },
		Event: func(_ host.Mainloop, fn func()) { fyne.Do(fn) },
	})
}

func TestHost(t *testing.T) {
	screentest.NeedDisplay(t)
	hosttest.Run(t)
}

func BenchmarkHost(b *testing.B) {
	screentest.NeedDisplay(b)
	hosttest.Benchmark(b)
}
