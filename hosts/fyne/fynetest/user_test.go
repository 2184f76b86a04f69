package fynetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// inWindow runs body with a user of a window that shows content.
func inWindow(t *testing.T, content func(w fyne.Window) fyne.CanvasObject, body func(ctx context.Context, u *User)) {
	t.Helper()
	Run(t, func(ctx context.Context, app fyne.App) {
		w := app.NewWindow("main")
		w.SetContent(content(w))
		w.Resize(fyne.NewSize(640, 480))
		w.Show()
		body(ctx, NewUser(ctx, t, w))
	}, nil)
}

// A log of what was done.
type log []string

func (l *log) add(text string) func() { return func() { *l = append(*l, text) } }

func (l *log) take() string {
	text := strings.Join(*l, " ")
	*l = nil
	return text
}

func TestTapFindsWhateverSaysTheText(t *testing.T) {
	var l log
	home, _ := url.Parse("https://example.org")
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		link := widget.NewHyperlink("Help", home)
		link.OnTapped = l.add("help")
		middle := widget.NewHyperlinkWithStyle("More", home, fyne.TextAlignCenter, fyne.TextStyle{})
		middle.OnTapped = l.add("more")
		inText := &widget.HyperlinkSegment{Text: "Docs", URL: home, OnTapped: l.add("docs")}
		text := widget.NewRichText(&widget.TextSegment{Text: "See the", Style: widget.RichTextStyleInline}, inText)
		bar := widget.NewToolbar(widget.NewToolbarAction(theme.DocumentSaveIcon(), l.add("toolbar")))
		w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", fyne.NewMenuItem("Open", l.add("open")),
			fyne.NewMenuItemSeparator(), &fyne.MenuItem{Label: "Recent", ChildMenu: fyne.NewMenu("", fyne.NewMenuItem("a.txt", l.add("recent")))})))
		return container.NewVBox(bar, widget.NewButton("Save", l.add("save")),
			widget.NewButtonWithIcon("", theme.DeleteIcon(), l.add("delete")), link, middle, text,
			widget.NewCheck("Bold", func(on bool) { l.add(fmt.Sprint("bold ", on))() }),
			widget.NewRadioGroup([]string{"Red", "Green"}, func(s string) { l.add(s)() }),
			widget.NewCheckGroup([]string{"Mon", "Tue"}, func(s []string) { l.add(fmt.Sprint(s))() }))
	}, func(ctx context.Context, u *User) {
		for _, c := range [][2]string{
			{"Save", "save"}, {"delete", "delete"}, {"document-save", "toolbar"}, {theme.DocumentSaveIcon().Name(), "toolbar"},
			{"Help", "help"}, {"Docs", "docs"}, {"More", "more"}, {"Bold", "bold true"}, {"Bold", "bold false"},
			{"Green", "Green"}, {"Tue", "[Tue]"}, {"Open", "open"}, {"a.txt", "recent"},
		} {
			u.Tap(c[0])
			require.Equal(t, c[1], l.take(), c[0])
		}
	})
}

func TestTapFindsThroughAllContainers(t *testing.T) {
	var l log
	b := func(text string) *widget.Button { return widget.NewButton(text, l.add(text)) }
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		tabs := container.NewAppTabs(container.NewTabItem("One", b("in one")), container.NewTabItem("Two", b("in two")))
		docs := container.NewDocTabs(container.NewTabItem("Doc 1", b("in doc 1")), container.NewTabItem("Doc 2", b("in doc 2")))
		fold := widget.NewAccordion(widget.NewAccordionItem("Fold", b("folded")))
		tall := container.NewVBox()
		for i := range 50 {
			tall.Add(b(fmt.Sprint("scrolled ", i)))
		}
		split := container.NewHSplit(container.NewScroll(tall), container.NewGridWithColumns(2, b("grid 1"), b("grid 2")))
		card := widget.NewCard("Title", "Subtitle", b("in card"))
		inner := container.NewMultipleWindows(container.NewInnerWindow("Inner", b("in inner")))
		return container.NewBorder(tabs, container.NewVBox(docs, inner), fold, container.NewThemeOverride(card, theme.DefaultTheme()), split)
	}, func(ctx context.Context, u *User) {
		for _, text := range []string{"in one", "scrolled 0", "scrolled 49", "grid 2", "in card", "in doc 1", "in inner"} {
			u.Tap(text)
			require.Equal(t, text, l.take())
		}
		u.Gone("in two")
		u.Tap("Two")
		u.Gone("in one")
		u.Tap("in two")
		u.Tap("Doc 2")
		u.Tap("in doc 2")
		u.Gone("folded")
		u.Tap("Fold")
		u.Tap("folded")
		require.Equal(t, "in two in doc 2 folded", l.take())
		u.See("Title")
		u.See("Subtitle")
	})
}

func TestTapFindsRowsByTheirTexts(t *testing.T) {
	var l log
	rows := []string{"ann", "bob", "cid"}
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		list := widget.NewList(func() int { return len(rows) },
			func() fyne.CanvasObject {
				return container.NewBorder(nil, nil, nil, widget.NewButton("", nil), widget.NewLabel(""))
			},
			func(i widget.ListItemID, o fyne.CanvasObject) {
				parts := o.(*fyne.Container).Objects
				parts[0].(*widget.Label).SetText(rows[i])
				parts[1].(*widget.Button).SetText("drop " + rows[i])
				parts[1].(*widget.Button).OnTapped = l.add("drop " + rows[i])
			})
		list.OnSelected = func(i widget.ListItemID) { l.add("row " + rows[i])() }
		table := widget.NewTable(func() (int, int) { return 3, 2 }, func() fyne.CanvasObject { return widget.NewLabel("a cell") },
			func(id widget.TableCellID, o fyne.CanvasObject) {
				o.(*widget.Label).SetText(fmt.Sprintf("cell %d%d", id.Row, id.Col))
			})
		table.OnSelected = func(id widget.TableCellID) { l.add(fmt.Sprintf("cell %d%d", id.Row, id.Col))() }
		tree := widget.NewTreeWithStrings(map[string][]string{"": {"root"}, "root": {"leaf"}})
		tree.OnSelected = func(id widget.TreeNodeID) { l.add("node " + id)() }
		tree.OpenAllBranches()
		wrap := widget.NewGridWrap(func() int { return 4 }, func() fyne.CanvasObject { return widget.NewLabel("wrap") },
			func(i widget.GridWrapItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(fmt.Sprint("wrap ", i)) })
		wrap.OnSelected = func(i widget.GridWrapItemID) { l.add(fmt.Sprint("wrap ", i))() }
		return container.NewGridWithColumns(2, list, table, tree, wrap)
	}, func(ctx context.Context, u *User) {
		for text, want := range map[string]string{
			"bob": "row bob", "drop cid": "drop cid", "cell 11": "cell 11", "cell 21": "cell 21",
			"leaf": "node leaf", "root": "node root", "wrap 3": "wrap 3",
		} {
			u.Tap(text)
			require.Equal(t, want, l.take())
		}
		rows = append(rows, "dan")
		Find[*widget.List](u, "ann").Refresh()
		u.Tap("dan")
		require.Equal(t, "row dan", l.take())
	})
}

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

func TestTapFindsTheButtonInAnEntry(t *testing.T) {
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		entry := widget.NewEntry()
		entry.ActionItem = widget.NewButtonWithIcon("", theme.CancelIcon(), func() { entry.SetText("") })
		return widget.NewForm(widget.NewFormItem("Title", entry))
	}, func(ctx context.Context, u *User) {
		u.Type("Title", "Emma")
		u.Tap("cancel")
		require.Empty(t, Find[*widget.Entry](u, "Title").Text)
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

func TestUserWaitsUntilItIsThere(t *testing.T) {
	var l log
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		b := widget.NewButton("Later", l.add("tapped"))
		b.Disable()
		return container.NewVBox(b)
	}, func(ctx context.Context, u *User) {
		began := time.Now()
		later := func(d time.Duration, fn func()) {
			guest.After(ctx, d, func(context.Context) error { fn(); return nil })
		}
		b := Find[*widget.Button](u, "Later")
		later(3*time.Second, b.Enable)
		u.Tap("Later")
		require.Equal(t, 3*time.Second, time.Since(began))
		require.Equal(t, "tapped", l.take())
		later(time.Second, func() { b.SetText("Changed now") })
		u.See("now")
		u.Gone("hanged") // no whole word
		later(time.Second, b.Hide)
		u.Gone("Changed")
		require.Equal(t, 5*time.Second, time.Since(began))
		var done atomic.Bool
		go func() { time.Sleep(time.Second); done.Store(true) }()
		u.WaitUntil("a goroutine has done it", done.Load)
		require.InDelta(t, 6, time.Since(began).Seconds(), 0.02)
		u.Within(2*time.Hour).WaitUntil("an hour has gone", func() bool { return time.Since(began) > time.Hour })
		require.InDelta(t, 3600, time.Since(began).Seconds(), 2)
		b.Show()
		u.window.Hide()
		u.Gone("Changed")
		later(time.Second, u.window.Show)
		u.Tap("Changed now")
		require.Equal(t, "tapped", l.take())
	})
}

// What can happen now has happened when a call returns, whoever had to run for it.
func TestUserLetsTheProgramComeToRest(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		status := widget.NewLabel("")
		g, _ := guest.FromContext(ctx)
		u.window.SetContent(container.NewVBox(status, widget.NewButton("Go", func() {
			g.Go(func(ctx context.Context) error {
				for i := range 100 {
					if _, err := guest.Background(ctx, func(context.Context) (int, error) { return i, nil }); err != nil {
						return err
					}
				}
				status.SetText("hundred")
				go func() { fyne.Do(func() { status.SetText(status.Text + " and one") }) }()
				if err := guest.Sleep(ctx, time.Nanosecond); err != nil {
					return err
				}
				status.SetText("too late")
				return nil
			})
		})))
		u.Tap("Go")
		require.Equal(t, "hundred and one", status.Text)
	})
}

func TestUserLooksOnlyWhenSomethingHasHappened(t *testing.T) {
	looks := 0
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		guest.After(ctx, 9*time.Second, func(context.Context) error { return nil })
		_, err := u.await("test", func() string { looks++; return "never" }, false)
		require.Error(t, err)
	})
	require.LessOrEqual(t, looks, 4)
}

func TestCallsOfTheUserAreNoTasks(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("") }, func(ctx context.Context, u *User) {
		var err error
		u.window.SetContent(widget.NewButton("Wait", func() { err = guest.Sleep(ctx, time.Second) }))
		u.Tap("Wait")
		require.Error(t, err, "as in a handler that Fyne calls")
	})
}

func TestUserOutsideATaskIsRefused(t *testing.T) {
	inWindow(t, func(fyne.Window) fyne.CanvasObject { return widget.NewLabel("text") }, func(ctx context.Context, u *User) {
		want := `fynetest: See("text") called outside a task; call it in the test's body, or in a task of it`
		require.NoError(t, guest.RunOnMain(ctx, func() { require.PanicsWithValue(t, want, func() { u.See("text") }) }))
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			require.PanicsWithValue(t, want, func() { u.See("text") })
			return 0, nil
		})
		require.NoError(t, err)
		require.NoError(t, guest.Yield(ctx))
		require.Panics(t, func() { NewUser(context.Background(), t, u.window) })
	})
}

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

// A gauge is a widget of a program's own.
type gauge struct {
	widget.BaseWidget
	name  *canvas.Text
	wound int
}

func newGauge(name string) *gauge {
	g := &gauge{name: canvas.NewText(name, theme.Color(theme.ColorNameForeground))}
	g.ExtendBaseWidget(g)
	return g
}

func (g *gauge) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(g.name))
}

func (g *gauge) Tapped(*fyne.PointEvent) { g.wound++ }

// A number is an entry of a program's own.
type number struct{ widget.Entry }

func (n *number) TypedRune(r rune) {
	if r >= '0' && r <= '9' {
		n.Entry.TypedRune(r)
	}
}

func TestFindReturnsWidgetsOfTheProgramsOwn(t *testing.T) {
	n := &number{}
	n.ExtendBaseWidget(n)
	inWindow(t, func(fyne.Window) fyne.CanvasObject {
		return container.NewVBox(newGauge("left"), newGauge("right"), widget.NewForm(widget.NewFormItem("Age", n)))
	}, func(ctx context.Context, u *User) {
		g := Find[*gauge](u, "right")
		require.Equal(t, "right", g.name.Text)
		u.Tap("right")
		require.Equal(t, 1, g.wound)
		u.Type("Age", "a4b2")
		require.Equal(t, "42", n.Text)
		require.Same(t, n, Find[*number](u, "Age"))
		u.See("42")
		require.Len(t, Find[*fyne.Container](u, "Age").Objects, 2, "the innermost, which is the form's grid")
	})
}

func TestScreenListsWhatIsSeen(t *testing.T) {
	inWindow(t, func(w fyne.Window) fyne.CanvasObject {
		off := widget.NewButton("Delete", nil)
		off.Disable()
		on := widget.NewCheck("Bold", nil)
		on.SetChecked(true)
		name := widget.NewEntry()
		name.SetPlaceHolder("your name")
		bar := widget.NewProgressBar()
		bar.SetValue(0.5)
		hidden := widget.NewLabel("hidden")
		hidden.Hide()
		list := widget.NewList(func() int { return 2 },
			func() fyne.CanvasObject { return container.NewHBox(widget.NewLabel(""), widget.NewLabel("")) },
			func(i widget.ListItemID, o fyne.CanvasObject) {
				for n, part := range o.(*fyne.Container).Objects {
					part.(*widget.Label).SetText(fmt.Sprint(i, n))
				}
			})
		w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", &fyne.MenuItem{Label: "Open", Disabled: true})))
		return container.NewBorder(container.NewVBox(widget.NewLabel("Files"), off, on, name, bar, hidden, newGauge("gauge")),
			nil, nil, nil, list)
	}, func(ctx context.Context, u *User) {
		dialog.ShowInformation("Done", "All of it.", u.window)
		want := `window "main", 640×480
  menu File > Open, disabled
  row
    label "0 0"
    label "0 1"
  row
    label "1 0"
    label "1 1"
  label "Files"
  button "Delete", disabled
  check "Bold", on
  entry "" (your name)
  progress "50%"
  fynetest.gauge "gauge"
  above it:
    label "All of it."
    button "OK"
    label "Done"
`
		lines := func(s string) []string {
			l := strings.Split(s, "\n")
			slices.Sort(l)
			return l
		}
		require.Equal(t, lines(want), lines(u.Screen()), u.Screen())
		require.Equal(t, u.Screen(), fmt.Sprint(u))
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

// A handler that panics is called once, and the User goes on.
func TestActsHappenOnceAlsoWithAPanic(t *testing.T) {
	var l log
	hurts := func(name string) { l.add(name)(); panic(name) }
	var heard []string
	listen := func(err error) { heard = append(heard, err.Error()) }
	acts := map[string]func(u *User, w fyne.Window){
		"Tap":    func(u *User, _ fyne.Window) { u.Tap("Tap") },
		"menu":   func(u *User, _ fyne.Window) { u.Tap("menu") },
		"Type":   func(u *User, _ fyne.Window) { u.Type("Name", "x") },
		"Press":  func(u *User, w fyne.Window) { w.Canvas().Unfocus(); u.Press(fyne.KeyEscape) },
		"Choose": func(u *User, _ fyne.Window) { u.Choose("Size", "M") },
		"radio":  func(u *User, _ fyne.Window) { u.Choose("Colour", "red") },
		"Answer": func(u *User, w fyne.Window) {
			dialog.ShowConfirm("", "?", func(bool) { hurts("Answer") }, w)
			u.Answer("Yes")
		},
		"Close": func(u *User, w fyne.Window) {
			w.SetCloseIntercept(func() { hurts("Close") })
			u.Close()
		},
	}
	Run(t, func(ctx context.Context, app fyne.App) {
		for name, act := range acts {
			w := app.NewWindow(name)
			entry := widget.NewEntry()
			entry.OnChanged = func(string) { hurts("Type") }
			w.SetContent(container.NewVBox(widget.NewButton("Tap", func() { hurts("Tap") }), widget.NewForm(
				widget.NewFormItem("Name", entry),
				widget.NewFormItem("Size", widget.NewSelect([]string{"S", "M"}, func(string) { hurts("Choose") })),
				widget.NewFormItem("Colour", widget.NewRadioGroup([]string{"red"}, func(string) { hurts("radio") })),
			)))
			w.SetMainMenu(fyne.NewMainMenu(fyne.NewMenu("File", fyne.NewMenuItem("menu", func() { hurts("menu") }))))
			w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { hurts("Press") })
			w.Show()
			began := time.Now()
			act(NewUser(ctx, t, w), w)
			require.Equal(t, name, l.take())
			require.Len(t, heard, 1)
			require.Contains(t, heard[0], name)
			require.Zero(t, time.Since(began))
			heard = nil
		}
	}, &guesttest.Options{Guest: &guest.Options{OnError: listen}})
}
