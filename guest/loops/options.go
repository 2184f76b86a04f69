package loops

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Options adjust a loop. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Kind protects the loop: it takes only work of this kind (see Loop.For). Empty means that
	// it takes all.
	Kind string

	// Guest are the options of the loop's guest. It is private in any case. A nil Context means
	// that of the scope the loop is made in, so that it ends with it; an empty Name the loop's;
	// a nil Parent the guest, if there is one, of the context that it was made with (for Get,
	// of the root's): so the window's OnError hears of unobserved errors in the loop.
	Guest *guest.Options
}

func (o *Options) kind() string {
	if o == nil {
		return ""
	}
	return o.Kind
}

func (o *Options) guest(ctx context.Context, id string, parent *guest.Guest) *guest.Options {
	var g guest.Options
	if o != nil && o.Guest != nil {
		g = *o.Guest
	}
	if g.Context == nil {
		g.Context = ctx
	}
	if g.Name == "" {
		g.Name = id
	}
	if g.Parent == nil {
		g.Parent = parent
	}
	g.Private = true
	return &g
}
