// Package search implements search as you type over a slow server. It does not depend on a
// toolkit. examples/search/fyne and examples/search/gtk draw its window.
package search

import (
	"context"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A Query asks a server for the titles that match a text. It runs off the UI thread. It may take
// any time, and may answer after a query that began later.
type Query func(ctx context.Context, text string) ([]string, error)

// Hits are the titles that were found, and the text that they match.
type Hits struct {
	Text   string
	Titles []string
}

// A Search has everything that the window needs: Call for each text that the user types, Cancel,
// Busy for a bar, and two values to bind. New makes one.
type Search struct {
	*flow.Action[string]
	Hits    *flow.Var[Hits]
	Problem *flow.Var[string] // why the last search has failed, or ""
}

// pause is the time after the last key until a search begins.
const pause = 200 * time.Millisecond

// New returns a search that calls query, and ends with ctx. Any goroutine. Never waits.
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
		if ctx.Err() != nil { // there is a newer text: drop the hits or the error
			return ctx.Err()
		}
		if err != nil {
			s.Problem.Set(err.Error()) // the previous hits stay
			return nil
		}
		s.Hits.Set(Hits{text, titles})
		return nil
	}, flow.Restart)
	return s
}
