package teahost

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/guest"
)

// A UI is the screen of a program in straight lines: what was printed, and below it the question
// that waits for an answer, if there is one. It is a model; its methods take the place of Update.
type UI struct {
	lines []string
	asked []question        // the last one is shown, and gets the keys
	ahead []tea.KeyPressMsg // typed before a question was there
	rows  int               // of the terminal; 0: not known
	quit  func(cause error)
}

// A question is what waits for keys.
type question interface {
	key(k tea.KeyPressMsg)
	paste(text string)
	view() string
}

// Run runs main as the first task of a guest in the loop of a program that shows a UI, and
// returns when it has ended. Ctrl+C cancels main with guest.ErrQuit; that is no failure. The
// main goroutine only, if the program has it. Waits.
func Run(main func(ctx context.Context, ui *UI) error, opts ...tea.ProgramOption) error {
	ui := &UI{}
	return guest.RunTask(New(ui, opts...), func(ctx context.Context) error {
		if g, ok := guest.FromContext(ctx); ok {
			ui.quit = g.Cancel
		}
		return main(ctx, ui)
	}, nil)
}

// Printf adds a line. UI thread only. Never waits.
func (ui *UI) Printf(format string, args ...any) {
	ui.lines = append(ui.lines, strings.Split(fmt.Sprintf(format, args...), "\n")...)
}

// Clear takes all lines away. UI thread only. Never waits.
func (ui *UI) Clear() { ui.lines = nil }

// A Panel is what a program shows below the lines and as long as it likes. Nil functions are fine.
type Panel struct {
	View func() string           // drawn after each turn
	Key  func(k tea.KeyPressMsg) // called for each key but Ctrl+C; a handler: it must not wait
}

// Show puts a panel above what waits for keys, until hide is called. UI thread only. Never waits.
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

// Rows is how many rows the terminal has; 0 if that is not known. UI thread only. Never waits.
func (ui *UI) Rows() int { return ui.rows }

// Text is what is on the screen, for tests. UI thread only. Never waits.
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

// Init is Bubble Tea's.
func (ui *UI) Init() tea.Cmd { return nil }

// Update is Bubble Tea's: it gives keys to the question.
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

// View is Bubble Tea's.
func (ui *UI) View() tea.View { return tea.NewView(ui.Text()) }

const maxAhead = 200

// typed gives a key to the question that is shown, or keeps it for the next one.
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
		ui.typed(k) // which may answer q, and be for the next
	}
	return func() { ui.hide(q) }
}

func (ui *UI) hide(q question) {
	ui.asked = slices.DeleteFunc(ui.asked, func(a question) bool { return a == q })
}

// ask shows a question until it is answered, or ctx is done.
func ask[T any](ctx context.Context, ui *UI, of func(answer func(T)) question) (T, error) {
	return guest.Await(ctx, func(answer func(T)) (cancel func()) {
		// Hidden in the moment of the answer: what is typed next is for the next question.
		var q question
		q = of(func(v T) { ui.hide(q); answer(v) })
		ui.show(q)
		return func() { ui.hide(q) }
	})
}
