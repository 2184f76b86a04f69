// Wizard creates an account, on three pages. Watch for these things: signUp reads from top to
// bottom. Each page returns how many pages to move, and Back returns -1. The program asks the
// server whether a name is taken ("Ada" is) while the window stays alive, and Cancel stops
// that. It creates the account behind a dialog that you can cancel. The server fails at first.
// Closing the window asks only if something would be lost.
//
//	go run ./examples/wizard
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	a := app.NewWithID("com.github.golodger.wizard")
	err := fynehost.Run(a, func(ctx context.Context) error {
		return signUp(ctx, a.NewWindow("Sign up"), &server{failures: 2})
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// signUp shows page after page. It returns when the account has been created or the window is
// closed.
func signUp(ctx context.Context, w fyne.Window, s *server) error {
	z := newWizard(ctx, w)
	name, email, both := z.entry(), z.entry(), widget.NewLabel("")
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
		if name.Text == "" && email.Text == "" {
			return true, nil
		}
		return fynehost.Confirm(ctx, w, "Sign up", "Discard what you have entered?")
	})
	w.Show()

	pages := []page{
		{"Who are you?", form("Name", name), name, "Next", func(ctx context.Context) (bool, error) {
			return z.check(ctx, name, func(ctx context.Context) error { return s.checkName(ctx, name.Text) })
		}},
		{"How can we reach you?", form("E-mail", email), email, "Next", func(ctx context.Context) (bool, error) {
			return z.check(ctx, email, func(ctx context.Context) error { return s.checkEmail(ctx, email.Text) })
		}},
		{"Is this right?", both, nil, "Create account", func(ctx context.Context) (bool, error) {
			return create(ctx, w, s, account{name.Text, email.Text})
		}},
	}
	for at := 0; at < len(pages); {
		both.SetText("Name: " + name.Text + "\nE-mail: " + email.Text)
		step, err := z.show(ctx, pages[at], at == 0)
		if err != nil {
			return err
		}
		at += step
	}
	fynehost.QuitOnClose(g, w, nil) // from here on, closing loses nothing
	return fynehost.Inform(ctx, w, "Sign up", "Welcome, "+name.Text+"!")
}

// create creates the account behind a dialog. ok is false if the user has cancelled it, or if it
// failed; then the user has seen the error.
func create(ctx context.Context, w fyne.Window, s *server, a account) (ok bool, err error) {
	const attempts = 3
	_, ok, err = fynehost.Busy(ctx, w, "Creating the account", func(ctx context.Context, report func(float64, string)) (struct{}, error) {
		again := func(n int, err error, _ time.Duration) {
			report(-1, fmt.Sprintf("%v; attempt %d of %d", err, n+1, attempts))
		}
		attempt := func(ctx context.Context) (struct{}, error) { return struct{}{}, s.create(ctx, a) }
		return flow.Retry(ctx, attempt, &flow.RetryPolicy{Attempts: attempts, Delay: time.Second, OnRetry: again})
	})
	return ok, err
}

func form(label string, field fyne.CanvasObject) fyne.CanvasObject {
	return widget.NewForm(widget.NewFormItem(label, field))
}
