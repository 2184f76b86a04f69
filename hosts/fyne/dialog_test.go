package fynehost_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// buttons returns the buttons that the topmost dialog shows, by their text.
func buttons(w fyne.Window) map[string]*widget.Button {
	found := map[string]*widget.Button{}
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if b, ok := o.(*widget.Button); ok {
			found[b.Text] = b
		}
	}
	return found
}

// asking starts ask as a task and returns once its dialog is open.
func asking[T any](t *testing.T, ctx context.Context, ask func(ctx context.Context) (T, error)) *guest.Future[T] {
	f := guest.Async(ctx, ask)
	require.NoError(t, guest.Yield(ctx))
	return f
}

func inWindow(t *testing.T, body func(ctx context.Context, w fyne.Window)) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("dialogs")
		w.SetContent(widget.NewLabel("content"))
		w.Resize(fyne.NewSize(800, 600))
		w.Show()
		body(ctx, w)
		require.Nil(t, w.Canvas().Overlays().Top(), "no dialog is left open")
	}, nil)
}

func TestConfirm(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		for text, want := range map[string]bool{"Yes": true, "No": false} {
			f := guest.Async(ctx, func(ctx context.Context) (bool, error) { return fynehost.Confirm(ctx, w, "Sure?", "Really?") })
			fynetest.NewUser(ctx, t, w).Answer(text)
			got, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}

func TestInformAndShowError(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		for _, show := range []func(ctx context.Context) error{
			func(ctx context.Context) error { return fynehost.Inform(ctx, w, "Done", "All of it.") },
			func(ctx context.Context) error { return fynehost.ShowError(ctx, w, errors.New("no")) },
		} {
			shown := guest.Go(ctx, show)
			fynetest.NewUser(ctx, t, w).Answer("OK")
			require.NoError(t, shown.Wait(ctx))
		}
		require.NoError(t, fynehost.ShowError(ctx, w, nil))
	})
}

func TestPrompt(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		type answer struct {
			text string
			ok   bool
		}
		ask := func(ctx context.Context) (answer, error) {
			text, ok, err := fynehost.Prompt(ctx, w, "Name", "Your name", "Ada")
			return answer{text, ok}, err
		}
		u := fynetest.NewUser(ctx, t, w)
		for _, c := range []struct {
			do   func()
			want answer
		}{
			{func() { u.Type("Your name", "Eve"); u.Answer("OK") }, answer{"Eve", true}},
			{func() { u.Type("Your name", "Eve\n") }, answer{"Eve", true}},
			{func() { u.Answer("OK") }, answer{"Ada", true}},
			{func() { u.Answer("Cancel") }, answer{}},
		} {
			f := guest.Async(ctx, ask)
			c.do()
			got, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		}
	})
}

func TestCustom(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		for _, c := range []struct {
			dismiss, tap string
			want         bool
		}{{"Stop", "Go", true}, {"Stop", "Stop", false}, {"", "Go", true}} {
			f := guest.Async(ctx, func(ctx context.Context) (bool, error) {
				return fynehost.Custom(ctx, w, "Custom", "Go", c.dismiss, widget.NewLabel("content"), nil)
			})
			fynetest.NewUser(ctx, t, w).Answer(c.tap)
			got, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		}
	})
}

// in makes file dialogs begin in dir.
func in(t *testing.T, dir string) func(*dialog.FileDialog) {
	list, err := storage.ListerForURI(storage.NewFileURI(dir))
	require.NoError(t, err)
	return func(d *dialog.FileDialog) { d.SetLocation(list) }
}

func TestFileDialogs(t *testing.T) {
	dir := t.TempDir()
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		u := fynetest.NewUser(ctx, t, w)
		save := guest.Async(ctx, func(ctx context.Context) (fyne.URIWriteCloser, error) {
			return fynehost.SaveFile(ctx, w, func(d *dialog.FileDialog) {
				in(t, dir)(d)
				d.SetFileName("new.txt")
			})
		})
		u.Answer("Save")
		file, err := save.Wait(ctx)
		require.NoError(t, err)
		_, err = io.WriteString(file, "content")
		require.NoError(t, err)
		require.NoError(t, file.Close())
		text, err := os.ReadFile(filepath.Join(dir, "new.txt"))
		require.NoError(t, err)
		require.Equal(t, "content", string(text))

		folder := guest.Async(ctx, func(ctx context.Context) (fyne.ListableURI, error) { return fynehost.OpenFolder(ctx, w, in(t, dir)) })
		u.Answer("Open")
		chosen, err := folder.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, filepath.ToSlash(dir), chosen.Path())

		open := guest.Async(ctx, func(ctx context.Context) (fyne.URIReadCloser, error) { return fynehost.OpenFile(ctx, w, in(t, dir)) })
		u.Answer("Cancel")
		none, err := open.Wait(ctx)
		require.NoError(t, err)
		require.Nil(t, none)
	})
}

func TestCancelledTaskTakesItsDialogAway(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		for name, ask := range dialogs {
			task := guest.Go(ctx, func(ctx context.Context) error {
				require.ErrorIs(t, ask(ctx, w), context.Canceled, name)
				require.Nil(t, w.Canvas().Overlays().Top(), name)
				require.ErrorIs(t, ask(ctx, w), context.Canceled, name)
				require.Nil(t, w.Canvas().Overlays().Top(), "a dialog opened for a task that is cancelled already: "+name)
				return nil
			})
			require.NoError(t, guest.Yield(ctx))
			require.NotNil(t, w.Canvas().Overlays().Top(), name)
			task.Cancel(nil)
			require.NoError(t, task.Wait(ctx))
		}
	})
}

// Fyne takes away all that lies above a dialog with it.
func TestDialogThatIsTakenBackLeavesThoseAboveIt(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		confirm := func(ctx context.Context) (bool, error) { return fynehost.Confirm(ctx, w, "Sure?", "Really?") }
		var lower []*guest.Task
		for range 2 {
			lower = append(lower, guest.Go(ctx, func(ctx context.Context) error { _, err := confirm(ctx); return err }))
			require.NoError(t, guest.Yield(ctx))
		}
		upper := asking(t, ctx, confirm)
		for _, task := range lower {
			task.Cancel(nil)
			require.ErrorIs(t, task.Wait(ctx), context.Canceled)
			require.Len(t, w.Canvas().Overlays().List(), 3)
		}
		test.Tap(buttons(w)["Yes"])
		yes, err := upper.Wait(ctx)
		require.NoError(t, err)
		require.True(t, yes)
	})
}

// dialogs are all kinds of them.
var dialogs = map[string]func(ctx context.Context, w fyne.Window) error{
	"Confirm":   func(ctx context.Context, w fyne.Window) error { _, err := fynehost.Confirm(ctx, w, "", ""); return err },
	"Inform":    func(ctx context.Context, w fyne.Window) error { return fynehost.Inform(ctx, w, "", "") },
	"ShowError": func(ctx context.Context, w fyne.Window) error { return fynehost.ShowError(ctx, w, errors.New("no")) },
	"Prompt": func(ctx context.Context, w fyne.Window) error {
		_, _, err := fynehost.Prompt(ctx, w, "", "", "")
		return err
	},
	"Custom": func(ctx context.Context, w fyne.Window) error {
		_, err := fynehost.Custom(ctx, w, "", "a", "b", widget.NewLabel(""), nil)
		return err
	},
	"Custom with one button": func(ctx context.Context, w fyne.Window) error {
		_, err := fynehost.Custom(ctx, w, "", "a", "", widget.NewLabel(""), nil)
		return err
	},
	"Custom with a check": func(ctx context.Context, w fyne.Window) error {
		_, err := fynehost.Custom(ctx, w, "", "a", "b", widget.NewLabel(""), guest.Park)
		return err
	},
	"Choose": func(ctx context.Context, w fyne.Window) error {
		_, err := fynehost.Choose(ctx, w, "", "", "a", "b")
		return err
	},
	"Busy": func(ctx context.Context, w fyne.Window) error {
		_, _, err := fynehost.Busy(ctx, w, "", func(ctx context.Context, _ func(float64, string)) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		return err
	},
	"OpenFile":   func(ctx context.Context, w fyne.Window) error { _, err := fynehost.OpenFile(ctx, w, nil); return err },
	"SaveFile":   func(ctx context.Context, w fyne.Window) error { _, err := fynehost.SaveFile(ctx, w, nil); return err },
	"OpenFolder": func(ctx context.Context, w fyne.Window) error { _, err := fynehost.OpenFolder(ctx, w, nil); return err },
}

// A closed window has a name, whether it was closed before, or under the dialog; the program's
// own cancellation comes first.
func TestDialogOfAClosedWindowSaysSo(t *testing.T) {
	for name, ask := range dialogs {
		t.Run(name, func(t *testing.T) {
			fynetest.Run(t, func(ctx context.Context, app fyne.App) {
				app.NewWindow("stays").Show()
				w := app.NewWindow("closed")
				w.Show()
				f := asking(t, ctx, func(ctx context.Context) (int, error) { return 0, ask(ctx, w) })
				require.NotNil(t, w.Canvas().Overlays().Top())
				w.Close()
				_, err := f.Wait(ctx)
				require.Equal(t, guest.ErrWindowClosed, err)
				require.Equal(t, guest.ErrWindowClosed, ask(ctx, w))
				quit, cancel := context.WithCancelCause(ctx)
				cancel(guest.ErrQuit)
				require.ErrorIs(t, ask(quit, w), guest.ErrQuit)
			}, nil)
		})
	}
}

// In the frame in which a window is closed it is still in Fyne's list of windows.
func TestDialogOfAWindowThatIsJustClosingIsRefused(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w := app.NewWindow("closed")
		w.Show()
		w.Close()
		require.Contains(t, app.Driver().AllWindows(), w)
		_, err := fynehost.Confirm(ctx, w, "Sure?", "Really?")
		require.ErrorIs(t, err, guest.ErrWindowClosed)
		err = fynehost.WithWindow(ctx, w, func(context.Context) error { t.Error("it ran"); return nil })
		require.ErrorIs(t, err, guest.ErrWindowClosed)
	}, nil)
}

// Dialogs leave the program's own hook alone, and then hear of the closing only in WithWindow.
func TestDialogsTakeNoHookFromTheProgram(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w, called := app.NewWindow("closed"), false
		w.SetOnClosed(func() { called = true })
		w.Show()
		f := asking(t, ctx, func(ctx context.Context) (bool, error) { return fynehost.Confirm(ctx, w, "Sure?", "Really?") })
		test.Tap(buttons(w)["Yes"])
		yes, err := f.Wait(ctx)
		require.NoError(t, err)
		require.True(t, yes)
		w.Close()
		require.True(t, called)
	}, nil)
}

// A dialog that was answered in the moment in which its window closed has been answered.
func TestAnswerBeforeTheClosingCounts(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w := app.NewWindow("closed")
		w.Show()
		f := asking(t, ctx, func(ctx context.Context) (bool, error) { return fynehost.Confirm(ctx, w, "Sure?", "Really?") })
		test.Tap(buttons(w)["Yes"])
		w.Close()
		yes, err := f.Wait(ctx)
		require.NoError(t, err)
		require.True(t, yes)
	}, nil)
}

// What waits must be called in a task, and says so before it shows or changes anything.
func TestOutsideATaskNothingIsShown(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		button, text := widget.NewButton("", nil), binding.NewString()
		calls := map[string]func(){
			"Confirm":   func() { _, _ = fynehost.Confirm(ctx, w, "", "") },
			"Inform":    func() { _ = fynehost.Inform(ctx, w, "", "") },
			"ShowError": func() { _ = fynehost.ShowError(ctx, w, io.EOF) },
			"Prompt":    func() { _, _, _ = fynehost.Prompt(ctx, w, "", "", "") },
			"Custom":    func() { _, _ = fynehost.Custom(ctx, w, "", "a", "b", widget.NewLabel(""), nil) },
			"Choose":    func() { _, _ = fynehost.Choose(ctx, w, "", "", "a") },
			"Busy": func() {
				_, _, _ = fynehost.Busy(ctx, w, "", func(context.Context, func(float64, string)) (int, error) { return 0, nil })
			},
			"Frames": func() {
				for range fynehost.Frames(ctx) {
				}
			},
			"OpenFile":   func() { _, _ = fynehost.OpenFile(ctx, w, nil) },
			"SaveFile":   func() { _, _ = fynehost.SaveFile(ctx, w, nil) },
			"OpenFolder": func() { _, _ = fynehost.OpenFolder(ctx, w, nil) },
			"WithWindow": func() { _ = fynehost.WithWindow(ctx, w, func(context.Context) error { return nil }) },
			"Tap":        func() { _, _ = fynehost.Tap(ctx, &button.OnTapped) },
			"Taps": func() {
				for range fynehost.Taps(ctx, &button.OnTapped) {
				}
			},
			"Values": func() {
				for range fynehost.Values(ctx, text) {
				}
			},
		}
		for verb, call := range calls {
			want := "fynehost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain"
			// as in a handler
			require.NoError(t, guest.RunOnMain(ctx, func() { require.PanicsWithValue(t, want, call) }))
			_, err := guest.Background(ctx, func(context.Context) (int, error) {
				require.PanicsWithValue(t, want, call)
				return 0, nil
			})
			require.NoError(t, err)
			require.Nil(t, button.OnTapped)
			require.Nil(t, w.Canvas().Overlays().Top())
		}
	})
}

func TestNilArgumentsAreRefusedWhereTheyAreGiven(t *testing.T) {
	inWindow(t, func(ctx context.Context, w fyne.Window) {
		g, _ := guest.FromContext(ctx)
		for text, call := range map[string]func(){
			"Confirm called with a nil window":     func() { _, _ = fynehost.Confirm(ctx, nil, "", "") },
			"WithWindow called with a nil window":  func() { _ = fynehost.WithWindow(ctx, nil, nil) },
			"QuitOnClose called with a nil window": func() { fynehost.QuitOnClose(g, nil, nil) },
			"QuitOnClose called with a nil guest":  func() { fynehost.QuitOnClose(nil, w, nil) },
			"Custom called without content":        func() { _, _ = fynehost.Custom(ctx, w, "", "", "", nil, nil) },
			"Taps called with a nil handler":       func() { fynehost.Taps(ctx, nil) },
		} {
			func() {
				defer func() { require.Contains(t, recover(), text) }()
				call()
			}()
		}
	})
}
