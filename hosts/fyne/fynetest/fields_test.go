package fynetest

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"
)

func TestTapOpensMenusAndTheirItems(t *testing.T) {
	var l log
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		menu := fyne.NewMenu("", fyne.NewMenuItem("Cut", l.add("cut")),
			&fyne.MenuItem{Label: "Paste as", ChildMenu: fyne.NewMenu("", fyne.NewMenuItem("Text", l.add("text")))})
		var b *widget.Button
		b = widget.NewButton("Menu", func() { widget.ShowPopUpMenuAtRelativePosition(menu, w.Canvas(), fyne.NewPos(0, 20), b) })
		return container.NewVBox(b, widget.NewButton("Behind", l.add("behind")))
	}, func(ctx context.Context, u *User) {
		u.Tap("Menu")
		u.Tap("Cut")
		u.Tap("Menu")
		u.Tap("Paste as")
		u.Tap("Text")
		u.Tap("Behind")
		require.Equal(t, "cut text behind", l.take())
	})
}

func TestTypeFindsTheEntry(t *testing.T) {
	entries := map[string]*widget.Entry{}
	entry := func(name string) *widget.Entry {
		entries[name] = widget.NewEntry()
		return entries[name]
	}
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		form := widget.NewForm(widget.NewFormItem("Name", entry("Name")),
			widget.NewFormItem("Folder", container.NewBorder(nil, nil, nil, widget.NewButton("…", nil), entry("Folder"))))
		entry("Search").SetPlaceHolder("Search")
		return container.NewVBox(form, entries["Search"],
			container.NewGridWithColumns(4, widget.NewLabel("From:"), entry("From"), widget.NewLabel("To:"), entry("To")),
			widget.NewLabel("Street"), entry("Street"), widget.NewLabel("Town *"), entry("Town"),
			container.NewBorder(nil, nil, widget.NewLabel("Zip"), nil, entry("Zip")))
	}, func(ctx context.Context, u *User) {
		for name, e := range entries {
			u.Type(name, "into "+name)
			require.Equal(t, "into "+name, e.Text, name)
			require.Same(t, e, u.window.Canvas().Focused())
		}
		for name, e := range entries {
			require.Equal(t, "into "+name, e.Text)
		}
	})
}

func TestTypeReplacesAndTypesKeyByKey(t *testing.T) {
	var l log
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		line, lines := widget.NewEntry(), widget.NewMultiLineEntry()
		line.SetPlaceHolder("line")
		lines.SetPlaceHolder("lines")
		line.SetText("before")
		line.OnChanged = func(s string) { l.add(s)() }
		line.OnSubmitted = func(s string) { l.add("submit " + s)() }
		secret := widget.NewPasswordEntry()
		secret.SetPlaceHolder("password")
		return container.NewVBox(line, lines, secret)
	}, func(ctx context.Context, u *User) {
		u.Type("line", "ab\n")
		require.Equal(t, "a ab submit ab", l.take())
		u.Type("line", "")
		require.Equal(t, "", l.take())
		u.Type("lines", "é\nß")
		require.Equal(t, "é\nß", Find[*widget.Entry](u, "lines").Text)
		u.Type("password", "pass")
		require.Equal(t, "pass", Find[*widget.Entry](u, "password").Text)
		u.See("••••")
	})
}

func TestChooseTakesAnOption(t *testing.T) {
	var l log
	choose := func(s string) { l.add(s)() }
	options := []string{"Chile", "Peru"}
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		last := widget.NewSelect([]string{"S", "M"}, choose)
		last.SetSelected("S")
		l.take()
		return container.NewVBox(widget.NewForm(widget.NewFormItem("Country", widget.NewSelect(options, choose)),
			widget.NewFormItem("Colour", widget.NewRadioGroup([]string{"Red", "Blue"}, choose)),
			widget.NewFormItem("Backup colour", widget.NewRadioGroup([]string{"Red", "Green"}, choose))),
			container.NewHBox(widget.NewLabel("Size"), last))
	}, func(ctx context.Context, u *User) {
		u.Choose("Country", "Peru")
		u.Tap("Peru") // opens it, too
		u.Tap("Peru")
		u.Choose("Size", "M")
		u.Choose("M", "S")
		u.Choose("Backup colour", "Red")
		require.Equal(t, "Peru Peru M S Red", l.take())
		require.Nil(t, u.window.Canvas().Overlays().Top())
	})
}

func TestUserPressesAKeyWhereTheFocusIs(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		w, entry, keys := app.NewWindow("keys"), widget.NewEntry(), ""
		w.SetContent(entry)
		w.Show()
		u := NewUser(ctx, t, w)
		entry.SetPlaceHolder("name")
		u.Type("name", "Adam")
		u.Press(fyne.KeyBackspace)
		require.Equal(t, "Ada", entry.Text)
		w.Canvas().Unfocus()
		w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys += string(e.Name) })
		u.Press(fyne.KeyEscape)
		require.Equal(t, "Escape", keys)
	}, nil)
}
