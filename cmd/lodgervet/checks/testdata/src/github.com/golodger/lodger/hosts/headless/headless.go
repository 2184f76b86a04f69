// Package headless is a stub: the names and types of the real one, as far as the tests need them.
package headless

import (
	"context"

	"github.com/golodger/lodger/guest"
)

type Loop struct{}

func (l *Loop) Mainloop(startGuest func() error) error { return nil }

func New() *Loop { return nil }

func Run[T any](main func(ctx context.Context) (T, error), opts *guest.Options) (T, error) {
	return main(context.Background())
}
