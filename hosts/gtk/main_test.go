//go:build cgo

package gtkhost_test

import (
	"testing"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/host/hosttest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	_ "github.com/golodger/lodger/hosts/gtk/auto"
)

// A looped host has a main loop that the tests can quit behind its back.
type looped struct {
	*gtkhost.Host
	loop *glib.MainLoop
}

func newLooped() (*looped, error) {
	loop := glib.MainLoopNew(nil, false)
	h, err := gtkhost.NewLoop(loop.Run, loop.Quit)
	return &looped{h, loop}, err
}

func TestMain(m *testing.M) {
	hosttest.Main(m, newLooped, &hosttest.Options[*looped]{
		Loop:  func(l *looped) error { l.loop.Run(); return nil },
		Quit:  func(l *looped) { l.loop.Quit() },
		Event: func(_ *looped, fn func()) { glib.TimeoutAdd(1, func() bool { fn(); return false }) },
	})
}

func TestHost(t *testing.T) { hosttest.Run(t) }

func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
