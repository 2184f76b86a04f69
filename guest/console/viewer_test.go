package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
)

var errEnough = errors.New("enough")

// A seen is a frame as the page reads it.
type seen struct {
	frame
	Tasks [][9]int   `json:"tasks"`
	Cells [][8]int64 `json:"cells"`
}

func (s seen) text(i int) string { return s.Strings[i] }

// row returns the number of the row of the task with a name.
func (s seen) row(t *testing.T, name string) int {
	t.Helper()
	for i, row := range s.Tasks {
		if s.text(row[2]) == name {
			return i
		}
	}
	t.Fatalf("no task is named %q", name)
	return 0
}

// virtually runs body beside a guest with a viewer, in virtual time.
func virtually(t *testing.T, body func(t *testing.T, g *guest.Guest, v *viewer)) {
	synctest.Test(t, func(t *testing.T) {
		g, ended := started(t, &guest.Options{Name: "editor", Supervise: true})
		ctx, cancel := context.WithCancel(context.Background())
		v := newViewer(ctx, g)
		defer func() { // also when the test fails: else the bubble complains instead of it
			cancel()
			v.wait()
			g.Cancel(nil)
			<-ended
		}()
		body(t, g, v)
	})
}

func read(t *testing.T, v *viewer) seen {
	t.Helper()
	text := v.state(t.Context())
	var s seen
	require.NoError(t, json.Unmarshal(text, &s), "%s", text)
	return s
}

func sleeper(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }

func named(g *guest.Guest, name string, fn func(ctx context.Context) error) {
	g.Go(func(ctx context.Context) error {
		guest.Go(inspect.Named(ctx, name), fn)
		return guest.Park(ctx)
	})
}

func TestStateSaysWhatTasksDo(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		g.Go(func(ctx context.Context) error {
			save := guest.Go(inspect.Named(ctx, "<b>save</b>"), sleeper)
			guest.Go(inspect.Named(ctx, "close"), func(ctx context.Context) error { return save.Wait(ctx) })
			guest.Go(inspect.Named(ctx, "load"), func(ctx context.Context) error {
				return guest.BackgroundFunc(inspect.Named(ctx, "query"), func(ctx context.Context) error { <-ctx.Done(); return nil })
			})
			return guest.Park(ctx)
		})
		time.Sleep(time.Minute)
		s := read(t, v)
		require.Equal(t, "editor", s.Name)
		require.Equal(t, "running", s.State)
		require.Len(t, s.Tasks, 4)
		require.EqualValues(t, 250, s.Every)
		save, closing, load := s.row(t, "<b>save</b>"), s.row(t, "close"), s.row(t, "load")
		row := s.Tasks[save]
		require.Equal(t, 0, row[1], "its parent's row")
		require.Equal(t, "console.sleeper", s.text(row[3]))
		require.Contains(t, s.text(row[4]), "viewer_test.go:")
		require.Equal(t, 1, row[5])
		require.Equal(t, int(time.Minute.Milliseconds()), row[6])
		require.Equal(t, "guest.Sleep", s.text(row[7]))
		stack := s.Stacks[row[8]]
		require.Equal(t, "console.sleeper", s.text(stack[0]))
		require.Equal(t, []int{row[0]}, s.More[closing].Waits)
		work := s.More[load].Work
		require.Len(t, work, 1)
		require.Equal(t, "query", s.text(work[0][0]))
		require.NotContains(t, string(v.state(t.Context())), "<b>", "it is escaped even in JSON")
		require.Contains(t, v.dump(t.Context()), "waited for by close")
		require.Equal(t, 1, s.Stats.Background)
	})
}

// What tasks are called with, and what their contexts carry, is in no answer.
func TestNoValueShows(t *testing.T) {
	type key struct{}
	const secret = "hunter2"
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		g.Go(func(ctx context.Context) error {
			ctx = context.WithValue(ctx, key{}, secret)
			guest.Go(inspect.Named(ctx, "login"), func(ctx context.Context) error { return login(ctx, secret, 0xC0DE) })
			_ = guest.BackgroundFunc(ctx, func(ctx context.Context) error { <-ctx.Done(); return login(ctx, secret, 1) })
			return nil
		})
		synctest.Wait()
		text := string(v.state(t.Context())) + v.dump(t.Context())
		require.Contains(t, text, "console.login")
		require.NotContains(t, text, secret)

		time.Sleep(time.Second)
		require.NoError(t, g.Post(func() { holds(secret, 0xC0DE) }))
		synctest.Wait()
		text = string(v.state(t.Context())) + v.dump(t.Context())
		require.Contains(t, text, "console.holds (viewer_test.go:")
		require.NotContains(t, text, secret)
		require.NotContains(t, strings.ToLower(text), "c0de")
	})
}

//go:noinline
func login(ctx context.Context, password string, pin int) error {
	err := guest.Sleep(ctx, time.Hour)
	runtime.KeepAlive(password)
	runtime.KeepAlive(pin)
	return err
}

//go:noinline
func holds(password string, pin int) {
	time.Sleep(10 * time.Second)
	runtime.KeepAlive(password)
	runtime.KeepAlive(pin)
}

func TestHeldThreadShowsWhatHoldsIt(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		require.NoError(t, g.Post(func() { holds("", 0) }))
		synctest.Wait()
		time.Sleep(2 * time.Second)
		begun := time.Now()
		s := read(t, v)
		require.Equal(t, patience, time.Since(begun))
		require.Equal(t, int64(3000), s.HeldFor, "not only since the page has asked")
		require.Contains(t, s.Held, "console.holds (viewer_test.go:")
		first := v.latest
		time.Sleep(3 * time.Second)
		s = read(t, v)
		require.Equal(t, int64(6000), s.HeldFor)
		require.Same(t, first, v.latest, "requests do not pile up behind the thread")
		require.Contains(t, v.dump(t.Context()), "does not run its tasks")
		time.Sleep(10 * time.Second)
		require.Empty(t, read(t, v).Held)
	})
}

// A look that has waited long for the thread is no sign that the thread is held now.
func TestThreadIsHeldNoMoreOnceItAnswers(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		require.NoError(t, g.Post(func() { holds("", 0) }))
		synctest.Wait()
		require.NotEmpty(t, read(t, v).Held)
		time.Sleep(9 * time.Second)
		synctest.Wait()
		for range 50 {
			require.Empty(t, read(t, v).Held)
			require.NotContains(t, v.dump(t.Context()), "does not run its tasks")
		}
	})
}

func TestPagesShareALook(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		var pages sync.WaitGroup
		looks := make(chan *look, 100)
		for range cap(looks) {
			pages.Go(func() {
				l, err := v.await(t.Context())
				if err == nil {
					looks <- l
				}
			})
		}
		pages.Wait()
		close(looks)
		n := 0
		for l := range looks {
			n++
			require.Same(t, v.latest, l)
		}
		require.Equal(t, 100, n)
		last := v.latest
		time.Sleep(pace / 2)
		read(t, v)
		require.Same(t, last, v.latest, "it is young enough")
		time.Sleep(pace)
		read(t, v)
		require.NotSame(t, last, v.latest)
	})
}

// A page without a script, and requests that are refused, have nothing collected; and what was,
// is forgotten when no page asks any more.
func TestNothingIsKeptWhenNobodyLooks(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		h := newGuard(1, "t", pages(v))
		for path, status := range map[string]int{"/t/": 200, "/t/console.js": 200, "/state.json": 403, "/x/state.json": 403} {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Host = "127.0.0.1:1"
			h.ServeHTTP(w, r)
			require.Equal(t, status, w.Code, path)
		}
		require.False(t, v.keeps())
		first := read(t, v)
		require.True(t, v.keeps())
		time.Sleep(memory + time.Second)
		require.False(t, v.keeps())
		require.Equal(t, first.Tasks, read(t, v).Tasks)
	})
}

func (r *record) keeps() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.watch != nil || r.turns.next > 0 || len(r.steps.places) > 0
}

func (v *viewer) keeps() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.latest != nil || v.past.shot != nil || v.record.keeps()
}

// What a held thread brings when nobody waits for it any more is forgotten, too.
func TestLateSnapshotIsForgotten(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		require.NoError(t, g.Post(func() { time.Sleep(memory + 30*time.Second) }))
		synctest.Wait()
		require.NotEmpty(t, read(t, v).Held)
		time.Sleep(memory + 31*time.Second)
		require.True(t, v.keeps())
		time.Sleep(memory)
		require.False(t, v.keeps())
	})
}

func TestAfterTheEndItSaysSo(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		g.Cancel(nil)
		<-g.Done()
		s := read(t, v)
		require.True(t, s.Over)
		require.Equal(t, "ended", s.State)
		require.Equal(t, "guest ended: no tasks\n", v.dump(t.Context()))
	})
}

// A task keeps its number while it lives, and no other ever gets that.
func TestNumbersStay(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		named(g, "stays", sleeper)
		used := map[int]string{}
		var stays int
		for i := range 20 {
			g.Go(func(ctx context.Context) error { return guest.Sleep(ctx, pace) })
			time.Sleep(2 * pace)
			s := read(t, v)
			n := s.Tasks[s.row(t, "stays")][0]
			require.True(t, i == 0 || n == stays)
			stays = n
			g.Go(func(ctx context.Context) error { return guest.Sleep(ctx, 3*pace) })
			for _, row := range s.Tasks {
				require.Contains(t, []string{"", s.text(row[3])}, used[row[0]])
				used[row[0]] = s.text(row[3])
			}
		}
	})
}

// A chattering error is one whose text is a trap.
type chattering struct{ long bool }

func (c chattering) Error() string {
	if !c.long {
		panic("no text")
	}
	return strings.Repeat("ä", 1000)
}

func TestTextsOfErrorsDoNoHarm(t *testing.T) {
	require.Equal(t, "console.chattering, whose Error panics", textOf(chattering{}))
	require.Equal(t, strings.Repeat("ä", 300)+"…", textOf(chattering{true}))
}

func TestWarnings(t *testing.T) {
	virtually(t, func(t *testing.T, g *guest.Guest, v *viewer) {
		let := guest.NewFuture[int]()
		cancelled := make(chan *guest.Task, 4)
		g.Go(func(ctx context.Context) error {
			return guest.Supervise(ctx, func(ctx context.Context) error {
				slow := guest.Go(inspect.Named(ctx, "slow"), func(ctx context.Context) error { _, err := let.Wait(ctx); return err })
				guest.Go(ctx, func(ctx context.Context) error { return slow.Wait(ctx) })
				for range 3 {
					cancelled <- guest.Go(inspect.Named(ctx, "deaf"), func(ctx context.Context) error {
						_, err := let.Wait(context.WithoutCancel(ctx))
						return err
					})
				}
				cancelled <- guest.Go(ctx, func(ctx context.Context) error {
					return guest.BackgroundFunc(ctx, func(context.Context) error {
						_, err := let.Wait(context.Background())
						return err
					})
				})
				one := flow.WithExecutor(ctx, flow.NewPool(1))
				for range 2 {
					guest.Go(inspect.Named(one, "queued"), func(ctx context.Context) error {
						return guest.BackgroundFunc(ctx, func(ctx context.Context) error { <-ctx.Done(); return nil })
					})
				}
				return guest.Park(ctx)
			})
		})
		synctest.Wait()
		require.Empty(t, read(t, v).Warnings)
		for range cap(cancelled) {
			(<-cancelled).Cancel(errEnough)
		}
		time.Sleep(pace)
		require.Empty(t, read(t, v).Warnings, "not yet")
		time.Sleep(deafAfter)
		s := read(t, v)
		require.Len(t, s.Warnings, 2)
		time.Sleep(slowAfter)
		s = read(t, v)
		kinds := map[string]int{}
		for _, w := range s.Warnings {
			kinds[w.Kind] += w.Count
			require.NotEmpty(t, w.Remedy)
			require.NotZero(t, w.Task)
		}
		require.Equal(t, map[string]int{"slow": 1, "deaf": 4, "place": 1}, kinds)
		let.Resolve(1)
		time.Sleep(pace)
		require.Len(t, read(t, v).Warnings, 1)
	})
}
