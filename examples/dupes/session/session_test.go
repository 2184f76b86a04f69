package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

// A view whose user takes a second to choose a folder.
type view struct{ asked int }

func (v *view) Choose(ctx context.Context) (string, error) {
	v.asked++
	return "pictures", guest.Sleep(ctx, time.Second)
}

func (v *view) ShowError(_ context.Context, problem error) error { return problem }
func (v *view) Searching([]string)                               {}
func (v *view) Progress(*finder.Model)                           {}
func (v *view) Finished(*finder.Result)                          {}

func TestSecondClickOpensNoSecondDialog(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		v, searched := new(view), [][]string(nil)
		find := func(_ context.Context, folders []string, _ func(*finder.Model)) (*finder.Result, error) {
			searched = append(searched, folders)
			return new(finder.Result), nil
		}
		s := session.NewFind(ctx, v, find)
		s.Choose()
		s.Choose() // in the same turn
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Equal(t, 1, v.asked)
		require.Equal(t, [][]string{{"pictures"}}, searched)

		s.Choose()
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Equal(t, 2, v.asked)
	}, nil)
}
