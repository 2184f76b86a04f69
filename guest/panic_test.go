package guest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/hooks"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
)

// With this setting no code can tell a panic with nil from a return. What calls it ends all the
// same, without an error.
func TestPanicWithNilThatIsNoneEndsWhatCallsIt(t *testing.T) {
	t.Setenv("GODEBUG", os.Getenv("GODEBUG")+",panicnil=1")
	boom := func(context.Context) error { panic(nil) }
	for name, run := range map[string]func(ctx context.Context) error{
		"a task":      func(ctx context.Context) error { return Go(ctx, boom).Wait(ctx) },
		"an After":    func(ctx context.Context) error { return After(ctx, time.Second, boom).Wait(ctx) },
		"a clean-up":  func(ctx context.Context) error { return Cleanup(ctx, func(context.Context) { panic(nil) }) },
		"main itself": boom,
		"a post": func(ctx context.Context) error {
			g, _ := FromContext(ctx)
			return errors.Join(g.Post(func() { panic(nil) }), Yield(ctx))
		},
		"a task that observers see": func(ctx context.Context) error {
			g, _ := FromContext(ctx)
			defer bridge.Observe(g, func(bridge.Event) {})()
			return Go(ctx, boom).Wait(ctx)
		},
		"one after another": func(ctx context.Context) error {
			for range 3 {
				Go(ctx, boom)
			}
			return Join(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				g, err := Start(l, run, nil)
				require.NoError(t, err)
				require.NoError(t, embedded(l, g).Err)
			})
		})
	}
}

// TestLoggerThatPanicsOrExitsHarmsNobody: not even where the guest says something from the pump
// itself.
func TestLoggerThatPanicsOrExitsHarmsNobody(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("logger") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				records := 0
				logger := slog.New(handlerFunc(func(slog.Record) { records++; harm() }))
				g, err := Start(l, func(ctx context.Context) error {
					g, _ := FromContext(ctx)
					g.Go(func(context.Context) error { return errors.New("unobserved") })
					assert.NoError(t, g.Post(func() { panic("posted") }))
					assert.NoError(t, g.Post(runtime.Goexit))
					_ = Park(ctx)
					// beyond the grace: it is named
					return Sleep(context.WithoutCancel(ctx), time.Minute)
				}, &Options{Logger: logger, Grace: time.Second})
				require.NoError(t, err)
				time.AfterFunc(time.Second, func() { g.Cancel(nil) })
				require.NoError(t, embedded(l, g).Err)
				require.Equal(t, 4, records)
			})
		})
	}
}

type handlerFunc func(slog.Record)

func (handlerFunc) Enabled(context.Context, slog.Level) bool { return true }

func (h handlerFunc) Handle(_ context.Context, r slog.Record) error { h(r); return nil }

func (h handlerFunc) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h handlerFunc) WithGroup(string) slog.Handler { return h }

// Panics and Goexit, where the guest calls what the user gave it.

func TestPanicsAndGoexitsAreReportedOnceWhereverTheyHappen(t *testing.T) {
	boom := errors.New("boom")
	for kind, harm := range map[string]func(){"panic": func() { panic(boom) }, "Goexit": runtime.Goexit} {
		want := boom
		if kind == "Goexit" {
			want = ErrGoexit
		}
		for place, main := range map[string]func(ctx context.Context, g *Guest) error{
			"main":              func(context.Context, *Guest) error { harm(); return nil },
			"main after a wait": func(ctx context.Context, _ *Guest) error { _ = Sleep(ctx, time.Second); harm(); return nil },
			"a deferred call":   func(ctx context.Context, _ *Guest) error { defer harm(); return Sleep(ctx, time.Second) },
			"a child": func(ctx context.Context, _ *Guest) error {
				Go(ctx, func(context.Context) error { harm(); return nil })
				return Park(ctx)
			},
			"a background": func(ctx context.Context, _ *Guest) error {
				_, err := Background(ctx, func(context.Context) (int, error) { harm(); return 0, nil })
				return err
			},
			"a scope": func(ctx context.Context, _ *Guest) error {
				return Scope(ctx, func(context.Context) error { harm(); return nil })
			},
			"a modal function": func(ctx context.Context, _ *Guest) error {
				if kind == "Goexit" {
					return ErrGoexit
				}
				return Modal(ctx, harm)
			},
			"a posted function": func(ctx context.Context, g *Guest) error { _ = g.Post(harm); return Sleep(ctx, time.Second) },
			"RunOnMain": func(ctx context.Context, g *Guest) error {
				if kind == "Goexit" {
					harm()
				}
				_ = RunOnMain(ctx, harm)
				return Sleep(ctx, time.Second)
			},
			"a task of the crew": func(ctx context.Context, g *Guest) error {
				g.Go(func(context.Context) error { harm(); return nil })
				return Sleep(ctx, time.Second)
			},
			"clean-up": func(ctx context.Context, g *Guest) error {
				g.Cancel(nil)
				_ = Park(ctx)
				_ = Sleep(context.WithoutCancel(ctx), time.Second)
				harm()
				return nil
			},
		} {
			t.Run(kind+" in "+place, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var reported []error
					var g *Guest
					l := &scriptLoop{}
					g, err := Start(l, func(ctx context.Context) error { return main(ctx, g) },
						&Options{OnError: func(err error) { reported = append(reported, err) }})
					require.NoError(t, err)
					if err := embedded(l, g).Err; err != nil {
						reported = append(reported, err)
					}
					require.Len(t, reported, 1)
					require.ErrorIs(t, reported[0], want)
					if p := (*PanicError)(nil); kind == "panic" && assert.ErrorAs(t, reported[0], &p) {
						require.Contains(t, string(p.Stack), "panic_test.go", "the user's own frame")
					}
				})
			})
		}
	}
}

func TestHandlerOfErrorsThatPanicsOrExitsIsLoggedOnce(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("handler") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var book logbook
				calls := 0
				_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
					g, _ := FromContext(ctx)
					assert.NoError(t, g.Post(func() { panic("one") }))
					g.Go(func(context.Context) error { return errors.New("two") })
					return 0, Sleep(ctx, time.Second)
				}, &Options{Logger: book.logger(), OnError: func(error) { calls++; harm() }})
				require.NoError(t, err)
				require.Equal(t, 2, calls)
				require.Len(t, book.lines(), 4)
				for _, what := range []string{"panic=one", "err=two"} {
					require.Equal(t, 1, book.count(what), "what the handler was told is not lost")
				}
			})
		})
	}
}

// In a handler, which the guest does not call, nobody can stop it; but the log can say why the
// program stands still.
func TestGoexitInAHandlerIsLoggedAndTasksUnwind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		unwound := false
		l := new(scriptLoop)
		elsewhere(func() {
			_, _ = Run(l, func(ctx context.Context) (int, error) {
				defer func() { unwound = true }()
				l.Post(runtime.Goexit)
				return 0, Park(ctx)
			}, &Options{Logger: book.logger()})
			assert.Fail(t, "nothing comes after a Goexit")
		})
		require.Equal(t, 1, book.count("outside a task ends the loop's goroutine"))
		require.True(t, unwound)
	})
}

func TestDoneCallbackThatPanicsOrExitsDoesNotKeepTheGuestAlive(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("host") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var book logbook
				l := &scriptLoop{OnDone: func(host.Outcome) { harm() }}
				var g *Guest
				elsewhere(func() {
					var err error
					_, err = Run(l, func(ctx context.Context) (int, error) { g, _ = FromContext(ctx); return 0, nil },
						&Options{Logger: book.logger()})
					assert.NoError(t, err)
				})
				<-g.Done()
				require.NoError(t, g.Wait(t.Context()))
				require.Empty(t, place.Live())
				require.Len(t, l.Outcomes, 1)
				if name == "panics" {
					require.Equal(t, 1, book.count("unobserved panic"))
				}
			})
		})
	}
}

func TestPanicInADeferredCallDuringGoexitIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		_, err := Run(&scriptLoop{}, func(context.Context) (int, error) {
			defer func() { panic(boom) }()
			runtime.Goexit()
			return 0, nil
		}, nil)
		require.ErrorIs(t, err, boom)
		_, err = Run(&scriptLoop{}, func(context.Context) (int, error) {
			defer runtime.Goexit() // it swallows the panic, in plain Go too
			panic(boom)
		}, nil)
		require.ErrorIs(t, err, ErrGoexit)
	})
}

// TestPanicInThePumpItselfArrivesInTheOutcome: nobody waits for ever, and the true reason is told.
func TestPanicInThePumpItselfArrivesInTheOutcome(t *testing.T) {
	crash := func() { panic("in the pump") }
	for name, arrange := range map[string]func(armed *bool) hooks.Hooks{
		"of Shuffle": func(armed *bool) hooks.Hooks {
			return hooks.Hooks{Shuffle: func(int, func(int, int)) {
				if *armed {
					crash()
				}
			}}
		},
		"of OnGoexit": func(*bool) hooks.Hooks { return hooks.Hooks{OnGoexit: crash} },
	} {
		// in no bubble: what can't be unwound stays parked for good
		t.Run(name, func(t *testing.T) {
			var book logbook
			armed := false
			opts := &Options{Logger: book.logger(), Context: hooks.With(context.Background(), arrange(&armed))}
			l := &scriptLoop{}
			var g *Guest
			var early *Task
			waited := make(chan error, 3)
			v, err := Run(l, func(ctx context.Context) (int, error) {
				g, _ = FromContext(ctx)
				for _, task := range []*Task{Go(ctx, park), g.Go(park)} {
					go func() { waited <- task.Wait(context.Background()) }()
				}
				go func() { waited <- g.Wait(context.Background()) }()
				armed = true
				early = Go(ctx, func(context.Context) error { runtime.Goexit(); return nil })
				return 7, Park(ctx)
			}, opts)
			require.Zero(t, v)
			require.Len(t, l.Outcomes, 1)
			for _, err := range []error{err, l.Outcomes[0].Err, g.Finish().Err, <-waited, <-waited, <-waited, early.Err()} {
				var p *PanicError
				require.ErrorAs(t, err, &p)
				require.Equal(t, "in the pump", p.Value)
				require.Contains(t, string(p.Stack), "TestPanicInThePumpItself", "where it was")
				require.ErrorContains(t, err, "guest: the scheduler itself panicked")
			}
			require.NotEmpty(t, g.Finish().Leaked)
			require.Equal(t, "ended", g.State())
			require.Equal(t, ErrFinished, g.Post(func() {}))
			require.Equal(t, 1, book.count("in the pump"))
			require.Empty(t, place.Live())
		})
	}
}
