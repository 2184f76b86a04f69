//go:build cgo

package main

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/golodger/lodger/examples/logview/internal/proof"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

// flooded is the proof, in the real window.
func flooded() {
	proof.Main(
		func(main func(ctx context.Context) error) error { return gtkui.Run(main, nil) },
		func(ctx context.Context) (*proof.Proof, *guest.Task) {
			v := open(ctx, 20_000)
			frames := func(ctx context.Context) iter.Seq2[time.Duration, error] { return gtkui.Frames(ctx, v.text) }
			return &proof.Proof{Log: v.log, Frames: frames, Shown: v.last}, v.collect
		})
}

// BenchmarkFlood plays it.
//
//	GODEBUG=gcshrinkstackoff=1 xvfb-run -a \
//	go test -run '^$' -bench . -benchtime 1x ./examples/logview/gtk
func BenchmarkFlood(b *testing.B) { proof.Benchmark(b) }
