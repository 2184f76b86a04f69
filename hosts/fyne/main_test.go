package fynehost_test

import (
	"testing"

	"github.com/golodger/lodger/host/hosttest"
	_ "github.com/golodger/lodger/hosts/fyne/auto"
	"github.com/golodger/lodger/internal/screentest"
)

// stories run on Fyne's real driver, each in a process of its own; the files that need them
// register them.
var stories = screentest.Stories{}

func TestMain(m *testing.M) {
	screentest.Main(stories)
	hosttest.Main(m, openForKit, &kitOptions)
}

func TestHost(t *testing.T) {
	screentest.NeedDisplay(t)
	hosttest.Run(t)
}

func BenchmarkHost(b *testing.B) {
	screentest.NeedDisplay(b)
	hosttest.Benchmark(b)
}
