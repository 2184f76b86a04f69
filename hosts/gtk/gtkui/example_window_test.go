//go:build cgo

package gtkui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

// What the examples work on.
var (
	ctx   context.Context
	w     *gtk.Window
	save  = func(context.Context) error { return nil }
	login = func(_ context.Context, name string) error { return nil }
)

// A program with several windows: each is a task of main's scope, and the program ends with its
// last window. A handler of one window opens another with main's ctx, so that it stays when
// that one is closed.
func ExampleWithWindow() {
	err := gtkui.Run(func(ctx context.Context) error {
		open := func(title string) {
			guest.Go(ctx, func(ctx context.Context) error {
				w, _ := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
				w.SetTitle(title)
				return gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
					defer fmt.Println(title, "closed")
					w.ShowAll()
					return guest.Park(ctx)
				})
			})
		}
		open("notes")
		open("drafts")
		return nil // Run returns when all windows have been closed
	}, nil)
	fmt.Println(err)
}

// The same under a GtkApplication. One that is started again opens one more window in the first
// instance.
func ExampleRunApplication_windows() {
	app, _ := gtk.ApplicationNew("org.example.notes", glib.APPLICATION_NON_UNIQUE)
	err := gtkui.RunApplication(app, nil, func(ctx context.Context) error {
		open := func(title string) {
			guest.Go(ctx, func(ctx context.Context) error {
				w, _ := gtk.ApplicationWindowNew(app)
				w.SetTitle(title)
				return gtkui.WithWindow(ctx, &w.Window, func(ctx context.Context) error {
					defer fmt.Println(title, "closed")
					w.ShowAll()
					return guest.Park(ctx)
				})
			})
		}
		app.Connect("activate", func() { open("more notes") }) // from the second time on
		open("notes")
		open("drafts")
		return nil
	}, nil)
	fmt.Println(err)
}

// A program that runs the loop itself.
func ExampleQuitWhenDone() {
	h, err := gtkui.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	g, _ := guest.Start(h, nil, nil)
	gtkui.QuitWhenDone(g) // or its windows would stay when g has ended
	gtk.Main()
	fmt.Println(g.Finish().Err)
}

// An application that the program runs itself is held while the guest lives.
func ExampleHold() {
	app, _ := gtk.ApplicationNew("org.example.notes", glib.APPLICATION_FLAGS_NONE)
	var g *guest.Guest
	app.Connect("activate", func() {
		h, _ := gtkui.New()
		g, _ = guest.Start(h, nil, nil)
		gtkui.Hold(g, app)
	})
	app.Run(nil)
	if g != nil { // else it has never been activated
		fmt.Println(g.Finish().Err)
	}
}

// Unsaved changes are asked for, whichever way the user quits.
func ExampleQuitOnClose() {
	g, _ := guest.FromContext(ctx)
	quit := gtkui.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
		choice, err := gtkui.Choose(ctx, w, "Save the changes?", "They are lost otherwise.", "_Save", "_Discard", "_Cancel")
		if choice == 0 {
			if err := save(ctx); err != nil {
				return false, gtkui.ShowError(ctx, w, err) // and the window stays
			}
			return true, nil
		}
		return choice == 1, err
	})
	item, _ := gtk.MenuItemNewWithMnemonic("_Quit")
	item.Connect("activate", quit)
}

// A document of several asks by itself, and goes alone.
func ExampleAskOnClose() {
	_ = gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
		gtkui.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
			return gtkui.Confirm(ctx, w, "Close without saving?", "")
		})
		w.ShowAll()
		return guest.Park(ctx)
	})
}

func ExampleConfirm() {
	_ = func(ctx context.Context) error {
		yes, err := gtkui.Confirm(ctx, w, "Delete the file?", "This can't be undone.")
		if err != nil || !yes {
			return err // nil: the user does not want it
		}
		return os.Remove("notes.txt")
	}
}

func ExampleChoose() {
	_ = func(ctx context.Context) error {
		switch choice, err := gtkui.Choose(ctx, w, "Replace the file?", "", "_Replace", "_Keep both", "_Cancel"); {
		case err != nil:
			return err
		case choice == 0:
			return save(ctx)
		case choice == 1:
			return errors.ErrUnsupported
		}
		return nil // Cancel, or Escape
	}
}

func ExamplePrompt() {
	_ = func(ctx context.Context) error {
		name, ok, err := gtkui.Prompt(ctx, w, "Rename", "New name", "notes.txt")
		if err != nil || !ok {
			return err
		}
		return os.Rename("notes.txt", name)
	}
}

// A failure is shown, and the task goes on when the user has read it.
func ExampleShowError() {
	_ = func(ctx context.Context) error {
		err := save(ctx)
		if ctx.Err() != nil {
			return ctx.Err() // this task was cancelled: say nothing
		}
		return gtkui.ShowError(ctx, w, err) // shows nothing if err is nil
	}
}

// A dialog that is used to Dialog.Run keeps that, and the tasks go on.
func ExampleRunDialog() {
	_ = func(ctx context.Context) error {
		d, _ := gtk.AboutDialogNew()
		defer d.Destroy()
		_, err := gtkui.RunDialog(ctx, d)
		return err
	}
}

// The dialog stays open, with the server's objection, until the user is let in or gives up.
func ExampleCustom() {
	entry, _ := gtk.EntryNew()
	entry.SetActivatesDefault(true)
	_, _ = gtkui.Custom(ctx, w, "Account", "Sign in", "Cancel", entry, func(ctx context.Context) error {
		name, err := entry.GetText()
		if err != nil || name == "" {
			return errors.New("a name is needed")
		}
		_, err = guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, login(ctx, name) })
		return err
	})
}

// Work under a dialog with a Cancel button is one call that returns its result.
func ExampleBusy() {
	names := []string{"a", "b"}
	_, _, _ = gtkui.Busy(ctx, w, "Counting", func(ctx context.Context, report func(float64, string)) (int64, error) {
		sum := int64(0)
		for i, name := range names {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			report(float64(i)/float64(len(names)), name)
			info, err := os.Stat(name)
			if err != nil {
				return 0, err // which the user gets to see
			}
			sum += info.Size()
		}
		return sum, nil
	})
}

func ExampleOpenFile() {
	_, _ = gtkui.OpenFile(ctx, w, func(d *gtk.FileChooserNativeDialog) {
		d.SetTitle("Open a Picture")
		filter, _ := gtk.FileFilterNew()
		filter.AddMimeType("image/*")
		d.AddFilter(filter)
	})
}

func ExampleOpenFolder() {
	_, _ = gtkui.OpenFolder(ctx, w, func(d *gtk.FileChooserNativeDialog) { d.SetCurrentFolder("/usr/share") })
}

func ExampleSaveFile() {
	_, _ = gtkui.SaveFile(ctx, w, func(d *gtk.FileChooserNativeDialog) { d.SetCurrentName("Untitled.txt") })
}

// A button is off, and a spinner is there, while the action runs.
func ExampleDisableWhen() {
	button, _ := gtk.ButtonNewWithLabel("Save")
	spinner, _ := gtk.SpinnerNew()
	action := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error { return save(ctx) }, flow.Drop)
	button.Connect("clicked", action.Do)
	gtkui.DisableWhen(ctx, action.Busy(), button)
	gtkui.ShowWhen(ctx, action.Busy(), spinner)
}

func ExampleEnableWhen() {
	stop, _ := gtk.ButtonNewWithLabel("Cancel")
	find := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error { return guest.Park(ctx) }, flow.Restart)
	stop.Connect("clicked", func() { find.Cancel(nil) })
	gtkui.EnableWhen(ctx, find.Busy(), stop)
}

func ExampleShowWhen() {
	label, _ := gtk.LabelNew("offline")
	offline := flow.NewVar(false) // which any goroutine sets
	gtkui.ShowWhen(ctx, offline, label)
}

// A switch, a Var and what the program does with it are always of one mind.
func ExampleBindWidget() {
	dark := flow.NewVar(false)
	check, _ := gtk.CheckButtonNewWithLabel("Dark")
	gtkui.BindWidget(ctx, dark, check, "toggled", check.GetActive, check.SetActive)
	dark.Bind(ctx, func(on bool) { fmt.Println("dark:", on) })
}

// An animation of a second.
func ExampleFrames() {
	area, _ := gtk.DrawingAreaNew()
	_ = func(ctx context.Context) error {
		at := time.Duration(0)
		for since, err := range gtkui.Frames(ctx, area) {
			if at += since; err != nil || at >= time.Second {
				return err
			}
			area.SetOpacity(at.Seconds())
		}
		return nil
	}
}
