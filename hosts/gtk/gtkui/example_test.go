//go:build cgo

package gtkui_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("ExampleRun", func() int { ExampleRun(); return 0 })
	stories.Add("ExampleRunApplication", func() int { ExampleRunApplication(); return 0 })
	stories.Add("ExampleWithWindow", func() int { ExampleWithWindow(); return 0 })
	stories.Add("ExampleRunApplication_windows", func() int { ExampleRunApplication_windows(); return 0 })
	stories.Add("ExampleDialog", func() int { ExampleDialog(); return 0 })
}

// A window whose close button is a request: the task unwinds, and then the loop quits.
func ExampleRun() {
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		w, _ := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
		w.SetTitle("notes")
		gtkui.QuitOnClose(g, w, nil)
		w.ShowAll()
		defer fmt.Println("saved")
		return guest.Park(ctx) // until it is closed
	}, nil)
	fmt.Println(err)
}

// An application of its own: the task may make windows at once, and the application lives until
// the task has ended.
func ExampleRunApplication() {
	app, _ := gtk.ApplicationNew("org.example.notes", glib.APPLICATION_NON_UNIQUE)
	err := gtkui.RunApplication(app, nil, func(ctx context.Context) error {
		w, _ := gtk.ApplicationWindowNew(app)
		w.SetTitle("notes")
		return gtkui.WithWindow(ctx, &w.Window, func(ctx context.Context) error {
			w.ShowAll()
			return guest.Park(ctx)
		})
	}, nil)
	fmt.Println(err)
}

// A dialog of the program's own is asked in a plain line. Others go on meanwhile; a cancelled
// task takes its dialog away.
func ExampleDialog() {
	err := gtkui.Run(func(ctx context.Context) error {
		d, _ := gtk.DialogNew()
		d.SetTitle("notes")
		d.AddButton("Keep", gtk.RESPONSE_YES)
		d.AddButton("Drop", gtk.RESPONSE_NO)
		defer d.Destroy()
		answer, err := gtkui.Ask(ctx, d)
		fmt.Println(answer == gtk.RESPONSE_DELETE_EVENT, err) // of its close button
		return err
	}, nil)
	fmt.Println(err)
}

func TestExamples(t *testing.T) {
	screentest.NeedDisplay(t)
	for name, says := range map[string]string{
		"ExampleRun":            "saved\n<nil>\n",
		"ExampleRunApplication": "<nil>\n",
		"ExampleDialog":         "true <nil>\n<nil>\n",
	} {
		t.Run(name, func(t *testing.T) {
			p := screentest.Start(t, name)
			screentest.CloseWindow(t, screentest.Window(t, "notes"))
			require.Equal(t, says, p.Ended(0))
		})
	}
}

// Each window goes alone, and the last one takes the program along.
func TestProgramEndsWithItsLastWindow(t *testing.T) {
	for _, name := range []string{"ExampleWithWindow", "ExampleRunApplication_windows"} {
		for _, first := range []string{"notes", "drafts"} {
			t.Run(name+"/"+first, func(t *testing.T) {
				last := map[string]string{"notes": "drafts", "drafts": "notes"}[first]
				p := screentest.Start(t, name)
				ids := []string{screentest.Window(t, first), screentest.Window(t, last)}
				screentest.CloseWindow(t, ids[0])
				p.Hear(first + " closed")
				screentest.CloseWindow(t, ids[1])
				text := p.Ended(0)
				require.Equal(t, first+" closed\n"+last+" closed\n<nil>\n", text)
			})
		}
	}
}
