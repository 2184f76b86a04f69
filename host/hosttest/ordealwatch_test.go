package hosttest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// A ticking host runs its queue at each tick of a clock, as a game does.
type ticking struct {
	queue *host.Queue
	done  bool
	mu    sync.Mutex
}

func newTicking() (*ticking, error) { return &ticking{queue: host.NewQueue(nil)}, nil }

func (h *ticking) RunSyncSoonThreadsafe(fn func())    { h.queue.Post(fn) }
func (h *ticking) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }
func (h *ticking) DoneCallback(host.Outcome)          { h.done = true }

func (h *ticking) Mainloop(startGuest func() error) error {
	h.queue.Begin()
	defer h.queue.End()
	if err := startGuest(); err != nil {
		return err
	}
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for !h.done {
		<-ticker.C
		h.queue.Run()
	}
	return nil
}

// tickingQuits are ways to quit that no loop is to have, and a good one.
var tickingQuits = map[string]func(h *ticking){
	"ticks, and ends":         func(h *ticking) { h.queue.End(); h.done = true },
	"ticks for ever":          func(h *ticking) { h.queue.End() },
	"waits for its own mutex": func(h *ticking) { h.mu.Lock(); h.mu.Lock() },
}

// bubbleMain runs the tests of a child whose host is such a one.
func bubbleMain(m *testing.M, quit func(h *ticking)) {
	if quit != nil {
		Main(m, newTicking, &Options[*ticking]{Quit: quit, Bubble: true})
		os.Exit(0)
	}
}

// inChild runs the calling test again in a process with that host.
func inChild(t *testing.T, name string) string {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=5m")
	child.Env = append(os.Environ(), hostEnv+"="+name)
	out, err := child.CombinedOutput()
	return fmt.Sprintf("%s\n%v", out, err)
}

func TestOrdealInABubbleSaysWhyItNeverEnds(t *testing.T) {
	if _, child := tickingQuits[os.Getenv(hostEnv)]; child {
		Ordeal(t)
		return
	}
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	require.Contains(t, inChild(t, "ticks, and ends"), "PASS\n") // a busy machine may be late
	out := inChild(t, "ticks for ever")
	require.Contains(t, out, "panic: hosttest: ordeal-quit-at-1 has not ended after 60 s of virtual time")
	require.Regexp(t, `hosttest\.\(\*ticking\)\.Mainloop\(.*\n\t.*ordealwatch_test\.go:`, out)
	require.NotContains(t, out, "test timed out")
}

func TestOrdealInABubbleSaysThatTimeStandsStill(t *testing.T) {
	if _, child := tickingQuits[os.Getenv(hostEnv)]; child {
		realLimit = 300 * time.Millisecond
		overdue = func(text string) {
			// on a busy machine another may be late, too
			if strings.Contains(text, "ordeal-quit-at-1 ") {
				fmt.Println(text)
				os.Exit(0)
			}
		}
		Ordeal(t)
		return
	}
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	out := inChild(t, "waits for its own mutex")
	require.Contains(t, out, "hosttest: ordeal-quit-at-1 has not ended after 300ms, and virtual time has moved by 0 s.")
	require.Regexp(t, `\[sync\.Mutex\.Lock.*\]:\n(.+\n)*.*ordealwatch_test\.go:`, out)
}

func TestBubbleLabel(t *testing.T) {
	require.Equal(t, "synctest bubble 12", bubbleLabel("goroutine 7 [select (durable), synctest bubble 12]:\nmain.main()"))
	require.Equal(t, "synctest bubble 1", bubbleLabel("goroutine 7 [select, 2 minutes, synctest bubble 1, locked to thread]:"))
	require.Equal(t, "synctest bubble ", bubbleLabel(strings.Repeat("x", 10)))
}
