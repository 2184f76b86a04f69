//go:build cgo

package gtkhost_test

import (
	"sync"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

func TestEnterIsRefusedElsewhere(t *testing.T) {
	h := newHost(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		assert.PanicsWithValue(t, "gtkhost: Enter called on another thread than the host's; call it where the loop runs, or ran",
			func() { h.Enter(func() {}) })
	})
	wg.Wait()
	require.PanicsWithValue(t, "gtkhost: NewLoop called with a nil function; use New for a plain GMainLoop",
		func() { _, _ = gtkhost.NewLoop(nil, nil) })
}

func TestEveryCallOfEnterRuns(t *testing.T) {
	h := newHost(t)
	depths := map[int]bool{}
	look := func() { depths[host.CallbackDepth()] = true }
	h.Enter(func() { look(); h.Enter(look) })
	for range 3 {
		done := false
		glib.IdleAdd(func() { h.Enter(look); raise(func() { h.Enter(look); done = true }) })
		for !done {
			glib.MainContextDefault().Iteration(true)
		}
	}
	require.Len(t, depths, 1)
	var deep func(n int)
	deep = func(n int) {
		if n == 0 {
			assert.PanicsWithValue(t, "gtkhost: Enter called too deep in callbacks from C; call it before the loop, or after",
				func() { h.Enter(func() {}) })
			return
		}
		raise(func() { deep(n - 1) })
	}
	deep(20)
}
