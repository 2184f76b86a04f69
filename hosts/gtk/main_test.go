//go:build cgo

package gtkhost_test

import (
	"testing"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	_ "github.com/golodger/lodger/hosts/gtk/auto"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (host.Mainloop, error) { return host.Open("gtk") }, nil)
}

func TestHost(t *testing.T) { hosttest.Run(t) }

func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
