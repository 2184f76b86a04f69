package fynetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func TestUsersOfTwoWindowsActInTheirOwn(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		var users []*User
		for i := range 2 {
			w := app.NewWindow(fmt.Sprint("window ", i))
			w.SetContent(container.NewVBox(widget.NewEntry(), widget.NewSelect([]string{"a", "b"}, nil)))
			w.Show()
			users = append(users, NewUser(ctx, t, w))
		}
		for range 2 {
			for _, u := range users {
				text := u.window.Title()
				Find[*widget.Entry](u, "").SetPlaceHolder("field")
				u.Type("field", text)
				require.NotNil(t, u.window.Canvas().Focused())
				u.Choose("(Select one)", "b")
				u.See(text)
				Find[*widget.Select](u, "b").ClearSelected()
			}
		}
		both := [2]*guest.Task{}
		for i, u := range users { // who wait beside each other
			both[i] = guest.Go(ctx, func(ctx context.Context) error {
				NewUser(ctx, t, u.window).See("now")
				return nil
			})
		}
		require.NoError(t, guest.Sleep(ctx, time.Second))
		for _, u := range users {
			u.Type("field", "now")
		}
		for _, task := range both {
			require.NoError(t, task.Wait(ctx))
		}
	}, nil)
}

func TestCloseDoesWhatTheCloseButtonDoes(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("stays").Show()
		w := app.NewWindow("asks")
		w.SetCloseIntercept(func() { w.SetContent(widget.NewLabel("not saved")) })
		w.Show()
		u := NewUser(ctx, t, w)
		u.Close()
		u.See("not saved")
		w.SetCloseIntercept(nil)
		u.Close()
		u.Gone("not saved")
		require.NotContains(t, app.Driver().AllWindows(), w)
		app.Driver().AllWindows()[0].Close() // and with it the program ends
		require.ErrorIs(t, guest.Park(ctx), guest.ErrHostGone)
		u.Gone("not saved")
	}, nil)
}

func TestUserSeesAProgramQuit(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		g, _ := guest.FromContext(ctx)
		w, status := app.NewWindow("notes"), widget.NewLabel("open")
		w.SetContent(status)
		fynehost.QuitOnClose(g, w, func(context.Context) (bool, error) {
			status.SetText("closing…")
			return true, nil
		})
		w.Show()
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Park(ctx)
			ctx = context.WithoutCancel(ctx)
			_ = guest.Sleep(ctx, time.Second)
			status.SetText("saved")
			_ = guest.Sleep(ctx, time.Second)
			return err
		})
		u := NewUser(ctx, t, w)
		u.Close()
		u.See("closing…")
		u.See("saved")
	}, nil)
}

func TestUserInAPartSeesOnlyThat(t *testing.T) {
	var l log
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		names := []string{"ann", "bob"}
		list := widget.NewList(func() int { return len(names) },
			func() fyne.CanvasObject {
				return container.NewHBox(widget.NewLabel(""), widget.NewButton("Delete", nil))
			},
			func(i widget.ListItemID, o fyne.CanvasObject) {
				parts := o.(*fyne.Container).Objects
				parts[0].(*widget.Label).SetText(names[i])
				parts[1].(*widget.Button).OnTapped = l.add("delete " + names[i])
			})
		list.OnSelected = func(i widget.ListItemID) { l.add("row " + names[i])() }
		return list
	}, func(ctx context.Context, u *User) {
		bob := u.In(Find[*fyne.Container](u, "bob"))
		bob.Tap("Delete")
		bob.Tap("bob")
		bob.Gone("ann")
		bob.See("bob")
		Find[*widget.Button](bob, "Delete").OnTapped()
		require.Equal(t, "delete bob row bob delete bob", l.take())
	})
}
