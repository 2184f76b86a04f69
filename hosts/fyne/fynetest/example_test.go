package fynetest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// openNotes is a program: it saves what was typed a minute after the window has been opened, and
// asks before it closes.
func openNotes(ctx context.Context, app fyne.App) fyne.Window {
	w := app.NewWindow("notes")
	title, status := widget.NewEntry(), widget.NewLabel("not saved")
	w.SetContent(container.NewVBox(widget.NewForm(widget.NewFormItem("Title", title)), status))
	guest.After(ctx, time.Minute, func(context.Context) error {
		status.SetText("saved " + title.Text)
		return nil
	})
	fynehost.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
		return fynehost.Confirm(ctx, w, "Close", "Really?")
	})
	w.Show()
	return w
}

// A minute of the program takes no time.
func ExampleRun() {
	_ = func(t *testing.T) { // func TestNotesAreSaved(t *testing.T)
		fynetest.Run(t, func(ctx context.Context, app fyne.App) {
			u := fynetest.NewUser(ctx, t, openNotes(ctx, app))
			u.Type("Title", "Milk")
			u.Within(2 * time.Minute).See("saved Milk")
			u.Close()
			u.Answer("Yes")
		}, nil)
	}
	// Output:
}

func TestExampleOfRun(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		began := time.Now()
		u := fynetest.NewUser(ctx, t, openNotes(ctx, app))
		u.Type("Title", "Milk")
		u.Within(2 * time.Minute).See("saved Milk")
		require.Equal(t, time.Minute, time.Since(began))
		u.Close()
		u.Answer("Yes")
		require.ErrorIs(t, guest.Park(ctx), guest.ErrHostGone)
	}, nil)
}

// A user needs no test: without one it panics when something is not there. Time is real here.
func ExampleUser() {
	runtime.LockOSThread() // a program's main goroutine is locked by Fyne
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	err := fynehost.Run(a, func(ctx context.Context) error {
		u := fynetest.NewUser(ctx, nil, openNotes(ctx, a))
		u.Type("Title", "Milk")
		u.Close()
		u.See("Really?")
		fmt.Print(u.Screen())
		u.Answer("No")
		u.Gone("Really?")
		a.Quit()
		return nil
	}, nil)
	fmt.Println(err)
	// Output:
	// window "notes", 96×82
	//   text "Title"
	//   entry "Milk"
	//   label "not saved"
	//   above it:
	//     label "Really?"
	//     button "No"
	//     button "Yes"
	//     label "Close"
	// <nil>
}

// Widgets of the program's own, and what a User has no word for.
func ExampleFind() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	err := fynehost.Run(a, func(ctx context.Context) error {
		w := a.NewWindow("colour")
		w.SetContent(container.NewVBox(widget.NewSlider(0, 255), widget.NewEntry()))
		w.Show()
		u := fynetest.NewUser(ctx, nil, w)
		slider := fynetest.Find[*widget.Slider](u, "")
		slider.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		fmt.Println(slider.Value)
		return nil
	}, nil)
	fmt.Println(err)
	// Output:
	// 1
	// <nil>
}
