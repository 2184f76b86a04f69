package teahost

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// ErrEscaped is returned when the user presses Esc.
var ErrEscaped = errors.New("teahost: escaped")

// An answer is a value, or says that Esc was pressed.
type answer[T any] struct {
	value T
	err   error
}

func answered[T any](a answer[T], err error) (T, error) {
	if err != nil {
		return a.value, err
	}
	return a.value, a.err
}

// Prompt asks for a line. Esc returns ErrEscaped. In a task. Waits.
func (ui *UI) Prompt(ctx context.Context, text string) (string, error) {
	a, err := answered(ask(ctx, ui, func(answer func(answer[string])) question {
		return &prompt{text: text, answer: answer}
	}))
	if err == nil {
		ui.Printf("%s %s", text, a)
	}
	return a, err
}

type prompt struct {
	text, typed string
	answer      func(answer[string])
}

func (p *prompt) view() string { return p.text + " " + p.typed + "█" }

func (p *prompt) paste(text string) { p.typed += strings.ReplaceAll(text, "\n", " ") }

func (p *prompt) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "enter":
		p.answer(answer[string]{value: p.typed})
	case "esc":
		p.answer(answer[string]{err: ErrEscaped})
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(p.typed)
		p.typed = p.typed[:len(p.typed)-size]
	case "ctrl+u":
		p.typed = ""
	default:
		p.typed += k.Text
	}
}

// Confirm asks a question that the user answers with y or n, or with the arrow keys and Enter;
// Enter alone means yes. Esc returns ErrEscaped. In a task. Waits.
func (ui *UI) Confirm(ctx context.Context, text string) (bool, error) {
	yes, err := ui.Choose(ctx, text, "yes", "no")
	return yes == 0 && err == nil, err
}

// Choose asks for one of several options, and returns its index. The user chooses with the arrow
// keys and Enter, or with the first letter. With an error, the index is -1. Esc returns
// ErrEscaped. Choose panics without an option. In a task. Waits.
func (ui *UI) Choose(ctx context.Context, text string, options ...string) (int, error) {
	if len(options) == 0 {
		panic("teahost: Choose called without options; pass at least one")
	}
	n, err := answered(ask(ctx, ui, func(answer func(answer[int])) question {
		return &choice{text: text, options: options, answer: answer}
	}))
	if err != nil {
		return -1, err
	}
	ui.Printf("%s %s", text, options[n])
	return n, nil
}

type choice struct {
	text    string
	options []string
	at      int
	answer  func(answer[int])
}

func (c *choice) view() string {
	var b strings.Builder
	b.WriteString(c.text)
	for i, option := range c.options {
		mark := "  "
		if i == c.at {
			mark = "▸ "
		}
		fmt.Fprintf(&b, "\n%s%s", mark, option)
	}
	return b.String()
}

func (c *choice) paste(string) {}

func (c *choice) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "enter":
		c.answer(answer[int]{value: c.at})
	case "esc":
		c.answer(answer[int]{err: ErrEscaped})
	case "up":
		c.at = max(0, c.at-1)
	case "down", "tab":
		c.at = min(len(c.options)-1, c.at+1)
	default:
		for i, option := range c.options {
			if k.Text != "" && strings.HasPrefix(strings.ToLower(option), strings.ToLower(k.Text)) {
				c.answer(answer[int]{value: i})
				return
			}
		}
	}
}
