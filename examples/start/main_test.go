package main

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

func TestSearch(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		u := fynetest.NewUser(ctx, t, open(ctx, a))
		u.Type("Fruit", "b")
		u.Type("Fruit", "berry") // before the first answer
		u.See("2 hits")
		u.See("blueberry")
	}, nil)
}
