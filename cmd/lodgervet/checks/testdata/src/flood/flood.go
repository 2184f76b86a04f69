package flood

import (
	"bufio"
	"context"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func producers(ctx context.Context, g *guest.Guest, s *bufio.Scanner, names []string) {
	go func() {
		for s.Scan() {
			g.Post(func() {}) // want `Post in a loop that never waits`
		}
	}()
	go func() {
		for s.Scan() {
			if s.Text() != "" {
				g.Post(func() {}) // want `Post in a loop that never waits`
				continue
			}
		}
	}()
	go func() {
		for i := 0; ; i++ {
			g.Post(func() {}) // want `Post in a loop that never waits`
		}
	}()
	guest.Background(ctx, func(ctx context.Context) (int, error) {
		for {
			guest.RunOnMain(ctx, func() {}) // want `RunOnMain in a loop that never waits`
		}
	})
	// Near misses.
	go func() {
		for s.Scan() {
			g.Post(func() {})
			time.Sleep(time.Second)
		}
		for range names {
			g.Post(func() {})
		}
		for range time.Tick(time.Second) {
			g.Post(func() {})
		}
		for s.Scan() {
			if s.Text() == "" {
				g.Post(func() {}) // once
				break
			}
		}
		for i := 0; i < 3; i++ {
			g.Post(func() {})
		}
	}()
	guest.Background(ctx, func(ctx context.Context) (int, error) {
		for s.Scan() {
			guest.RunOnMain(ctx, func() {})
			guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { return 0, nil })
		}
		return 0, nil
	})
}

func actions(ctx context.Context, s *bufio.Scanner, save *flow.Action[string]) {
	for s.Scan() {
		save.Call(s.Text())
		guest.RunOnMain(ctx, func() {}) // want `RunOnMain in a loop that never waits`
	}
	for s.Scan() { // near miss: Run waits
		if save.Run(ctx, s.Text()) == nil {
			guest.RunOnMain(ctx, func() {})
		}
	}
}
