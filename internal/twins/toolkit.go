package twins

import (
	"context"
	"maps"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/screentest"
)

// ExitCode is the exit code of a program that ended as intended.
const ExitCode = 7

// A Toolkit holds what the stories need from a toolkit. W is the type of its windows. UI thread
// only, except Runs and Owns, which run a loop on the main goroutine and return after it.
type Toolkit[W any] struct {
	// Runs holds the calls that run a loop with a main function.
	Runs map[string]func(main func(ctx context.Context) error, opts *guest.Options) error
	// Owns holds loops that the program runs itself. It starts its guest in start.
	Owns map[string]func(start func(h host.Mainloop))
	// GoesOn names the loops of Owns that go on when the last window has been closed.
	GoesOn []string

	// Window shows a window with a button that fills it, and whose text can be set.
	Window       func(title, button string, clicked func()) (w W, setText func(string))
	QuitOnClose  func(g *guest.Guest, w W, ask func(ctx context.Context) (bool, error)) (quit func())
	QuitWhenDone func(g *guest.Guest)

	OnThread func() bool // any goroutine
	Quits    Quits[W]

	// The scenes need these.
	AskOnClose func(ctx context.Context, w W, ask func(ctx context.Context) (bool, error)) (request func())
	WithWindow func(ctx context.Context, w W, fn func(ctx context.Context) error) error
	PressClose func(ctx context.Context, w W) // as a user does, by the button of its frame
	Destroy    func(w W)                      // from code
	Shown      func(w W) bool
	// Form opens a dialog of Custom in w, with two buttons, which checks its entry.
	Form       func(s *Scene, ctx context.Context, w W, check func(ctx context.Context) error) *Form
	Dismissals []string // the ways to dismiss a form

	// CutOff ends the loops of Runs in the middle of main, each in a way that real programs
	// use.
	CutOff map[string]func(w W)
	// EndLoop ends the loop at once, and leaves the windows as they are.
	EndLoop func()
	// Prompts holds calls that ask the user something.
	Prompts map[string]func(ctx context.Context, w W) error
	// Busy shows a dialog in w during work, as the toolkit's Busy does.
	Busy func(ctx context.Context, w W, work func())
	// LastResort returns where the button is that ends a program that does not end: its window
	// and its place there. press is nil while the button can't be pressed.
	LastResort func(w W) (title string, x, y int, press func())
}

// Stories returns the stories that need their own process, for screentest.Main.
func (kit *Toolkit[W]) Stories() screentest.Stories {
	stories := screentest.Stories{"quit": kit.Quit}
	for name, story := range kit.all() {
		stories.Add(name, story.play)
	}
	return stories
}

// Run plays all stories that need their own process, except "quit", and checks them.
func (kit *Toolkit[W]) Run(t *testing.T) {
	for name, story := range kit.all() {
		t.Run(name, func(t *testing.T) { story.test(t, name) })
	}
}

// A story is played in a separate process, and checked in the test's process.
type story struct {
	play func() int
	test func(t *testing.T, name string)
}

func (kit *Toolkit[W]) all() map[string]story {
	return map[string]story{
		"main of Run keeps failures apart":               {kit.apart, kit.testApart},
		"loop that ends in the middle of main is logged": {kit.cutOff, kit.testCutOff},
		"shielded calls after the loop return at once":   {kit.shielded, kit.testShielded},
		"loop quits with its guest":                      {kit.outlive, kit.testOutlive},
		"user ends a program that never ends":            {kit.stubborn, kit.testStubborn},
	}
}

// eachLoop plays a test once for each loop that has a value in kind.
func eachLoop[V any](t *testing.T, kind map[string]V, test func(t *testing.T, loop string)) {
	for loop := range maps.Keys(kind) {
		t.Run(loop, func(t *testing.T) { test(t, loop) })
	}
}

// start begins a story in a loop.
func start(t *testing.T, name, loop string, env ...string) *screentest.Player {
	t.Helper()
	return screentest.Start(t, name, append(env[:len(env):len(env)], "LOOP="+loop)...)
}

// run runs main in the loop that this process was started for.
func (kit *Toolkit[W]) run(main func(ctx context.Context) error, opts *guest.Options) error {
	return kit.Runs[os.Getenv("LOOP")](main, opts)
}

// ended checks that a process has ended as intended and that the toolkit did not complain. It
// returns what the process has said.
func ended(t *testing.T, p *screentest.Player) string {
	t.Helper()
	text := p.Ended(ExitCode)
	require.NotContains(t, text, "CRITICAL")
	return text
}
