package fynetest

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func TestAnswerWaitsForADialog(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		return widget.NewButton("Yes", func() { t.Error("the window's own") })
	}, func(ctx context.Context, u *User) {
		for _, want := range []string{"Yes", "No"} {
			f := guest.Async(ctx, func(ctx context.Context) (bool, error) {
				if err := guest.Sleep(ctx, 5*time.Second); err != nil {
					return false, err
				}
				return fynehost.Confirm(ctx, u.window, "Sure?", "Overwrite the file?")
			})
			u.Answer(want)
			u.Gone("Overwrite the file?")
			yes, err := f.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, want == "Yes", yes)
		}
	})
}

func TestDialogsOfAllKinds(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "one.txt"), []byte("content"), 0o600))
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		w := u.window
		text := guest.Async(ctx, func(ctx context.Context) (string, error) {
			text, _, err := fynehost.Prompt(ctx, w, "Who?", "Your name", "Ada")
			return text, err
		})
		u.Type("Your name", "Eve")
		u.Answer("OK")
		got, err := text.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, "Eve", got)

		failed := guest.Go(ctx, func(ctx context.Context) error { return fynehost.ShowError(ctx, w, errors.New("no such thing")) })
		u.See("No such thing") // Fyne capitalizes it
		u.Answer("OK")
		require.NoError(t, failed.Wait(ctx))

		formed := false
		dialog.ShowForm("Form", "Go", "Stop", []*widget.FormItem{widget.NewFormItem("Age", widget.NewEntry())},
			func(ok bool) { formed = ok }, w)
		u.Type("Age", "7")
		u.Answer("Go")
		require.True(t, formed)

		custom := dialog.NewCustom("Custom", "Close", widget.NewCheck("Inside", nil), w)
		custom.Show()
		u.Tap("Inside")
		u.Answer("Close")
		u.Gone("Inside")

		file := guest.Async(ctx, func(ctx context.Context) (string, error) {
			r, err := fynehost.OpenFile(ctx, w, func(d *dialog.FileDialog) {
				list, err := storage.ListerForURI(storage.NewFileURI(dir))
				require.NoError(t, err)
				d.SetLocation(list)
			})
			if err != nil || r == nil {
				return "", err
			}
			defer func() { _ = r.Close() }()
			text, err := io.ReadAll(r)
			return string(text), err
		})
		u.Tap("one")
		u.Answer("Open")
		got, err = file.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, "content", got)
	})
}
