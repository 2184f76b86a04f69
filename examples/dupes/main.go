// Dupes finds files with equal content. Watch the progress line: the UI thread draws it while
// all other cores hash. Press Ctrl-C during a search: everything ends in order, dupes prints
// what it has found so far, and the exit code is 130.
//
//	go run ./examples/dupes ~/Pictures /usr/share
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// The program's exit codes.
const (
	fine        = 0
	failed      = 1
	misused     = 2
	interrupted = 130 // the usual code after Ctrl-C
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dupes", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	quiet := flags.Bool("q", false, "show no progress")
	version := flags.Bool("version", false, "print the version of Lodger")
	verbose := flags.Bool("v", false, "print all notes, not just the first of each kind")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: dupes [flags] DIR...\nFinds files with equal content in the given folders.")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return fine
	case err != nil:
		return misused
	case *version:
		fmt.Fprintln(stdout, "dupes with Lodger", guest.Version)
		return fine
	case flags.NArg() == 0:
		flags.Usage()
		return misused
	}

	progress := newProgress(stderr)
	progress.off = *quiet || *asJSON && !progress.live
	result, err := headless.Run(func(ctx context.Context) (*finder.Result, error) {
		return finder.Run(ctx, flags.Args(), progress.show)
	}, &guest.Options{Context: ctx})
	progress.clear()

	if result != nil {
		if err := write(result, stdout, *asJSON, *verbose); err != nil {
			return fail(stderr, err)
		}
		if result.Cancelled {
			return interrupted
		}
	}
	if err != nil {
		return fail(stderr, err)
	}
	return fine
}

func write(r *finder.Result, to io.Writer, asJSON, verbose bool) error {
	if asJSON {
		return r.WriteJSON(to)
	}
	return r.WriteText(to, verbose)
}

func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "dupes:", err)
	return failed
}
