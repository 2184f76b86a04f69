package glibhost_test

import (
	"testing"

	"github.com/golodger/lodger/host/hosttest"
	glibhost "github.com/golodger/lodger/hosts/glib"
	"github.com/golodger/lodger/hosts/glib/internal/event"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (*glibhost.Host, error) { return glibhost.New(), nil }, &hosttest.Options[*glibhost.Host]{
		Loop:  func(h *glibhost.Host) error { h.RunLoop(); return nil },
		Quit:  func(h *glibhost.Host) { event.Later(h.Quit) },
		Event: func(_ *glibhost.Host, fn func()) { event.Later(fn) },
	})
}

func TestHost(t *testing.T) { hosttest.Run(t) }

func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
