package teahost

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// A UI is the screen of a program: the lines that were printed, and below them the question that
// waits for an answer, if there is one. It is a model whose methods replace Update.
type UI struct {
	lines []string
	asked []question        // the last one is shown and gets the keys
	ahead []tea.KeyPressMsg // typed before a question was there
	rows  int               // of the terminal; 0: unknown
	quit  func(cause error)
}

// A question waits for keys.
type question interface {
	key(k tea.KeyPressMsg)
	paste(text string)
	view() string
}

// Run runs main as the first task of a guest in the loop of a program that shows a UI, and
// returns when it has ended. Ctrl+C cancels the guest with guest.ErrQuit, which is not a
// failure. If a task fails, for example one that a Panel's Key starts, it cancels no other
// task: its error goes to the log, which should be a file. Any goroutine; use the main
// goroutine if you can. Waits.
func Run(main func(ctx context.Context, ui *UI) error, opts ...tea.ProgramOption) error {
	ui := &UI{}
	return guest.RunTask(New(ui, opts...), func(ctx context.Context) error {
		if g, ok := guest.FromContext(ctx); ok {
			ui.quit = g.Cancel
		}
		return main(ctx, ui)
	}, apart.Options(nil))
}

// Printf adds a line. UI thread only. Never waits.
func (ui *UI) Printf(format string, args ...any) {
	ui.lines = append(ui.lines, strings.Split(fmt.Sprintf(format, args...), "\n")...)
}

// Clear removes all lines. UI thread only. Never waits.
func (ui *UI) Clear() { ui.lines = nil }

// A Panel is a part of the screen below the lines. It stays as long as you like. Nil functions
// are fine.
type Panel struct {
	View func() string           // drawn after each turn
	Key  func(k tea.KeyPressMsg) // a handler for each key except Ctrl+C; must not wait
}

// Show shows a panel until hide is called. The panel gets the keys before any open question. UI
// thread only. Never waits.
func (ui *UI) Show(p Panel) (hide func()) { return ui.show(&panel{p}) }

type panel struct{ Panel }

func (p *panel) paste(string) {}

func (p *panel) key(k tea.KeyPressMsg) {
	if p.Key != nil {
		p.Key(k)
	}
}

func (p *panel) view() string {
	if p.View == nil {
		return ""
	}
	return p.View()
}

// Rows returns the number of rows of the terminal, or 0 if it is unknown. UI thread only. Never
// waits.
func (ui *UI) Rows() int { return ui.rows }

// Text returns the text on the screen. It is for tests. UI thread only. Never waits.
func (ui *UI) Text() string {
	lines := ui.lines
	if len(ui.asked) > 0 {
		lines = append(lines[:len(lines):len(lines)], strings.Split(ui.asked[len(ui.asked)-1].view(), "\n")...)
	}
	if ui.rows > 0 && len(lines) > ui.rows {
		lines = lines[len(lines)-ui.rows:]
	}
	return strings.Join(lines, "\n")
}

// Init implements tea.Model.
func (ui *UI) Init() tea.Cmd { return nil }

// Update implements tea.Model: it passes keys to the question.
func (ui *UI) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		ui.rows = msg.Height
	case tea.KeyPressMsg:
		switch {
		case msg.String() == "ctrl+c":
			if ui.quit != nil {
				ui.quit(guest.ErrQuit)
			}
		default:
			ui.typed(msg)
		}
	case tea.PasteMsg:
		if len(ui.asked) > 0 {
			ui.asked[len(ui.asked)-1].paste(msg.Content)
		}
	}
	return ui, nil
}

// View implements tea.Model.
func (ui *UI) View() tea.View { return tea.NewView(ui.Text()) }

const maxAhead = 200

// typed passes a key to the question that is shown, or keeps it for the next question.
func (ui *UI) typed(k tea.KeyPressMsg) {
	switch {
	case len(ui.asked) > 0:
		ui.asked[len(ui.asked)-1].key(k)
	case len(ui.ahead) < maxAhead:
		ui.ahead = append(ui.ahead, k)
	}
}

// show puts a question above all others until hide is called.
func (ui *UI) show(q question) (hide func()) {
	ui.asked = append(ui.asked, q)
	ahead := ui.ahead
	ui.ahead = nil
	for _, k := range ahead {
		ui.typed(k) // a key may answer q; the rest is for the next question
	}
	return func() { ui.hide(q) }
}

func (ui *UI) hide(q question) {
	ui.asked = slices.DeleteFunc(ui.asked, func(a question) bool { return a == q })
}

// ask shows a question until it is answered or ctx is done.
func ask[T any](ctx context.Context, ui *UI, of func(answer func(T)) question) (T, error) {
	return guest.Await(ctx, func(answer func(T)) (cancel func()) {
		// The question is hidden at the moment of the answer, so the next keys go to the next
		// question.
		var q question
		q = of(func(v T) { ui.hide(q); answer(v) })
		ui.show(q)
		return func() { ui.hide(q) }
	})
}
