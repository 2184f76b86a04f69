// Package screentest is for tests on a real screen. It plays a story in a separate process
// whose main goroutine belongs to a toolkit, clicks as a user does, and checks how the story
// ends.
package screentest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const storyEnv = "LODGER_STORY"

// Stories are what the processes of a test play, by name.
type Stories map[string]func() int

// Add adds a story. It panics if there is one of that name: a test would play the wrong one.
func (s Stories) Add(name string, play func() int) {
	if s[name] != nil {
		panic("screentest: two stories are named " + name)
	}
	s[name] = play
}

// AddAll adds the stories of others.
func (s Stories) AddAll(others Stories) {
	for name, play := range others {
		s.Add(name, play)
	}
}

// If this process was started by [Start], Main plays its story and ends the process with the
// story's exit code. Otherwise it returns at once. Call it in TestMain, on the main goroutine.
// A toolkit needs that goroutine, and can use it only once: so each story has its own process.
func Main(stories Stories) {
	const bus = "DBUS_SESSION_BUS_ADDRESS"
	if os.Getenv(bus) == "" {
		// otherwise each process would start a bus daemon, which would outlive it
		_ = os.Setenv(bus, "unix:path=/nonexistent")
	}
	name := os.Getenv(storyEnv)
	if name == "" {
		return
	}
	play, ok := stories[name]
	if !ok {
		panic("screentest: no story " + name)
	}
	os.Exit(play())
}

// NeedDisplay skips the test if there is no display, and fails it where there must be one.
func NeedDisplay(t testing.TB) {
	t.Helper()
	switch {
	case os.Getenv("DISPLAY") != "":
	case runtime.GOOS == "windows", runtime.GOOS == "darwin": // a display is no variable there
	case os.Getenv("CI") == "true":
		t.Fatal("no display, and this is CI; run the tests under xvfb-run -a")
	default:
		t.Skip("no display; run the tests under xvfb-run -a")
	}
}

// NeedSignals skips the test on systems where no process can send another a signal to end.
func NeedSignals(t testing.TB) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGINT and SIGTERM that a process sends to another")
	}
}

// Program finds a program. If there is none, it skips the test, or fails it where there must be
// one.
func Program(t testing.TB, name string) (path string) {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no %s, and this is CI; install it", name)
	default:
		t.Skipf("no %s here; install it", name)
	}
	return path
}

// SessionBus starts a D-Bus for the test, and returns the environment variable with its
// address.
func SessionBus(t testing.TB) (env string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Program(t, "dbus-daemon"), "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return "DBUS_SESSION_BUS_ADDRESS=" + strings.TrimSpace(address)
}

// A Player is the process of a story.
type Player struct {
	t    testing.TB
	cmd  *exec.Cmd
	mu   sync.Mutex
	out  bytes.Buffer
	news chan struct{} // closed and replaced whenever the process has said something
	End  chan struct{} // closed when the process has ended
	Err  error         // how the process ended
}

// Start begins a story. If the story takes longer than any should, Start kills the process.
func Start(t testing.TB, name string, env ...string) *Player {
	t.Helper()
	NeedDisplay(t)
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	p := &Player{t: t, news: make(chan struct{}), End: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, self)
	p.cmd.Env = append(os.Environ(), storyEnv+"="+name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=20")
	p.cmd.Env = append(p.cmd.Env, env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	// makes the runtime print all stacks
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGQUIT) }
	p.cmd.WaitDelay = 5 * time.Second
	require.NoError(t, p.cmd.Start())
	go func() {
		p.Err = p.cmd.Wait()
		cancel()
		close(p.End)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.End
	})
	return p
}

// Write takes what the process says.
func (p *Player) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Write(text)
	close(p.news)
	p.news = make(chan struct{})
	return len(text), nil
}

// Text returns all that the process has said.
func (p *Player) Text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// Hear waits until the process has said line.
func (p *Player) Hear(line string) {
	p.t.Helper()
	p.hear(line, nil)
}

// ClickUntil clicks at a place in a window until the process says line: a window that has only
// just appeared may miss a click.
func (p *Player) ClickUntil(line, window, x, y string) {
	p.t.Helper()
	for said := false; !said; {
		Click(p.t, window, x, y)
		said = p.hear(line, time.After(2*time.Second))
	}
}

// hear reports whether the process has said line before it is late.
func (p *Player) hear(line string, late <-chan time.Time) bool {
	p.t.Helper()
	for {
		p.mu.Lock()
		said, news := strings.Contains("\n"+p.out.String(), "\n"+line+"\n"), p.news
		p.mu.Unlock()
		if said {
			return true
		}
		select {
		case <-news:
		case <-late:
			return false
		case <-p.End:
			if !strings.Contains("\n"+p.Text(), "\n"+line+"\n") {
				require.FailNow(p.t, "the process ended before it said "+line, p.Text())
			}
			return true
		}
	}
}

// slowTurns matches what a guest logs when its thread is held. On a busy machine that can
// happen to any program.
var slowTurns = regexp.MustCompile(`(?m)^\S+ \S+ WARN guest: [^\n]* held [^\n]*\n`)

// Ended waits for the end and checks it: the exit code must be right, and neither Fyne nor the
// guest may have complained. It returns all that the process has said, without the default
// logger's records of slow turns.
func (p *Player) Ended(code int) string {
	p.t.Helper()
	<-p.End
	got := 0
	var exit *exec.ExitError
	if errors.As(p.Err, &exit) {
		got = exit.ExitCode()
	} else if p.Err != nil {
		got = -1
	}
	text := p.Text()
	require.Equal(p.t, code, got, text)
	for _, bad := range []string{"Error in Fyne call thread", "broke its contract", "DATA RACE", "panic:", "fatal error:"} {
		require.NotContains(p.t, text, bad)
	}
	return slowTurns.ReplaceAllString(text, "")
}

// Xdotool clicks and presses as a user does.
func Xdotool(t testing.TB, args ...string) string {
	t.Helper()
	out, err := xdotool(t, args)
	require.NoError(t, err, "xdotool %v: %s", args, out)
	return out
}

// xdotool gives up after a minute: it waits forever for a window that never comes.
func xdotool(t testing.TB, args []string) (out string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all, err := exec.CommandContext(ctx, Program(t, "xdotool"), args...).CombinedOutput()
	return strings.TrimSpace(string(all)), err
}

// Say prints a line for the parent.
func Say(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// Signal sends a signal to the process.
func (p *Player) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Figure returns the number that the process has said after a unit at the beginning of a line.
func Figure(t testing.TB, text, unit string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(unit) + ` (.*)$`).FindStringSubmatch(text)
	require.NotNil(t, found, text)
	v, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	return v
}
