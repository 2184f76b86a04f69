//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("next loop", nextLoop)
	stories.Add("two guests", twoGuests)
	stories.Add("two applications", twoApplications)
}

// twoApplications runs applications one after the other. GLib's default application stays the
// first one.
func twoApplications() int {
	for _, id := range []string{"org.golodger.one", "org.golodger.two"} {
		app := must(gtk.ApplicationNew(id, glib.APPLICATION_NON_UNIQUE))
		g := must(guest.Start(must(gtkui.New()), nil, nil))
		app.Connect("activate", func() {
			w := must(gtk.ApplicationWindowNew(app))
			w.ShowAll()
			gtkui.QuitWhenDone(g)
			g.Go(func(context.Context) error { g.Cancel(nil); return nil })
		})
		code := app.Run(nil)
		screentest.Say("%d %v", code, g.Finish().Err)
	}
	return exitCode
}

func TestSecondApplicationQuits(t *testing.T) {
	require.Equal(t, "0 <nil>\n0 <nil>\n", screentest.Start(t, "two applications").Ended(exitCode))
}

// nextLoop runs gtk.Main again and again. What quits one must not be left to the next.
func nextLoop() int {
	if gtk.InitCheck(nil) != nil {
		panic("no display")
	}
	for _, end := range []func(g *guest.Guest){
		func(*guest.Guest) { gtk.MainQuit() },
		func(g *guest.Guest) { gtk.MainQuit(); g.Cancel(guest.ErrQuit) },
		func(g *guest.Guest) { g.Cancel(guest.ErrQuit); gtk.MainQuit() },
		func(g *guest.Guest) { g.Cancel(guest.ErrQuit) },
	} {
		g := must(guest.Start(must(gtkui.New()), nil, nil))
		gtkui.QuitWhenDone(g)
		g.Go(func(ctx context.Context) error { end(g); return guest.Park(ctx) })
		gtk.Main()
		if err := g.Finish().Err; err != nil {
			panic(err)
		}
		gtkui.QuitWhenDone(g)
		begun := time.Now()
		next := must(guest.Start(must(gtkui.New()), func(ctx context.Context) error {
			return guest.Sleep(ctx, 50*time.Millisecond)
		}, nil))
		gtkui.QuitWhenDone(next)
		gtk.Main()
		screentest.Say("%v, by itself: %v", next.Finish().Err, time.Since(begun) >= 50*time.Millisecond)
	}
	return exitCode
}

func TestTheNextLoopIsLeftAlone(t *testing.T) {
	const good = "<nil>, by itself: true\n"
	require.Equal(t, good+good+good+good, screentest.Start(t, "next loop").Ended(exitCode))
}

// twoGuests has a second guest in the loop that Run runs for the first: the end of the second
// ends the loop, too, as it was told to; and a guest that has ended already does so at once.
func twoGuests() int {
	err := gtkui.Run(func(ctx context.Context) error {
		g := must(guest.Start(must(gtkui.New()), func(ctx context.Context) error {
			return guest.Sleep(ctx, 10*time.Millisecond)
		}, nil))
		if os.Getenv("LATE") != "" {
			if err := g.Wait(ctx); err != nil {
				return err
			}
		}
		gtkui.QuitWhenDone(g)
		err := guest.Park(ctx)
		screentest.Say("%v", context.Cause(ctx))
		return err
	}, nil)
	screentest.Say("%v", err)
	return exitCode
}

func TestASecondGuestQuitsTheLoopOfTheFirst(t *testing.T) {
	for _, env := range []string{"LATE=", "LATE=1"} {
		require.Equal(t, "guest: the host's loop has ended\n<nil>\n", screentest.Start(t, "two guests", env).Ended(exitCode))
	}
}
