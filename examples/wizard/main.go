// Wizard signs up for an account, on three pages. Watch for: signUp reads from top to bottom,
// and Back is one step less; the server is asked whether a name is taken ("Ada" is) while the
// window stays alive, and Cancel takes the question back; the account is made under a dialog that
// can be cancelled, by a server that fails at first; closing asks only when something is lost.
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

// signUp leads the user from page to page, and returns when there is an account, or the window is
// closed.
func signUp(ctx context.Context, w fyne.Window, s *server) error {
	z := newWizard(w)
	name, email := z.entry(), z.entry()
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
		if name.Text == "" && email.Text == "" {
			return true, nil
		}
		return fynehost.Confirm(ctx, w, "Sign up", "Forget what you have entered?")
	})
	w.Show()

	pages := []func() (step int, err error){
		func() (int, error) {
			return z.show(ctx, page{title: "Who are you?", first: true, content: form("Name", name), field: name,
				check: func(ctx context.Context) error { return s.checkName(ctx, name.Text) }})
		},
		func() (int, error) {
			return z.show(ctx, page{title: "How can we reach you?", content: form("E-mail", email), field: email,
				check: func(ctx context.Context) error { return s.checkEmail(ctx, email.Text) }})
		},
		func() (int, error) {
			step, err := z.show(ctx, page{title: "Is this right?", next: "Create account",
				content: widget.NewLabel("Name: " + name.Text + "\nE-mail: " + email.Text)})
			if step < 0 || err != nil {
				return step, err
			}
			return create(ctx, w, s, account{name.Text, email.Text})
		},
	}
	for at := 0; at < len(pages); {
		step, err := pages[at]()
		if err != nil {
			return err
		}
		at += step
	}
	fynehost.QuitOnClose(g, w, nil) // nothing is lost from here on
	return fynehost.Inform(ctx, w, "Sign up", "Welcome, "+name.Text+"!")
}

// create makes the account under a dialog, and returns 1; or 0, to stay on the page, when the
// user has cancelled it, or has read why it failed.
func create(ctx context.Context, w fyne.Window, s *server, a account) (step int, err error) {
	const attempts = 3
	_, ok, err := fynehost.Busy(ctx, w, "Creating the account", func(ctx context.Context, report func(float64, string)) (struct{}, error) {
		return flow.Retry(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.create(ctx, a) }, &flow.RetryPolicy{
			Attempts: attempts,
			Delay:    time.Second,
			OnRetry: func(n int, err error, _ time.Duration) {
				report(-1, fmt.Sprintf("%v; attempt %d of %d", err, n+1, attempts))
			},
		})
	})
	if !ok {
		return 0, err
	}
	return 1, err
}

func form(label string, field fyne.CanvasObject) fyne.CanvasObject {
	return widget.NewForm(widget.NewFormItem(label, field))
}
