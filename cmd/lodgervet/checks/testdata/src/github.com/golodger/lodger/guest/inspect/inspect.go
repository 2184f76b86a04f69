// Package inspect is a stub: the names and types of the real one, as far as the tests need them.
package inspect

import (
	"context"
	"io"

	"github.com/golodger/lodger/guest"
)

func Dump(ctx context.Context, w io.Writer, g *guest.Guest) error { return nil }
