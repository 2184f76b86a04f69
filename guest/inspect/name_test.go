package inspect_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

// labels returns the labels of all goroutines.
func labels(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&b, 1))
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if strings.Contains(line, "# labels:") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// ownLabels returns the labels of the calling goroutine.
func ownLabels(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&b, 1))
	for goroutines := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(goroutines, "inspect_test.ownLabels") {
			_, labels, _ := strings.Cut(goroutines, "# labels: ")
			line, _, _ := strings.Cut(labels, "\n")
			return line
		}
	}
	return "no such goroutine"
}

func TestProfilesShowTheNames(t *testing.T) {
	g := world(t)
	hashing, saving := make(chan struct{}), make(chan struct{})
	task := g.Go(func(ctx context.Context) error {
		guest.Go(inspect.Named(ctx, "autosave"), func(ctx context.Context) error {
			close(saving)
			return guest.Park(ctx)
		})
		_, err := guest.Background(inspect.Named(ctx, "hash"), func(ctx context.Context) (int, error) {
			close(hashing)
			return query(ctx)
		})
		return err
	})
	<-hashing
	<-saving
	found := labels(t)
	require.Contains(t, found, `{"task":"autosave"}`)
	require.Contains(t, found, `{"task":"hash"}`)
	task.Cancel(nil)
	require.ErrorIs(t, task.Wait(t.Context()), context.Canceled)

	// The coroutine runs another task now.
	parking := make(chan struct{})
	other := g.Go(func(ctx context.Context) error { close(parking); return guest.Park(ctx) })
	<-parking
	require.NotContains(t, labels(t), `"task"`)
	other.Cancel(nil)
}

// Every background function shows the name of the context that it was started with, however it was
// started.
func TestProfilesShowTheNamesOfBackgroundFunctions(t *testing.T) {
	pooled := flow.WithExecutor(t.Context(), flow.NewPool(1))
	look := func(context.Context) (string, error) { return ownLabels(t), nil }
	for name, start := range map[string]func(ctx context.Context) (string, error){
		"Background": func(ctx context.Context) (string, error) { return guest.Background(inspect.Named(ctx, "it"), look) },
		"BackgroundFunc": func(ctx context.Context) (found string, err error) {
			err = guest.BackgroundFunc(inspect.Named(ctx, "it"), func(ctx context.Context) error {
				found, err = look(ctx)
				return err
			})
			return found, err
		},
		"Submit": func(ctx context.Context) (string, error) {
			return guest.Submit(inspect.Named(ctx, "it"), look).Wait(ctx)
		},
		"Submit without a guest": func(ctx context.Context) (string, error) {
			return guest.Submit(inspect.Named(t.Context(), "it"), look).Wait(ctx)
		},
		"Background on a goroutine": func(ctx context.Context) (string, error) {
			return guest.Submit(t.Context(), func(context.Context) (string, error) {
				return guest.Background(inspect.Named(pooled, "it"), look)
			}).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var found string
			require.NoError(t, world(t).Go(func(ctx context.Context) (err error) {
				found, err = start(ctx)
				return err
			}).Wait(t.Context()))
			require.Equal(t, `{"task":"it"}`, found)
			require.NotContains(t, labels(t), `"task"`)
		})
	}
}

func TestWhatANamedFunctionStartsDoesNotInheritTheName(t *testing.T) {
	start := func(ctx context.Context) (string, error) {
		task := guest.Go(ctx, func(context.Context) error { return nil })
		return task.String(), task.Wait(ctx)
	}
	for name, named := range map[string]func(ctx context.Context) (string, error){
		"Background": func(ctx context.Context) (string, error) { return guest.Background(inspect.Named(ctx, "it"), start) },
		"Submit": func(ctx context.Context) (string, error) {
			return guest.Submit(inspect.Named(ctx, "it"), start).Wait(ctx)
		},
		"Background on a goroutine": func(ctx context.Context) (string, error) {
			return guest.Submit(ctx, func(ctx context.Context) (string, error) {
				return guest.Background(inspect.Named(ctx, "it"), start)
			}).Wait(ctx)
		},
		"Background elsewhere": func(ctx context.Context) (string, error) {
			return guest.Submit(ctx, func(ctx context.Context) (string, error) {
				return guest.Background(inspect.Named(flow.WithExecutor(ctx, flow.NewPool(1)), "it"), start)
			}).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var found string
			require.NoError(t, world(t).Go(func(ctx context.Context) (err error) {
				found, err = named(ctx)
				return err
			}).Wait(t.Context()))
			require.Regexp(t, `^inspect_test\.Test`, found)
		})
	}
}

func traced(ctx context.Context) error { return guest.Yield(ctx) }

func tracedToo(context.Context) (int, error) { return 0, nil }

func TestTracesShowTasks(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("a trace is being taken already")
	}
	g := world(t)
	var b bytes.Buffer
	require.NoError(t, trace.Start(&b))
	for range 3 {
		assert.NoError(t, g.Go(traced).Wait(t.Context()))
	}
	assert.NoError(t, g.Go(func(ctx context.Context) error {
		return guest.BackgroundFunc(inspect.Named(ctx, "off"), traced)
	}).Wait(t.Context()))
	assert.NoError(t, g.Go(func(ctx context.Context) error {
		_, err := guest.Submit(inspect.Named(ctx, "away"), tracedToo).Wait(ctx)
		return err
	}).Wait(t.Context()))
	trace.Stop()
	require.Contains(t, b.String(), "off: inspect_test.traced (name_test.go:")
	require.Contains(t, b.String(), "away: inspect_test.tracedToo (name_test.go:")
	require.Contains(t, b.String(), "inspect_test.traced (name_test.go:")
}

func TestNamedAfterTheCallersFunction(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		task := guest.Go(inspect.NamedAfter(ctx, query), func(ctx context.Context) error {
			_, err := guest.Background(inspect.NamedAfter(ctx, sleeper), query)
			return err
		})
		require.NoError(t, guest.Yield(ctx))
		require.Regexp(t, `^inspect_test\.query \(inspect_test\.go:\d+\)$`, task.String())
		s, err := inspect.Tasks(ctx, g)
		require.NoError(t, err)
		require.Equal(t, "inspect_test.query", s.Tasks[0].Children[0].Func)
		require.Equal(t, "inspect_test.sleeper", s.Tasks[0].Children[0].Work[0].Func)
		task.Cancel(nil)
		require.Panics(t, func() { inspect.NamedAfter(ctx, nil) })
		require.Panics(t, func() { inspect.NamedAfter(ctx, 1) })
	}, nil)
}

// Logs name a background function after the function of NamedAfter, however it was started.
func TestLogsNameBackgroundFunctionsAfterTheCallersFunction(t *testing.T) {
	// late fails after its cancellation, which comes only when it has begun.
	late := func(cancel func()) func(ctx context.Context) (int, error) {
		return func(ctx context.Context) (int, error) { cancel(); <-ctx.Done(); return 0, errors.New("too late") }
	}
	background := func(ctx context.Context) (int, error) {
		ctx, cancel := context.WithCancel(ctx)
		return guest.Background(inspect.NamedAfter(ctx, query), late(cancel))
	}
	elsewhere := flow.NewPool(1)
	for name, start := range map[string]func(ctx context.Context) (int, error){
		"Background": background,
		"Submit": func(ctx context.Context) (int, error) {
			named, cancel := context.WithCancel(ctx)
			return guest.Submit(inspect.NamedAfter(named, query), late(cancel)).Wait(ctx)
		},
		"Submit without a guest": func(ctx context.Context) (int, error) {
			free, cancel := context.WithCancel(t.Context())
			return guest.Submit(inspect.NamedAfter(free, query), late(cancel)).Wait(ctx)
		},
		"Background on a goroutine": func(ctx context.Context) (int, error) {
			return guest.Submit(ctx, background).Wait(ctx)
		},
		"Background elsewhere": func(ctx context.Context) (int, error) {
			return guest.Submit(ctx, func(ctx context.Context) (int, error) {
				return background(flow.WithExecutor(ctx, elsewhere))
			}).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var logs lines
			_, err := headless.Run(func(ctx context.Context) (int, error) {
				_, err := start(ctx)
				require.ErrorContains(t, err, "too late")
				return 0, nil
			}, &guest.Options{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
			require.NoError(t, err)
			require.Regexp(t, " task.func=inspect_test.query .*too late", logs.String())
		})
	}
}

func TestTaskOfTheGuestNamedAfterTheCallersFunction(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		task := inspect.GoNamedAfter(g, query, guest.Park)
		require.NoError(t, guest.Yield(ctx))
		require.Regexp(t, `^inspect_test\.query \(inspect_test\.go:\d+\)$`, task.String())
		task.Cancel(nil)
		require.ErrorIs(t, task.Wait(ctx), context.Canceled)
		require.Panics(t, func() { inspect.GoNamedAfter(g, 1, guest.Park) })
		require.Panics(t, func() { inspect.GoNamedAfter(nil, query, guest.Park) })
		require.Panics(t, func() { inspect.GoNamedAfter(g, query, nil) })
	}, nil)
}

// A name from outside, such as that of a file, forges no line and sends a terminal no command.
func TestNamesAreOneShortLine(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		for name, want := range map[string]string{
			"größer – 保存 👩\u200d💻":          "größer – 保存 👩\u200d💻",
			"a\n└─ forged: b\x1b[31m\u202e": "a\ufffd└─ forged: b\ufffd[31m\ufffd",
			"\xff\xfebad\u2028":             "\ufffd\ufffdbad\ufffd",
			strings.Repeat("ä", 1<<20):      strings.Repeat("ä", 100) + "…",
			strings.Repeat("b", 100):        strings.Repeat("b", 100),
		} {
			task := guest.Go(inspect.Named(ctx, name), parker)
			g, _ := guest.FromContext(ctx)
			require.NoError(t, guest.Yield(ctx))
			s, err := inspect.Tasks(ctx, g)
			require.NoError(t, err)
			require.Equal(t, want, s.Tasks[0].Children[0].Name)
			require.True(t, strings.HasPrefix(task.String(), want+": inspect_test.parker"))
			require.Len(t, strings.Split(strings.TrimSpace(s.Full()), "\n"), 3)
			task.Cancel(nil)
			require.Error(t, task.Wait(ctx))
		}
	}, nil)
}
