// Fleet finds files with equal content on many machines. It is dupes, but agents list and read
// the files, over NATS JetStream. One command runs everything on this machine: a server, three
// agents in separate processes, and the search. Watch for these things: every agent works. If
// you kill an agent, another one takes over its job; the progress line shows the process
// numbers. The result is the same as that of dupes. Ctrl-C also stops the agents.
//
//	cd examples/fleet && go run . ~/Pictures ~/Documents /usr/share
//
// On a real cluster, start an agent on each machine, and then search from any machine. The README
// says how:
//
//	fleet -nats nats://server:4222 -agent attic photos=/srv/photos
//	fleet -nats nats://server:4222
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// The program's exit codes.
const (
	fine        = 0
	failed      = 1
	misused     = 2
	interrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f local.Flags
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print one JSON document")
	quiet := flags.Bool("q", false, "show no progress")
	f.Set(flags, stderr)
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return fine
	case err != nil:
		return misused
	}
	if err := f.Check(flags.Args()); err != nil {
		fmt.Fprintln(stderr, "fleet:", err)
		flags.Usage()
		return misused
	}
	if f.Agent != "" {
		return fail(stderr, f.RunAgent(ctx))
	}
	progress := &progress{to: stderr, off: *quiet}
	result, err := search(ctx, &f, progress)
	if result != nil {
		if err := write(result, stdout, *asJSON); err != nil {
			return fail(stderr, err)
		}
	}
	if ctx.Err() != nil && (result == nil || result.Cancelled) {
		return interrupted
	}
	return fail(stderr, err)
}

// search opens the fleet, searches it, and closes it.
func search(ctx context.Context, f *local.Flags, progress *progress) (*finder.Result, error) {
	opened, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return headless.Run(func(ctx context.Context) (*finder.Result, error) {
		fleet := machines.New(opened.Link)
		following := guest.Go(ctx, fleet.Follow)
		defer following.Cancel(nil)
		shares, err := fleet.Meet(ctx, f.Folders)
		if err != nil {
			return nil, err
		}
		return fleet.Search(ctx, shares, func(m *finder.Model) { progress.show(m, fleet.Roster, shares) })
	}, &guest.Options{Context: ctx})
}

func write(r *finder.Result, to io.Writer, asJSON bool) error {
	if asJSON {
		return r.WriteJSON(to)
	}
	return r.WriteText(to, false)
}

func fail(stderr io.Writer, err error) int {
	if err == nil {
		return fine
	}
	fmt.Fprintln(stderr, "fleet:", strings.TrimPrefix(err.Error(), "fleet: "))
	return failed
}
