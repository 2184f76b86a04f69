package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/app"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

const foldersEnv = "FLEET_FOLDERS"

// TestMain lets this program be an agent, and play stories on a screen.
func TestMain(m *testing.M) {
	testfleet.FarmMain()
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		main()
		return
	}
	screentest.Main(screentest.Stories{"watched": watched, "flooded": flooded})
	os.Exit(m.Run())
}

// watched prints what the window shows of the search and of its agents.
func watched() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		v := open(ctx, a)
		guest.Go(ctx, func(ctx context.Context) error {
			said := map[string]bool{}
			say := func(line string) {
				if !said[line] {
					said[line] = true
					screentest.Say("%s", line)
				}
			}
			for guest.Sleep(ctx, time.Millisecond) == nil {
				word, _, _ := strings.Cut(v.status.Text, " ")
				say(word)
				say(v.agents.title.Text)
				say(v.summary.Text)
			}
			return nil
		})
		folders := filepath.SplitList(os.Getenv(foldersEnv))
		return v.run(ctx, &local.Flags{Agents: 3, Options: wire.Options{AckWait: 2 * time.Second}, Folders: folders})
	}, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// The story of the example on a real screen: a click kills an agent, and the others find
// everything.
func TestWindowOfAFleet(t *testing.T) {
	folders := testfleet.Folders(t, 3, 40)
	testfleet.Large(t, folders, 2, 200<<20)
	want := testfleet.Here(t, folders)
	p := screentest.Start(t, "watched", foldersEnv+"="+strings.Join(folders, string(filepath.ListSeparator)))
	w := screentest.Window(t, "Fleet")
	p.Hear("3 of 3 agents")
	p.Hear("Comparing")
	p.ClickUntil("2 of 3 agents", w, "363", "145")
	p.Hear(want.Sum())
	screentest.CloseWindow(t, w)
	p.Ended(0)
}

func TestWindowClosedInTheMiddle(t *testing.T) {
	folders := testfleet.Folders(t, 2, 10)
	testfleet.Large(t, folders, 2, 8<<30)
	p := screentest.Start(t, "watched", foldersEnv+"="+strings.Join(folders, string(filepath.ListSeparator)))
	w := screentest.Window(t, "Fleet")
	p.Hear("Comparing")
	screentest.CloseWindow(t, w)
	p.Ended(0)
	require.NoError(t, p.Err)
}
