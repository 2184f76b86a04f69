//go:build cgo

package gtkui_test

import (
	"context"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("twice", twice)
	stories.Add("instance", instance)
	stories.Add("misspelt", misspelt)
	stories.Add("opens a file", opensAFile)
}

func TestNilApplicationsAndGuestsAreRefused(t *testing.T) {
	require.PanicsWithValue(t, "gtkui: RunApplication called with a nil application; make one with gtk.ApplicationNew",
		func() { _ = gtkui.RunApplication(nil, nil, nil, nil) })
	require.PanicsWithValue(t, "gtkui: Hold called with a nil guest or application; pass both", func() { gtkui.Hold(nil, nil) })
}

// twice runs one application after the other has ended, then the same once more, and one inside
// another.
func twice() int {
	say := func(ctx context.Context) error {
		screentest.Say("main")
		return guest.Yield(ctx)
	}
	app := newApplication()
	screentest.Say("%v", gtkui.RunApplication(app, nil, say, nil))
	screentest.Say("%v", gtkui.RunApplication(app, nil, say, nil))
	screentest.Say("%v", gtkui.RunApplication(newApplication(), nil, func(ctx context.Context) error {
		return guest.Modal(ctx, func() { screentest.Say("inner %v", gtkui.RunApplication(newApplication(), nil, say, nil)) })
	}, nil))
	return 0
}

func TestApplicationsRunOneAfterTheOther(t *testing.T) {
	require.Equal(t, "main\n<nil>\ngtkui: RunApplication called again for an application that has quit; make a new one, since GTK runs an application once\n"+
		"main\ninner <nil>\n<nil>\n", screentest.Start(t, "twice").Ended(0))
}

// instance is one instance of an application that may run once in a session.
func instance() int {
	app := must(gtk.ApplicationNew("org.golodger.instance", glib.APPLICATION_FLAGS_NONE))
	times := 0
	app.Connect("activate", func() { times++; screentest.Say("activated: %d", times) })
	err := gtkui.RunApplication(app, nil, func(ctx context.Context) error {
		screentest.Say("main")
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// The second instance activates the first, and ends.
func TestSecondInstanceHandsOverAndEnds(t *testing.T) {
	session := screentest.SessionBus(t)
	first := screentest.Start(t, "instance", session)
	first.Hear("main")
	require.Equal(t, "<nil>\n", screentest.Start(t, "instance", session).Ended(0))
	first.Hear("activated: 2")
}

// misspelt is an application that is called with an option that it does not know.
func misspelt() int {
	err := gtkui.RunApplication(newApplication(), []string{"program", "--nonsense"}, func(context.Context) error {
		screentest.Say("main")
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestMainDoesNotBeginWhenAnApplicationIsNotActivated(t *testing.T) {
	text := screentest.Start(t, "misspelt").Ended(0)
	require.NotContains(t, text, "main\n")
	require.Contains(t, text, "gtkui: the application ended with exit code 1\n")
}

// opensAFile is an application that is called with a file, and so is not activated.
func opensAFile() int {
	app := must(gtk.ApplicationNew("org.golodger.opens", glib.APPLICATION_NON_UNIQUE|glib.APPLICATION_HANDLES_OPEN))
	err := gtkui.RunApplication(app, []string{"program", "file"}, func(context.Context) error {
		screentest.Say("main")
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestMainBeginsWhenAnApplicationIsToOpenFiles(t *testing.T) {
	require.Equal(t, "main\n<nil>\n", screentest.Start(t, "opens a file").Ended(0))
}
