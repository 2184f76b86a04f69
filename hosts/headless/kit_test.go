package headless

import (
	"testing"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (host.Mainloop, error) { return New(), nil })
}

func TestKit(t *testing.T) { hosttest.Run(t) }

func BenchmarkKit(b *testing.B) { hosttest.Benchmark(b) }
