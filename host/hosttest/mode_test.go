package hosttest

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// A bareHost has no Mainloop.
type bareHost struct {
	open func() (host.Host, error)
	opts Options[host.Host]
}

// awayHosts run their loop on a goroutine of their own.
var awayHosts = map[string]brokenHost{
	"lives on a goroutine of its own": {
		open: away(true),
		opts: Options[host.Host]{OwnGoroutine: true, Quit: wrappedOptions.Quit, Event: wrappedOptions.Event},
	},
}

// bareHosts are run by their programs.
var bareHosts = map[string]bareHost{
	"bare":                              {stripped(func(*wrapped) {}), wrappedOptions},
	"bare, and the kit is not told how": {stripped(func(*wrapped) {}), Options[host.Host]{}},
	"bare, and quits only in its loop":  {stripped(quitsOnlyInLoop), wrappedOptions},
}

// withMainloop makes options for a host with a Mainloop.
func withMainloop(o Options[host.Host]) *Options[host.Mainloop] {
	to := &Options[host.Mainloop]{OwnGoroutine: o.OwnGoroutine, Exec: o.Exec, Bubble: o.Bubble}
	if o.Loop != nil {
		to.Loop = func(h host.Mainloop) error { return o.Loop(h) }
	}
	if o.Quit != nil {
		to.Quit = func(h host.Mainloop) { o.Quit(h) }
	}
	if o.Event != nil {
		to.Event = func(h host.Mainloop, fn func()) { o.Event(h, fn) }
	}
	return to
}

// quitsOnlyInLoop makes a toolkit whose quit crashes without a running loop, as it may in C. The
// guest recovers from panics in DoneCallback, so this is none.
func quitsOnlyInLoop(w *wrapped) {
	quit := w.quit
	w.quit = func() {
		if !w.loop.InLoop() {
			fmt.Fprintln(os.Stderr, "fatal error: quit without a loop")
			os.Exit(1)
		}
		quit()
	}
}

// away runs the loop on a goroutine of its own, locked or not.
func away(lock bool) func() (host.Mainloop, error) {
	return wrap(func(w *wrapped) {
		main := w.main
		w.main = func(startGuest func() error) error {
			end := make(chan error)
			go func() {
				if lock {
					runtime.LockOSThread()
				}
				end <- main(startGuest)
			}()
			return <-end
		}
	})
}

func TestHostWithoutMainloopIsRunAsItsProgramRunsIt(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for _, r := range calm("bare").run(cases) {
		if optional(r.name) && r.state == absent {
			continue
		}
		require.Equal(t, passed, r.state, "%s: %s", r.name, r.saw)
	}
}

func TestHostWithoutMainloopNeedsOptions(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	state, saw := hurried("bare, and the kit is not told how").spawn("opens").judge()
	require.Equal(t, failed, state)
	require.Contains(t, saw, "Options.Loop")
}

func TestLoopOnAGoroutineOfItsOwn(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	absentees := 0
	for _, r := range calm("lives on a goroutine of its own").run(cases) {
		if r.state == absent {
			absentees++
			continue
		}
		require.Equal(t, passed, r.state, "%s: %s", r.name, r.saw)
	}
	require.Less(t, absentees, 20)
}

func TestKitsOfHostsAndOfNothing(t *testing.T) {
	failure := errors.New("no display")
	_, _, err := newKit(func() (host.Mainloop, error) { return nil, failure }, nil).host()
	require.Same(t, failure, err)
	_, _, err = newKit(func() (host.Mainloop, error) { return nil, nil }, nil).host()
	require.Same(t, errNoHost, err)
	_, _, err = newKit(func() (*wrapped, error) { return nil, nil }, nil).host()
	require.Same(t, errNoHost, err)
}

// children through a wrapper see the environment that it gives them.
func TestChildrenAreStartedByAWrapper(t *testing.T) {
	if why := cantRun(); why != "" || runtime.GOOS == "windows" {
		t.Skip("no env command")
	}
	s := calm("does not open")
	s.exec = []string{"env", hostEnv + "=sound"}
	state, saw := s.spawn("opens").judge()
	require.Equal(t, passed, state, saw)

	t.Setenv(execEnv, "env "+hostEnv+"=panics_in_nothing")
	state, saw = s.spawn("opens").judge()
	require.Equal(t, failed, state)
	require.Contains(t, saw, "panic: ", "the environment counts more than the option")
}

func TestCasesAreRunFromOutside(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	self, err := os.Executable()
	require.NoError(t, err)
	s := hurried("does not open")
	s.binary = self
	var out strings.Builder
	require.Equal(t, 1, s.outside(&out, cases[:2]))
	require.Contains(t, out.String(), "failed   opens\nthe host breaks \"open returns a host\"")
	require.Contains(t, out.String(), "blocked  mainloop-starts-guest\n0 passed, 1 failed, 1 blocked, 0 absent\n")
	require.Equal(t, cases[1].name, Cases()[1])
}
