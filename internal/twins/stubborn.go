package twins

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// stubborn has a task that never ends. Either it says where the button is that ends the program
// nevertheless, or it presses that, as HOW says.
func (kit *Toolkit[W]) stubborn() int {
	log, how := new(screentest.Log), os.Getenv("HOW")
	err := kit.run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w, _ := kit.Window("stubborn", "press", func() {})
		kit.QuitOnClose(g, w, nil)
		quit := kit.QuitOnClose(g, w, nil) // and one cover is enough
		task := guest.Go(ctx, func(ctx context.Context) error {
			if how == "clicked" {
				kit.Busy(ctx, w, func() { select {} })
			}
			for {
				_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
			}
		})
		_ = guest.Yield(ctx)
		quit() // in GTK a window below a modal dialog can't be closed
		_ = guest.Park(ctx)
		title, x, y, press := kit.LastResort(w)
		for ; press == nil; title, x, y, press = kit.LastResort(w) {
			_ = guest.Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
		}
		if how == "pressed" {
			_ = g.Post(press)
		}
		screentest.Say("\nwindow %s\nx %d\ny %d\nusable", title, x, y)
		return task.Wait(context.WithoutCancel(ctx))
	}, &guest.Options{Logger: log.Logger(), Grace: time.Second})
	screentest.Say("%v; log: %s", err, log.Text())
	return ExitCode
}

func (kit *Toolkit[W]) testStubborn(t *testing.T, name string) {
	t.Run("clicked", func(t *testing.T) {
		p := start(t, name, "Run", "HOW=clicked")
		p.Hear("usable")
		_, title, _ := strings.Cut(p.Text(), "\nwindow ")
		title, _, _ = strings.Cut(title, "\n")
		w := screentest.Window(t, title)
		x, y := screentest.Figure(t, p.Text(), "x"), screentest.Figure(t, p.Text(), "y")
		screentest.Click(t, w, fmt.Sprint(x), fmt.Sprint(y))
		wasStubborn(t, p)
	})
	for loop := range kit.Runs {
		t.Run("pressed in "+loop, func(t *testing.T) {
			t.Parallel() // nothing is clicked, and it takes its time
			wasStubborn(t, start(t, name, loop, "HOW=pressed"))
		})
	}
}

func wasStubborn(t *testing.T, p *screentest.Player) {
	text := ended(t, p)
	require.Contains(t, text, "some tasks have not ended")
	require.Contains(t, text, "stubborn.func", "the task is named")
}
