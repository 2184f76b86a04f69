package inspect_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

// heard are events as text. Any goroutine.
type heard struct {
	mu   sync.Mutex
	list []string
}

func (h *heard) hear(e inspect.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	text := fmt.Sprintf("%s %s %v", e.Kind, strings.TrimPrefix(e.Task(), "inspect_test."), e.For)
	if e.Err != nil {
		text += " " + e.Err.Error()
	}
	h.list = append(h.list, text)
}

func (h *heard) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer func() { h.list = nil }()
	return h.list
}

func napper(ctx context.Context) error {
	if err := guest.Yield(ctx); err != nil {
		return err
	}
	return guest.Sleep(ctx, time.Second)
}

func failer(context.Context) error { return errEnough }

func TestObserverHearsWhatTasksDo(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		var h heard
		me := strings.TrimPrefix(nameOf(ctx, t, g), "inspect_test.")
		stop := inspect.Observe(g, h.hear)
		_ = guest.Go(ctx, napper).Wait(ctx)
		require.Equal(t, []string{
			"began napper 0s", "waited napper 1s", "ended napper 1s",
			"waited " + me + " 1s",
		}, h.take())
		_ = guest.Supervise(ctx, func(ctx context.Context) error {
			return guest.Go(inspect.Named(ctx, "save"), failer).Wait(ctx)
		})
		require.Equal(t, []string{"began save 0s", "ended save 0s enough"}, h.take()[:2])
		stop()
		stop()
		_ = guest.Go(ctx, napper).Wait(ctx)
		require.Empty(t, h.take())
	}, nil)
}

// nameOf is what the running task is called.
func nameOf(ctx context.Context, t *testing.T, g *guest.Guest) string {
	s, err := inspect.Tasks(ctx, g)
	require.NoError(t, err)
	return s.Tasks[0].Func
}

func TestObserverHearsEachRunAndEachEnd(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		var h heard
		defer inspect.Observe(g, h.hear)()
		err := guest.Supervise(ctx, func(ctx context.Context) error {
			every := guest.Every(inspect.Named(ctx, "poll"), time.Second, func(context.Context) error { return nil }, nil)
			_ = guest.Go(inspect.Named(ctx, "panics"), func(context.Context) error { panic("boom") }).Wait(ctx)
			// in the coroutine of the panic, which it must not have as its own
			err := guest.Go(inspect.Named(ctx, "exits"), func(context.Context) error { runtime.Goexit(); return nil }).Wait(ctx)
			assert.ErrorIs(t, err, guest.ErrGoexit)
			assert.NoError(t, guest.Sleep(ctx, 2*time.Second+time.Millisecond))
			every.Cancel(nil)
			return nil
		})
		require.NoError(t, err)
		all := strings.Join(h.take(), "\n")
		require.Equal(t, 2, strings.Count(all, "began poll"), all)
		require.Equal(t, 2, strings.Count(all, "ended poll 0s"), all)
		require.Contains(t, all, "ended panics 0s guest: panic: boom")
		require.Contains(t, all, "ended exits 0s "+guest.ErrGoexit.Error())
	}, nil)
}

//go:noinline
func hog(d time.Duration) { time.Sleep(d) }

func TestObserverHearsOfSlowTurnsAndLatePosts(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		var mu sync.Mutex
		var slow []inspect.Event
		defer inspect.Observe(g, func(e inspect.Event) {
			if mu.Lock(); e.Kind == inspect.Slow || e.Kind == inspect.Late {
				slow = append(slow, e)
			}
			mu.Unlock()
		})()
		require.NoError(t, guest.Go(inspect.Named(ctx, "hog"), func(context.Context) error { hog(300 * time.Millisecond); return nil }).Wait(ctx))
		mu.Lock()
		require.Len(t, slow, 1)
		require.Equal(t, inspect.Slow, slow[0].Kind)
		require.Equal(t, "hog", slow[0].Task())
		require.Equal(t, 100*time.Millisecond, slow[0].For)
		require.Equal(t, "inspect_test.hog", slow[0].Place().Func)
		require.Regexp(t, `^observe_test\.go:\d+$`, slow[0].Place().String())
		slow = nil
		mu.Unlock()
		require.NoError(t, guest.BackgroundFunc(ctx, func(context.Context) error {
			for range 40 {
				_ = g.Post(func() { hog(50 * time.Millisecond) })
			}
			return nil
		}))
		mu.Lock()
		defer mu.Unlock()
		require.Len(t, slow, 1)
		require.Equal(t, inspect.Late, slow[0].Kind)
		require.GreaterOrEqual(t, slow[0].For, time.Second)
		require.Empty(t, slow[0].Task())
	}, nil)
}

// Times of events do not count what ran before in the same turn.
func TestObserverHearsTimesWithoutTheStepBefore(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		var h heard
		defer inspect.Observe(g, h.hear)()
		_ = guest.Go(inspect.Named(ctx, "computes"), func(ctx context.Context) error {
			hog(time.Second)
			return guest.Sleep(ctx, time.Second)
		}).Wait(ctx)
		list := h.take()
		require.Contains(t, list, "waited computes 1s")
		require.Contains(t, list, "ended computes 2s")
		n := 0
		guest.Every(inspect.Named(ctx, "repeats"), time.Second, func(ctx context.Context) error {
			if hog(time.Second); n == 2 {
				return errEnough
			}
			n++
			return nil
		}, nil).Future().OnDone(ctx, func(struct{}, error) {})
		require.NoError(t, guest.Sleep(ctx, 10*time.Second))
		list = h.take()
		require.Contains(t, list, "ended repeats 1s")
		require.NotContains(t, list, "ended repeats 2s")
	}, &guesttest.Options{Guest: &guest.Options{Supervise: true, OnError: func(error) {}}})
}

// An observer that blocks hides no report.
func TestLogComesBeforeTheObserver(t *testing.T) {
	var log lines
	var seen []string
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		var mu sync.Mutex
		defer inspect.Observe(g, func(e inspect.Event) {
			if e.Kind == inspect.Slow {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, log.String())
			}
		})()
		hog(8 * time.Second)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		mu.Lock()
		defer mu.Unlock()
		require.Len(t, seen, 3) // the limit, five times the limit, a stall
		require.Contains(t, seen[0], "has held the UI thread for too long")
		require.NotContains(t, seen[1], "for 5s")
		require.Contains(t, seen[2], "has been held for 5s")
	}, &guesttest.Options{Guest: &guest.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}})
}

// lines are a log. Any goroutine.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestObserverThatPanicsIsToldNoMore(t *testing.T) {
	var log bytes.Buffer
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		n := 0
		var h heard
		defer inspect.Observe(g, func(inspect.Event) { n++; panic("no metric") })()
		defer inspect.Observe(g, h.hear)()
		require.NoError(t, guest.Go(ctx, func(context.Context) error { return nil }).Wait(ctx))
		require.Equal(t, 1, n)
		require.Len(t, h.take(), 3, "the other hears all")
		require.Panics(t, func() { inspect.Observe(g, nil) })
	}, &guesttest.Options{Guest: &guest.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}})
	require.Equal(t, 1, strings.Count(log.String(), "an observer panicked"), log.String())
}

// Observers come and go on any goroutine.
func TestObserversComeAndGo(t *testing.T) {
	g := world(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				var h heard
				stop := inspect.Observe(g, h.hear)
				_ = g.Go(func(context.Context) error { return nil }).Wait(t.Context())
				stop()
				assert.NotEmpty(t, h.take())
			}
		})
	}
	all.Wait()
}

func TestLogHandlerNamesTheTask(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(inspect.LogHandler(slog.NewTextHandler(&b, nil)))
	said := func() string { defer b.Reset(); return b.String() }
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		task := guest.Go(inspect.Named(ctx, "autosave"), func(ctx context.Context) error {
			log.InfoContext(ctx, "saved", "n", 1)
			require.Regexp(t, `msg=saved n=1 task\.name=autosave task\.func=inspect_test\.TestLogHandler\S+ task\.at=observe_test\.go:\d+\n$`, said())
			return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
				log.With("a", 1).WithGroup("g").WarnContext(ctx, "off")
				return nil
			})
		})
		require.NoError(t, task.Wait(ctx))
		require.Regexp(t, `msg=off a=1 g\.task\.name=autosave `, said())
		log.Info("no context")
		require.Regexp(t, `msg="no context"\n$`, said())
		log.InfoContext(t.Context(), "no task")
		require.Regexp(t, `msg="no task"\n$`, said())
		log.InfoContext(ctx, "no name")
		require.Regexp(t, `msg="no name" task\.func=`, said())
	}, nil)
}

// The guest's own log names tasks in the same form.
func TestLogsNameTasksInOneForm(t *testing.T) {
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		opts := &guest.Options{Logger: slog.New(slog.NewTextHandler(&b, nil))}
		require.NoError(t, guest.RunTask(headless.New(), func(ctx context.Context) error {
			return guest.Supervise(ctx, func(ctx context.Context) error {
				guest.Go(inspect.Named(ctx, "autosave"), func(context.Context) error { return errors.New("disk full") })
				return nil
			})
		}, opts))
	})
	require.Regexp(t, `task\.name=autosave task\.func=inspect_test\.TestLogs\S+ task\.at=observe_test\.go:\d+`, b.String())
}
