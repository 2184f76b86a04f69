package fynehost_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// In a program the app is app.NewWithID's; this one needs no display.
func ExampleRun() {
	runtime.LockOSThread() // a program's main goroutine is locked by Fyne
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	err := fynehost.Run(a, func(ctx context.Context) error {
		button, status := widget.NewButton("Search", nil), widget.NewLabel("")
		guest.Go(ctx, func(context.Context) error { test.Tap(button); return nil }) // the user
		if _, err := fynehost.Tap(ctx, &button.OnTapped); err != nil {
			return err
		}
		hits, err := guest.Background(ctx, func(context.Context) (int, error) { return 3, nil })
		status.SetText(fmt.Sprint(hits, " hits"))
		fmt.Println(status.Text)
		return err
	}, nil)
	fmt.Println(err)
	// Output:
	// 3 hits
	// <nil>
}

// A program with its own loop: the guest moves in.
func ExampleHost() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a := fynetest.NewApp()
	h, err := fynehost.New(a) // right after the app, before any window
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := a.NewWindow("notes")
	fynehost.QuitOnClose(g, w, nil)
	g.Go(func(ctx context.Context) error {
		defer fmt.Println("saved")
		fynetest.NewUser(ctx, nil, w).Close()
		return guest.Park(ctx)
	})
	w.Show()
	a.Run()
	fmt.Println(g.Finish().Err)
	// Output:
	// saved
	// <nil>
}

// A document is saved, thrown away, or kept open.
func ExampleQuitOnClose() {
	_ = func(ctx context.Context, a fyne.App, text *widget.Entry, save func(context.Context) error) {
		w := a.NewWindow("Notes")
		g, _ := guest.FromContext(ctx)
		quit := fynehost.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
			if text.Text == "" {
				return true, nil
			}
			n, err := fynehost.Choose(ctx, w, "Notes", "Save the changes?", "Save", "Discard", "Cancel")
			if n == 0 {
				if err := save(ctx); err != nil {
					return false, fynehost.ShowError(ctx, w, err) // and the window stays
				}
				return true, nil
			}
			return n == 1, err
		})
		w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", fyne.NewMenuItem("Quit", quit))))
	}
}

// A window that is not the program's end.
func ExampleAskOnClose() {
	_ = func(ctx context.Context, w fyne.Window, text *widget.Entry) error {
		return fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			fynehost.AskOnClose(ctx, w, func(ctx context.Context) (bool, error) {
				if text.Text == "" {
					return true, nil
				}
				return fynehost.Confirm(ctx, w, "Notes", "Close without saving?")
			})
			w.Show()
			return guest.Park(ctx)
		})
	}
}

// A guest that its menu may cancel, in a loop that the program runs itself.
func ExampleQuitWhenDone() {
	_ = func(a fyne.App) error {
		h, err := fynehost.New(a)
		if err != nil {
			return err
		}
		g, err := guest.Start(h, nil, nil)
		if err != nil {
			return err
		}
		fynehost.QuitWhenDone(g)
		w := a.NewWindow("Notes")
		w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", fyne.NewMenuItem("Quit", func() { g.Cancel(guest.ErrQuit) }))))
		w.ShowAndRun()
		return g.Finish().Err
	}
}

func ExampleConfirm() {
	_ = func(ctx context.Context, w fyne.Window, path string) error {
		yes, err := fynehost.Confirm(ctx, w, "Delete", "Delete "+path+" for good?")
		if !yes {
			return err
		}
		if err := os.Remove(path); err != nil {
			return fynehost.ShowError(ctx, w, err)
		}
		return fynehost.Inform(ctx, w, "Delete", path+" has been deleted.")
	}
}

func ExamplePrompt() {
	_ = func(ctx context.Context, w fyne.Window) error {
		name, ok, err := fynehost.Prompt(ctx, w, "Rename", "New name", "letter.txt")
		if !ok {
			return err
		}
		w.SetTitle(name)
		return nil
	}
}

func ExampleChoose() {
	_ = func(ctx context.Context, w fyne.Window) error {
		sizes := []string{"Small", "Medium", "Large"}
		n, err := fynehost.Choose(ctx, w, "Print", "On which paper?", sizes...)
		if n < 0 {
			return err
		}
		return fynehost.Inform(ctx, w, "Print", sizes[n]+" it is.")
	}
}

// A dialog that stays open until the server has taken the password.
func ExampleCustom() {
	_ = func(ctx context.Context, w fyne.Window, login func(ctx context.Context, user, password string) error) (bool, error) {
		user, password := widget.NewEntry(), widget.NewPasswordEntry()
		form := widget.NewForm(widget.NewFormItem("User", user), widget.NewFormItem("Password", password))
		return fynehost.Custom(ctx, w, "Sign in", "Sign in", "Cancel", form, func(ctx context.Context) error {
			name, secret := user.Text, password.Text // read on the UI thread
			_, err := guest.Background(ctx, func(ctx context.Context) (bool, error) {
				return true, login(ctx, name, secret)
			})
			return err
		})
	}
}

func ExampleBusy() {
	_ = func(ctx context.Context, w fyne.Window, files []string, read func(ctx context.Context, file string) error) error {
		n, ok, err := fynehost.Busy(ctx, w, "Reading", func(ctx context.Context, report func(float64, string)) (int, error) {
			for i, file := range files {
				report(float64(i)/float64(len(files)), file)
				if err := read(ctx, file); err != nil {
					return i, err
				}
			}
			return len(files), nil
		})
		if !ok {
			return err // nil if the user has cancelled, or has seen what failed
		}
		return fynehost.Inform(ctx, w, "Reading", fmt.Sprint(n, " files have been read."))
	}
}

func ExampleOpenFile() {
	_ = func(ctx context.Context, w fyne.Window, text *widget.Entry) error {
		file, err := fynehost.OpenFile(ctx, w, func(d *dialog.FileDialog) {
			d.SetFilter(storage.NewExtensionFileFilter([]string{".txt"}))
		})
		if file == nil {
			return err
		}
		defer file.Close()
		data, err := guest.Background(ctx, func(context.Context) ([]byte, error) { return io.ReadAll(file) })
		if err != nil {
			return err
		}
		text.SetText(string(data))
		return nil
	}
}

func ExampleSaveFile() {
	_ = func(ctx context.Context, w fyne.Window, text *widget.Entry) error {
		file, err := fynehost.SaveFile(ctx, w, func(d *dialog.FileDialog) { d.SetFileName("letter.txt") })
		if file == nil {
			return err
		}
		content := text.Text
		_, err = guest.Background(ctx, func(context.Context) (int, error) {
			_, err := io.WriteString(file, content)
			return 0, errors.Join(err, file.Close())
		})
		return err
	}
}

func ExampleOpenFolder() {
	_ = func(ctx context.Context, w fyne.Window) (string, error) {
		folder, err := fynehost.OpenFolder(ctx, w, nil)
		if folder == nil {
			return "", err
		}
		return folder.Path(), nil
	}
}

func ExampleTap() {
	_ = func(ctx context.Context, accept, refuse *widget.Button) (bool, error) {
		n, err := fynehost.Tap(ctx, &accept.OnTapped, &refuse.OnTapped)
		return err == nil && n == 0, err
	}
}

func ExampleTaps() {
	_ = func(ctx context.Context, dice *widget.Button, result *widget.Label) error {
		for range fynehost.Taps(ctx, &dice.OnTapped) {
			for range 10 {
				result.SetText(fmt.Sprint(1 + rand.N(6)))
				if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	}
}

func ExampleChanges() {
	_ = func(ctx context.Context, list *widget.List, detail *widget.Label) {
		for id := range fynehost.Changes(ctx, &list.OnSelected) {
			detail.SetText(fmt.Sprint("item ", id))
		}
	}
}

func ExampleValues() {
	_ = func(ctx context.Context, name binding.String, greeting *widget.Label) {
		for v := range fynehost.Values(ctx, name) {
			greeting.SetText("Hello, " + v)
		}
	}
}

func ExampleDisableWhen() {
	_ = func(ctx context.Context, write func(ctx context.Context) error) fyne.CanvasObject {
		save := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error { return write(ctx) }, flow.Drop)
		button, bar := widget.NewButton("Save", save.Do), widget.NewProgressBarInfinite()
		fynehost.DisableWhen(ctx, save.Busy(), button)
		fynehost.ShowWhen(ctx, save.Busy(), bar)
		return container.NewVBox(button, bar)
	}
}

func ExampleEnableWhen() {
	_ = func(ctx context.Context, find *flow.Action[string]) fyne.CanvasObject {
		stop := widget.NewButton("Cancel", func() { find.Cancel(nil) })
		fynehost.EnableWhen(ctx, find.Busy(), stop)
		return stop
	}
}

func ExampleShowWhen() {
	_ = func(ctx context.Context, w fyne.Window, online *flow.Var[bool]) {
		upload := widget.NewButton("Upload", nil)
		fynehost.ShowWhen(ctx, online, upload)
		w.SetContent(upload)
	}
}

func ExampleBindItem() {
	_ = func(ctx context.Context, volume *flow.Var[float64]) fyne.CanvasObject {
		item := binding.NewFloat()
		fynehost.BindItem(ctx, volume, item)
		return widget.NewSliderWithData(0, 1, item)
	}
}

func ExampleFrames() {
	_ = func(ctx context.Context, ball *canvas.Circle) error {
		const speed = 100 // per second
		for dt, err := range fynehost.Frames(ctx) {
			if err != nil {
				return err
			}
			ball.Move(ball.Position().AddXY(speed*float32(dt.Seconds()), 0))
		}
		return nil
	}
}
