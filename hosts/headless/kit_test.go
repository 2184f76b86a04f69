package headless

import (
	"testing"

	"github.com/golodger/lodger/host/hosttest"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (*Loop, error) { return New(), nil }, &hosttest.Options[*Loop]{
		Quit:   (*Loop).Quit,
		Event:  (*Loop).RunSyncSoonThreadsafe,
		Bubble: true,
	})
}

func TestKit(t *testing.T) { hosttest.Run(t) }

func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

func BenchmarkKit(b *testing.B) { hosttest.Benchmark(b) }
