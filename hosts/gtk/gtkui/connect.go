//go:build cgo

package gtkui

import (
	"context"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// needGuest refuses a context that was not made by a guest.
func needGuest(ctx context.Context, verb string) *guest.Guest {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("gtkui: " + verb + " called with a context without a guest; pass that of a task")
	}
	return g
}

// connectUntil connects handler until ctx is done. The handler may still be called shortly after
// that, and must see for itself.
func connectUntil(ctx context.Context, o gtkhost.Object, signal string, handler any) {
	g := needGuest(ctx, "Connect")
	disconnect := gtkhost.Connect(o, signal, handler)
	context.AfterFunc(ctx, func() { _ = g.Post(disconnect) })
}
