package main

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/examples/logview/internal/proof"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// flooded is the proof, in the real window.
func flooded() {
	var a fyne.App
	proof.Main(
		func(main func(ctx context.Context) error) error {
			a = app.NewWithID("test")
			return fynehost.Run(a, main, nil)
		},
		func(ctx context.Context) (*proof.Proof, *guest.Task) {
			v := open(ctx, a, 20_000)
			return &proof.Proof{Log: v.log, Frames: fynehost.Frames, Shown: v.last}, v.collect
		})
}

// BenchmarkFlood plays it.
//
//	xvfb-run -a go test -run '^$' -bench . -benchtime 1x ./examples/logview/fyne
func BenchmarkFlood(b *testing.B) { proof.Benchmark(b) }
