package fynetest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"
)

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
