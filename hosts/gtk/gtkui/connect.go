//go:build cgo

package gtkui

import (
	"context"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// needGuest panics for a context without a guest.
func needGuest(ctx context.Context, verb string) *guest.Guest {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("gtkui: " + verb + " called with a context without a guest; pass the context of a task")
	}
	return g
}

// connectUntil connects handler until ctx is done. The handler may still be called shortly after
// that, and must check ctx itself.
func connectUntil(ctx context.Context, o gtkhost.Object, signal string, handler any) {
	g := needGuest(ctx, "Connect")
	disconnect := gtkhost.Connect(o, signal, handler)
	context.AfterFunc(ctx, func() { _ = g.Post(disconnect) })
}
