package fynehost_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	_ "github.com/golodger/lodger/hosts/fyne/auto"
)

// Fyne's real driver wants the main goroutine, and wants it once. So each story is a process of its own: this test binary, started
// again with the story's name, whose main goroutine plays it. The parent watches, clicks and judges.

const storyEnv = "FYNEHOST_STORY"

// A story plays on the main goroutine of a process of its own and returns its exit code.
type story func() int

// stories are registered by the files that need them.
var stories = map[string]story{}

func TestMain(m *testing.M) {
	if name := os.Getenv(storyEnv); name != "" {
		play, ok := stories[name]
		if !ok {
			panic("no story " + name)
		}
		os.Exit(play())
	}
	hosttest.Main(m, func() (host.Mainloop, error) { return host.Open("fyne") })
}

func TestHost(t *testing.T) {
	needDisplay(t)
	hosttest.Run(t)
}

func BenchmarkHost(b *testing.B) {
	needDisplay(b)
	hosttest.Benchmark(b)
}

// needDisplay skips where there is no display, and fails where there must be one.
func needDisplay(t testing.TB) {
	t.Helper()
	switch {
	case os.Getenv("DISPLAY") != "":
	case os.Getenv("CI") == "true":
		t.Fatal("no display, and this is CI; run the tests under xvfb-run -a")
	default:
		t.Skip("no display; run the tests under xvfb-run -a")
	}
}

// A player is the process of a story.
type player struct {
	t    testing.TB
	cmd  *exec.Cmd
	mu   sync.Mutex
	out  bytes.Buffer
	news chan struct{} // closed and made anew whenever it has said something
	end  chan struct{}
	err  error
}

// start begins a story. It is killed when it takes longer than any does.
func start(t testing.TB, name string, env ...string) *player {
	t.Helper()
	needDisplay(t)
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	p := &player{t: t, news: make(chan struct{}), end: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, self)
	p.cmd.Env = append(os.Environ(), storyEnv+"="+name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=20")
	p.cmd.Env = append(p.cmd.Env, env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGQUIT) } // says what everybody does
	p.cmd.WaitDelay = 5 * time.Second
	require.NoError(t, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		cancel()
		close(p.end)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.end
	})
	return p
}

func (p *player) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Write(text)
	close(p.news)
	p.news = make(chan struct{})
	return len(text), nil
}

func (p *player) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// hear waits until the process has said line.
func (p *player) hear(line string) {
	p.t.Helper()
	for {
		p.mu.Lock()
		said, news := strings.Contains("\n"+p.out.String(), "\n"+line+"\n"), p.news
		p.mu.Unlock()
		if said {
			return
		}
		select {
		case <-news:
		case <-p.end:
			if !strings.Contains("\n"+p.text(), "\n"+line+"\n") {
				require.FailNow(p.t, "the process ended before it said "+line, p.text())
			}
			return
		}
	}
}

// ended waits for the end and checks it: the exit code, and that neither Fyne nor the guest complained.
func (p *player) ended(code int) string {
	p.t.Helper()
	<-p.end
	got := 0
	var exit *exec.ExitError
	if errors.As(p.err, &exit) {
		got = exit.ExitCode()
	} else if p.err != nil {
		got = -1
	}
	text := p.text()
	require.Equal(p.t, code, got, text)
	for _, bad := range []string{"Error in Fyne call thread", "broke its contract", "DATA RACE", "panic:", "fatal error:"} {
		require.NotContains(p.t, text, bad)
	}
	return text
}

// xdotool clicks and presses as a user does.
func xdotool(t testing.TB, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("xdotool")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no xdotool, and this is CI; install it")
		}
		t.Skip("no xdotool")
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	require.NoError(t, err, "xdotool %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }
