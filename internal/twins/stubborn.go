package twins

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// stubborn has a task that never ends.
func (kit *Toolkit[W]) stubborn() int {
	log := new(screentest.Log)
	err := kit.run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w, _ := kit.Window("stubborn", "nothing", func() {})
		kit.QuitOnClose(g, w, nil)
		guest.Go(ctx, func(ctx context.Context) error {
			for {
				_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
			}
		})
		context.AfterFunc(ctx, func() {
			screentest.Say("closing")
			time.Sleep(6 * time.Second) // both toolkits wait for five
			screentest.Say("long")
		})
		screentest.Say("ready")
		return guest.Park(ctx)
	}, &guest.Options{Logger: log.Logger(), Grace: time.Second})
	screentest.Say("quit: %v; log: %s", guest.IsQuit(err), log.Text())
	return ExitCode
}

func (kit *Toolkit[W]) testStubborn(t *testing.T, name string) {
	p := start(t, name, "Run")
	p.Hear("ready")
	w := screentest.Window(t, "stubborn")
	screentest.CloseWindow(t, w)
	p.Hear("closing")
	screentest.CloseWindow(t, w) // too early
	p.Hear("long")
	screentest.CloseWindow(t, w)
	text := ended(t, p)
	require.Contains(t, text, "some tasks have not ended")
	require.Contains(t, text, "stubborn.func", "the task is named")
}
