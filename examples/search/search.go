// Package search is a search as you type over a slow server, for a window to draw: see
// examples/search/fyne and examples/search/gtk. It knows no toolkit.
package search

import (
	"context"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A Query asks a server for what matches a text. It runs off the UI thread, may take as long as
// it likes, and may answer after a query that was asked later.
type Query func(ctx context.Context, text string) ([]string, error)

// Hits are what was found, and for which text.
type Hits struct {
	Text   string
	Titles []string
}

// A Search is what a window needs: Call with each text as it is typed, Cancel, Busy for a bar,
// and two values to bind. New makes one.
type Search struct {
	*flow.Action[string]
	Hits    *flow.Var[Hits]
	Problem *flow.Var[string] // why the last search has failed, or ""
}

// pause is how long the user must not type before a search begins.
const pause = 200 * time.Millisecond

// New returns a search that asks query, and ends with ctx. Any goroutine. Never waits.
func New(ctx context.Context, query Query) *Search {
	s := &Search{Hits: flow.NewVar(Hits{}), Problem: flow.NewVar("")}
	s.Action = flow.NewAction(ctx, func(ctx context.Context, text string) error {
		s.Problem.Set("")
		if text = strings.TrimSpace(text); text == "" {
			s.Hits.Set(Hits{})
			return nil
		}
		if err := guest.Sleep(ctx, pause); err != nil { // debounce: the next letter ends it
			return err
		}
		titles, err := guest.Background(ctx, func(ctx context.Context) ([]string, error) { return query(ctx, text) })
		if ctx.Err() != nil { // a newer text has come: neither hits nor a problem are of interest
			return err
		}
		if err != nil {
			s.Problem.Set(err.Error()) // and what was found before stays
			return nil
		}
		s.Hits.Set(Hits{text, titles})
		return nil
	}, flow.Restart)
	return s
}
