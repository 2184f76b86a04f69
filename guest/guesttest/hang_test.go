package guesttest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

const hangAfter = 100 * time.Millisecond

// A hanging test, and what is said about it. It is in a process of its own, since its report
// goes to standard error; release, which is called then, outside of the bubble, lets it end.
type hanging struct {
	make func(t *testing.T) (body func(ctx context.Context, t *testing.T), release func())
	says []string
}

var hangs = map[string]hanging{
	"a connection that is kept alive": {
		make: func(t *testing.T) (func(context.Context, *testing.T), func()) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }))
			t.Cleanup(server.Close)
			return func(ctx context.Context, t *testing.T) {
				text, err := guest.Background(ctx, func(context.Context) ([]byte, error) {
					answer, err := http.Get(server.URL)
					if err != nil {
						return nil, err
					}
					defer answer.Body.Close()
					return io.ReadAll(answer.Body)
				})
				require.NoError(t, err)
				require.Equal(t, "x", string(text))
			}, server.CloseClientConnections
		},
		says: []string{`; the body has returned\.`, `waiting for a socket .* http\.Client\.CloseIdleConnections.* Goroutines: 1\.`, `net/http\.\(\*persistConn\)\.readLoop`},
	},
	"a mutex that a sleeping goroutine holds": {
		make: func(*testing.T) (func(context.Context, *testing.T), func()) {
			var mu sync.Mutex
			locked := make(chan bool, 1)
			hold := func(context.Context) (int, error) {
				mu.Lock()
				select {
				case locked <- true: // the first to come
					time.Sleep(time.Minute)
				default:
				}
				mu.TryLock() // the sleeper's: the release has unlocked it
				mu.Unlock()
				return 0, nil
			}
			return func(ctx context.Context, t *testing.T) {
				_, err := guest.All(ctx, guest.Submit(ctx, hold), guest.Submit(ctx, hold))
				require.NoError(t, err)
			}, mu.Unlock
		},
		says: []string{`; the body has not returned\.`, `waiting for a lock\. .* Hold no lock across a wait.* Goroutines: 1\.`, `\[sync\.Mutex\.Lock`},
	},
	"a system call": {
		make: func(t *testing.T) (func(context.Context, *testing.T), func()) {
			r, w, err := os.Pipe()
			require.NoError(t, err)
			fd := r.Fd() // makes it block
			t.Cleanup(func() { _, _ = r.Close(), fd })
			return func(context.Context, *testing.T) { _, _ = r.Read(make([]byte, 1)) }, func() { _ = w.Close() }
		},
		says: []string{`waiting for a system call.* use Options\.RealTime\. Goroutines: 1\.`},
	},
	"a channel from outside": {
		make: func(*testing.T) (func(context.Context, *testing.T), func()) {
			outside := make(chan int)
			return func(ctx context.Context, t *testing.T) {
				for range 7 {
					guest.Submit(ctx, func(context.Context) (int, error) { return <-outside, nil })
				}
			}, func() { close(outside) }
		},
		says: []string{`waiting for a channel or a WaitGroup that was made outside.* Goroutines: 7\.`, `\.\.\. and 2 more`},
	},
}

// onReport passes on what comes to standard error, calls release after the first report, and
// returns what has come when the process's end of it is closed.
func onReport(t *testing.T, release func()) (heard func() string) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	old := os.Stderr
	os.Stderr = w
	if release != nil {
		once := sync.OnceFunc(release)
		release = once
		time.AfterFunc(10*time.Second, once) // of real time, if there is no report
	}
	var all strings.Builder
	var reading sync.WaitGroup
	reading.Go(func() {
		for lines := bufio.NewScanner(r); lines.Scan(); {
			fmt.Fprintln(old, lines.Text())
			fmt.Fprintln(&all, lines.Text())
			if release != nil && strings.Contains(lines.Text(), " hangs: ") {
				go release()
				release = nil
			}
		}
	})
	return func() string {
		os.Stderr = old
		_ = w.Close()
		reading.Wait()
		return all.String()
	}
}

func TestHangSaysWhatHoldsItUp(t *testing.T) {
	for name, h := range hangs {
		t.Run(name, func(t *testing.T) {
			if os.Getenv(childVar) != "" {
				body, release := h.make(t)
				heard := onReport(t, release)
				guesttest.Run(t, body, &guesttest.Options{HangAfter: hangAfter})
				heard()
				return
			}
			t.Parallel()
			out := child(t, t.Name(), "")
			for _, what := range append(h.says, `guesttest: TestHangSaysWhatHoldsItUp/.* hangs: for 100ms of real time nothing in its bubble has run`) {
				require.Regexp(t, what, out)
			}
			require.Contains(t, out, "--- PASS", "the report fails nothing")
		})
	}
}

func TestHangIsReportedOnce(t *testing.T) {
	if os.Getenv(childVar) != "" {
		outside := make(chan int)
		heard := onReport(t, func() {
			time.Sleep(10 * hangAfter) // in real time; a second report would come
			close(outside)
		})
		guesttest.Run(t, func(context.Context, *testing.T) { <-outside }, &guesttest.Options{HangAfter: hangAfter})
		require.Equal(t, 1, strings.Count(heard(), " hangs: "))
		return
	}
	t.Parallel()
	require.Contains(t, child(t, t.Name(), ""), "--- PASS")
}

// Also beside others that want the processors.
func TestTestThatComputesDoesNotHang(t *testing.T) {
	if os.Getenv(childVar) != "" {
		heard := onReport(t, nil)
		var over atomic.Bool
		time.AfterFunc(time.Second, func() { over.Store(true) }) // of real time
		for range 4 * runtime.NumCPU() {
			go func() {
				for !over.Load() {
				}
			}()
		}
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			_, err := guest.Background(ctx, func(context.Context) (int, error) {
				for !over.Load() {
				}
				return 0, nil
			})
			require.NoError(t, err)
		}, &guesttest.Options{HangAfter: 10 * time.Millisecond})
		require.Empty(t, heard())
		return
	}
	t.Parallel()
	require.Contains(t, child(t, t.Name(), ""), "--- PASS")
}

// Though one of its goroutines waits all the time: others go on, if only now and then.
func TestTestWhoseTasksGoOnDoesNotHang(t *testing.T) {
	if os.Getenv(childVar) != "" {
		heard := onReport(t, nil)
		over, news := make(chan int), make(chan int)
		go func() {
			for range 100 {
				time.Sleep(10 * time.Millisecond) // of real time
				news <- 1
			}
			close(news)
			close(over)
		}()
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			guest.Submit(ctx, func(context.Context) (int, error) { return <-over, nil })
			for n := 1; n > 0; {
				var err error
				n, err = guest.Background(ctx, func(context.Context) (int, error) { return <-news, nil })
				require.NoError(t, err)
			}
		}, &guesttest.Options{HangAfter: 300 * time.Millisecond})
		require.Empty(t, heard())
		return
	}
	t.Parallel()
	require.Contains(t, child(t, t.Name(), ""), "--- PASS")
}

func TestHangIsNotReportedWhenSwitchedOff(t *testing.T) {
	if os.Getenv(childVar) != "" {
		heard := onReport(t, nil)
		outside := make(chan int)
		time.AfterFunc(10*hangAfter, func() { close(outside) }) // of real time
		guesttest.Run(t, func(context.Context, *testing.T) { <-outside }, &guesttest.Options{HangAfter: -1})
		require.Empty(t, heard())
		return
	}
	t.Parallel()
	require.Contains(t, child(t, t.Name(), ""), "--- PASS")
}

// Also when a look comes just as the test ends.
func TestRunLeavesNoWatcher(t *testing.T) {
	for i := range 300 {
		guesttest.Run(t, func(context.Context, *testing.T) {}, &guesttest.Options{HangAfter: time.Duration(i) * time.Microsecond})
	}
	for began := time.Now(); watchers() > 0; runtime.Gosched() { // one that has said that it ends
		require.Less(t, time.Since(began), 5*time.Second)
	}
}

// watchers counts the looks that go on in this process. No other test runs beside this one.
func watchers() int {
	b := make([]byte, 1<<20)
	return strings.Count(string(b[:runtime.Stack(b, true)]), "guesttest.(*trial).watchHang")
}
