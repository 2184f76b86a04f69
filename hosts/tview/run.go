package tviewhost

import (
	"context"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs the application with a guest whose first task is main, and returns when both have
// ended. Ctrl+C cancels the guest with guest.ErrQuit, which is not a failure. The application
// stops when everything has unwound. If you set an input capture of your own, do that before
// Run, since it replaces Run's. If a task fails, for example one that a handler starts with
// main's ctx, it cancels no other task. Its error goes to Options.OnError, or to the log, which
// should be a file. opts may be nil. Any goroutine; use the main goroutine if you can. Waits.
func Run(app *tview.Application, main func(ctx context.Context) error, opts *guest.Options) error {
	return guest.RunTask(New(app), func(ctx context.Context) error {
		if g, ok := guest.FromContext(ctx); ok {
			QuitOnCtrlC(app, g)
		}
		return main(ctx)
	}, apart.Options(opts))
}

// QuitOnCtrlC makes Ctrl+C a request: it cancels the guest with guest.ErrQuit, and the
// application stops when everything has unwound. Without it tview would stop at once. An input
// capture that was set before still gets the other keys. UI thread only. Never waits.
func QuitOnCtrlC(app *tview.Application, g *guest.Guest) {
	before := app.GetInputCapture()
	app.SetInputCapture(func(key *tcell.EventKey) *tcell.EventKey {
		switch {
		case key.Key() == tcell.KeyCtrlC:
			select {
			case <-g.Done():
				return key // nothing is left to unwind, and tview stops
			default:
			}
			if h, ok := g.Host().(*Host); ok {
				h.ends.Store(true) // also a loop of the program's own
			}
			g.Cancel(guest.ErrQuit)
			return nil
		case before != nil:
			return before(key)
		}
		return key
	})
}

// Ask shows a question over the pages, and returns the index of the button that the user chose,
// or -1 for Esc and with an error. In a task. Waits.
func Ask(ctx context.Context, app *tview.Application, pages *tview.Pages, text string, buttons ...string) (int, error) {
	const name = "tviewhost.Ask"
	focus := app.GetFocus()
	defer func() {
		pages.RemovePage(name)
		app.SetFocus(focus)
	}()
	n, err := guest.Await(ctx, func(answer func(int)) (cancel func()) {
		modal := tview.NewModal().SetText(text).AddButtons(buttons)
		modal.SetDoneFunc(func(button int, _ string) { answer(button) })
		pages.AddPage(name, modal, true, true)
		app.SetFocus(modal)
		return nil
	})
	if err != nil {
		return -1, err
	}
	return n, nil
}
