// Fleet in a window: many machines search their folders, and the window shows what each one is
// doing. Watch for these things: every agent works. "Kill" ends an agent of this machine during
// its work, and another agent takes over its job. The window stays responsive, even with many
// agents. Cancel stops all agents. Closing the window ends everything in order.
//
//	cd examples/fleet && go run ./fyne ~/Pictures ~/Documents /usr/share
//
// With -nats URL the window shows the agents of a real cluster. The package comment of
// examples/fleet explains how to start them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	var f local.Flags
	flags := flag.NewFlagSet("fleet", flag.ExitOnError)
	f.Set(flags, os.Stderr)
	_ = flags.Parse(os.Args[1:]) // exits on an error
	if err := f.Check(flags.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		flags.Usage()
		os.Exit(2)
	}
	run := window
	if f.Agent != "" {
		run = func(f *local.Flags) error { return f.RunAgent(context.Background()) }
	}
	if err := run(&f); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// window opens the window. It returns when the window is closed and everything has ended.
func window(f *local.Flags) error {
	a := app.NewWithID("com.github.golodger.fleet")
	return fynehost.Run(a, func(ctx context.Context) error { return open(ctx, a).run(ctx, f) }, nil)
}

// run opens a fleet and searches it until the window is closed. Must be called in main's task.
// Waits.
func (v *view) run(ctx context.Context, f *local.Flags) error {
	opened, err := guest.Background(ctx, func(ctx context.Context) (*local.Opened, error) {
		o, err := f.Open(ctx)
		if err == nil { // here, so that the fleet is closed even if the window closes meanwhile
			err = guest.Cleanup(ctx, func(ctx context.Context) { closeFleet(ctx, o) })
		}
		return o, err
	})
	if err == nil {
		fleet := machines.New(opened.Link)
		guest.Go(ctx, fleet.Follow)
		err = v.serve(ctx, fleet, f.Folders, opened.Kill)
	}
	if err != nil && ctx.Err() == nil {
		return fynehost.ShowError(ctx, v.window, err)
	}
	return guest.Park(ctx)
}

// closeFleet stops the server and the agents of this machine. The window stays responsive
// meanwhile.
func closeFleet(ctx context.Context, o *local.Opened) {
	_ = guest.BackgroundFunc(ctx, func(context.Context) error { o.Close(); return nil })
}

var _ fleet = (*machines.Fleet)(nil)

// A fleet is what the window shows: machines.Fleet, or a simulation in a test.
type fleet interface {
	Meet(ctx context.Context, shares []string) ([]string, error)
	Search(ctx context.Context, shares []string, changed func(*finder.Model)) (*finder.Result, error)
	Agents() []*machines.Agent
	Shares() []string
	Missing(shares []string) string
	OnChange(func())
}
