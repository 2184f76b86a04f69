package fynetest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

// What fails on purpose does so in a process of its own, with this variable set.
const failsVar = "FYNETEST_FAILS"

// A failing test, and what it must print.
type failing struct {
	body func(t *testing.T, ctx context.Context, app fyne.App)
	user func(u *User) // in place of body, in a window of notes
	opts *guesttest.Options
	says []string // patterns; none: wanted
}

func (f failing) run(t *testing.T) {
	Run(t, func(ctx context.Context, app fyne.App) {
		if f.user == nil {
			f.body(t, ctx, app)
			return
		}
		f.user(NewUser(ctx, t, notes(t, app)))
		t.Log("not reached")
	}, f.opts)
}

func notes(t *testing.T, app fyne.App) fyne.Window {
	w := app.NewWindow("notes")
	off := widget.NewButton("Save", func() {})
	off.Disable()
	w.SetContent(container.NewVBox(widget.NewLabel("not saved"), off,
		widget.NewButton("Twice", nil), widget.NewButton("Twice", nil),
		widget.NewButton("Fail", func() { require.Fail(t, "wanted") }), widget.NewButton("Panic", func() { panic("wanted") }),
		widget.NewForm(widget.NewFormItem("Pick", widget.NewSelect([]string{"one", "two"}, nil))), widget.NewEntry()))
	w.Show()
	return w
}

// screenOf is what every failure of a user's prints.
const screenOf = `(?s)window "notes", \d+×\d+\n *label "not saved"\n *button "Save", disabled\n.*entry ""`

var failures = map[string]failing{
	"require": {body: func(t *testing.T, _ context.Context, _ fyne.App) { require.Fail(t, "wanted"); t.Log("not reached") }},
	"require in a task": {body: func(t *testing.T, ctx context.Context, _ fyne.App) {
		guest.Go(ctx, func(context.Context) error { require.Fail(t, "wanted"); return nil })
		_ = guest.Park(ctx)
	}},
	"error": {body: func(_ *testing.T, ctx context.Context, _ fyne.App) {
		guest.Go(ctx, func(context.Context) error { return errors.New("wanted") })
	}},
	"require in a task of the guest": {body: func(t *testing.T, ctx context.Context, _ fyne.App) {
		g, _ := guest.FromContext(ctx)
		g.Go(func(context.Context) error { require.Fail(t, "wanted"); return nil })
		_ = guest.Park(ctx)
	}},
	"require in real time": {body: func(t *testing.T, ctx context.Context, _ fyne.App) {
		guest.Go(ctx, func(context.Context) error { require.Fail(t, "wanted"); return nil })
		_ = guest.Park(ctx)
	}, opts: &guesttest.Options{RealTime: true}},
	"unobserved error": {body: func(_ *testing.T, ctx context.Context, _ fyne.App) {
		g, _ := guest.FromContext(ctx)
		g.Go(func(context.Context) error { return errors.New("wanted") })
		_ = guest.Sleep(ctx, time.Millisecond)
	}},
	"panic": {body: func(*testing.T, context.Context, fyne.App) { panic("wanted") }},
	"inside itself": {body: func(t *testing.T, ctx context.Context, app fyne.App) {
		defer func() { t.Error("wanted: ", recover()) }()
		Run(t, func(context.Context, fyne.App) { t.Log("not reached") }, nil)
	}},
	"never ends": {
		body: func(t *testing.T, ctx context.Context, app fyne.App) { notes(t, app); guest.Go(ctx, wanted) },
		says: []string{`the test did not end after 24h0m0s: the body has returned; .* Cancelled: fynetest\.wanted`, screenOf},
	},
	"never ends in real time": {
		body: func(t *testing.T, ctx context.Context, app fyne.App) { notes(t, app); _ = guest.Park(ctx) },
		opts: &guesttest.Options{RealTime: true, Limit: 50 * time.Millisecond},
		says: []string{`the test did not end after 50ms: the body has not returned`, screenOf},
	},
	"require with windows": {
		body: func(t *testing.T, _ context.Context, app fyne.App) {
			notes(t, app)
			app.NewWindow("second")
			require.Fail(t, "wanted")
		},
		says: []string{`at the end there were`, screenOf, `window "second", 100×100, not shown`},
	},

	"see":    {user: func(u *User) { u.See("saved and sound") }, says: []string{`See\("saved and sound"\) in window "notes": it is not there \(for 10s\)`, screenOf}},
	"gone":   {user: func(u *User) { u.Gone("not saved") }, says: []string{`Gone\("not saved"\) .*: it is still there`, screenOf}},
	"within": {user: func(u *User) { u.Within(time.Hour).See("x") }, says: []string{`it is not there \(for 1h0m0s\)`, screenOf}},
	"until": {user: func(u *User) { u.WaitUntil("it is Monday", func() bool { return false }) },
		says: []string{`WaitUntil\("it is Monday"\) .*: it has not happened`, screenOf}},
	"disabled": {user: func(u *User) { u.Tap("Save") }, says: []string{`Tap\("Save"\) .*: it is disabled`, screenOf}},
	"missing":  {user: func(u *User) { u.Tap("Open") }, says: []string{`Tap\("Open"\) .*: it is not there`, screenOf}},
	"plain":    {user: func(u *User) { u.Tap("not saved") }, says: []string{`: it is there, but it can't be tapped`, screenOf}},
	"twice":    {user: func(u *User) { u.Tap("Twice") }, says: []string{`: there are 2: button "Twice"; button "Twice"; use In, or Find`, screenOf}},
	"behind": {user: func(u *User) { dialog.ShowInformation("A", "B", u.window); u.Tap("Fail") },
		says: []string{`: it is behind a dialog or a menu`, screenOf, `(?s)above it:\n.*button "OK"`}},
	"no dialog": {user: func(u *User) { u.Answer("Fail") }, says: []string{`Answer\("Fail"\) .*: no dialog is open`}},
	"no entry":  {user: func(u *User) { u.Type("Name", "Ada") }, says: []string{`Type\("Name", "Ada"\) .*: there is no entry with this label`}},
	"no option": {user: func(u *User) { u.Choose("Pick", "three") }, says: []string{`: it has only these options: \["one" "two"\]`}},
	"no object": {user: func(u *User) { Find[*widget.Check](u, "") }, says: []string{`Find\[\*widget\.Check\]\(""\) .*: there are 0 of them`}},
	"hidden":    {user: func(u *User) { u.window.Hide(); u.Tap("Twice") }, says: []string{`: the window is not shown; call its Show`, `notes", .*, not shown`}},
	"closed":    {user: func(u *User) { u.window.driver.CreateWindow("stays"); u.Close(); u.Tap("Twice") }, says: []string{`: the window is closed`}},
	"quit":      {user: func(u *User) { u.Close(); u.See("not saved") }, says: []string{`the window is closed; interrupted: guest: the host's loop has ended`}},
	"never at rest": {user: func(u *User) {
		guest.Go(u.ctx, func(ctx context.Context) error {
			for guest.Yield(ctx) == nil {
			}
			return nil
		})
		u.See("x")
	}, says: []string{`the test did not end after 1048576 batches of tasks`, screenOf}},
	"require in a handler": {user: func(u *User) { u.Tap("Fail") }, says: []string{`Error:\s+wanted`, screenOf}},
	"panic in a handler":   {user: func(u *User) { u.Tap("Panic") }, says: []string{`panic: wanted`, `failing_test\.go`, screenOf}},
	"require in a poll": {user: func(u *User) {
		u.WaitUntil("", func() bool { require.Fail(u.t, "wanted"); return true })
	}, says: []string{`Error:\s+wanted`, screenOf}},
	"panic in a poll": {user: func(u *User) { u.WaitUntil("", func() bool { panic("wanted") }) },
		opts: &guesttest.Options{Guest: &guest.Options{OnError: func(error) {}}}, says: []string{`it has panicked`, screenOf}},
}

func TestFailuresFailTheTest(t *testing.T) {
	if name := os.Getenv(failsVar); name != "" {
		failures[name].run(t)
		return
	}
	for name, f := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run", "^TestFailuresFailTheTest$", "-test.v")
			cmd.Env = append(os.Environ(), failsVar+"="+name)
			out, err := cmd.CombinedOutput()
			text := string(out)
			require.Error(t, err)
			require.NoError(t, ctx.Err())
			if f.says == nil {
				f.says = []string{"wanted"}
			}
			for _, pattern := range f.says {
				require.Regexp(t, pattern, text)
			}
			require.Contains(t, text, "--- FAIL: TestFailuresFailTheTest")
			for _, no := range []string{"not reached", "panic: deadlock", "Log in goroutine"} {
				require.NotContains(t, text, no)
			}
		})
	}
}

func wanted(ctx context.Context) error { return guest.Park(ctx) }
