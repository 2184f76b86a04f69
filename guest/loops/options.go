package loops

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Options adjust a loop. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Kind protects the loop: it takes only work of this kind (see Loop.For). Empty means that
	// it takes all work.
	Kind string

	// Guest holds the options of the loop's guest, which is always private. A nil Context means
	// the context of the loop's scope, so the loop ends with its scope. An empty Name means the
	// loop's name. A nil Parent means the guest of the context that the loop was made with, if
	// there is one; for Get that is the context of the root scope. So the window's OnError gets
	// the loop's unobserved errors.
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
