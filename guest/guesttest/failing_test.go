package guesttest_test

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/guest/loops"
	"github.com/golodger/lodger/host"
)

// How a test fails is tried in a child process: the same test again, with this variable set.
const childVar = "LODGER_GUESTTEST_CHILD"

// A failing test, and what it must say.
type failing struct {
	body func(ctx context.Context, t *testing.T)
	opts *guesttest.Options
	says []string // patterns
	not  []string
}

var always = []string{`panic: deadlock`, `test timed out`, `Log in goroutine`}

var failures = map[string]failing{
	"require in the body": {
		body: func(_ context.Context, t *testing.T) {
			defer t.Log("unwound")
			require.Equal(t, 1, 2)
			t.Log("went on")
		},
		says: []string{`expected: 1`, `unwound`, `--- FAIL`}, not: []string{`went on`, `guesttest:`},
	},
	"require in a task": {
		body: func(ctx context.Context, t *testing.T) {
			defer t.Log("unwound")
			guest.Go(ctx, func(context.Context) error { require.Equal(t, 1, 2); return nil })
			_ = guest.Park(ctx)
		},
		says: []string{`expected: 1`, `unwound`}, not: []string{`guesttest:`},
	},
	"require in a task that nobody awaits": {
		body: func(ctx context.Context, t *testing.T) {
			defer t.Log("unwound")
			guestOf(ctx).Go(func(context.Context) error { require.Equal(t, 1, 2); return nil })
			_ = guest.Park(ctx)
		},
		says: []string{`expected: 1`, `unwound`}, not: []string{`guesttest:`},
	},
	"require in a task of Async": {
		body: func(ctx context.Context, t *testing.T) {
			defer t.Log("unwound")
			guest.Async(ctx, func(context.Context) (int, error) { t.FailNow(); return 0, nil }).Done()
			require.Error(t, guest.Sleep(ctx, time.Hour))
		},
		says: []string{`unwound`, `--- FAIL`}, not: []string{`guesttest:`, `Error Trace`},
	},
	"require in a queue": {
		body: func(ctx context.Context, t *testing.T) {
			q := new(guest.Queue[int])
			q.Add(ctx, func(context.Context) (int, error) { t.FailNow(); return 0, nil })
			require.Error(t, guest.Sleep(ctx, time.Hour))
		},
		says: []string{`--- FAIL`}, not: []string{`guesttest:`, `Error Trace`},
	},
	"require in a job": {
		body: func(ctx context.Context, t *testing.T) {
			again := func(context.Context) error { t.Log("tried"); t.FailNow(); return nil }
			jobs.New(ctx).Add("job", again, &jobs.Options{Every: time.Minute, Retry: &flow.RetryPolicy{Attempts: 3, Delay: -1}})
			require.Error(t, guest.Sleep(ctx, time.Hour))
		},
		says: []string{`tried`, `--- FAIL`}, not: []string{`(?s)tried.*tried`, `Error Trace`},
	},
	"a body that only yields": {
		body: func(ctx context.Context, _ *testing.T) {
			for guest.Yield(ctx) == nil {
			}
		},
		says: []string{`guesttest: the test did not end after 1048576 batches of tasks .*: the body has not returned\.`},
	},
	"a task that ticks fast for ever": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Every(ctx, time.Millisecond, func(context.Context) error { return nil }, nil)
		},
		says: []string{`guesttest: the test did not end after 262144 batches of tasks .*: the body has returned; unfinished tasks`},
	},
	"require in a posted function": {
		body: func(ctx context.Context, t *testing.T) {
			defer t.Log("unwound")
			_ = guestOf(ctx).Post(func() { require.Equal(t, 1, 2) })
			_ = guest.Park(ctx)
		},
		says: []string{`expected: 1`, `unwound`}, not: []string{`guesttest:`},
	},
	"require after a wait": {
		body: func(ctx context.Context, t *testing.T) {
			_ = guest.Sleep(ctx, time.Hour)
			require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error { _ = guest.Sleep(ctx, 1); t.FailNow(); return nil })
				return nil
			}))
			t.Log("went on")
		},
		says: []string{`--- FAIL`}, not: []string{`went on`, `guesttest:`},
	},
	"require in real time": {
		body: func(ctx context.Context, t *testing.T) {
			guest.Go(ctx, func(context.Context) error { require.Equal(t, 1, 2); return nil })
			_ = guest.Park(ctx)
		},
		opts: &guesttest.Options{RealTime: true},
		says: []string{`expected: 1`}, not: []string{`guesttest:`},
	},
	"a host that runs nothing": {
		body: func(_ context.Context, t *testing.T) { t.Log("the body went") },
		opts: &guesttest.Options{Host: func(func(host.Mainloop)) {}},
		says: []string{`guesttest: Options.Host did not call run; make the loop, and call run with it`}, not: []string{`the body went`},
	},
	"an assertion and then the end": {
		body: func(_ context.Context, t *testing.T) { assert.Equal(t, 1, 2) },
		says: []string{`expected: 1`, `--- FAIL`}, not: []string{`guesttest:`},
	},
	"a panic in the body": {
		body: func(context.Context, *testing.T) { blow() },
		says: []string{`guesttest: guest: panic: kaboom`, `guesttest_test\.blow`},
	},
	"a panic in a task that nobody awaits": {
		body: func(ctx context.Context, _ *testing.T) {
			guestOf(ctx).Go(func(context.Context) error { blow(); return nil })
			_ = guest.Park(ctx)
		},
		says: []string{`guesttest: unobserved error: .*guest: panic: kaboom`, `guesttest_test\.blow`},
		not:  []string{`not over`},
	},
	"an error that would only be logged": {
		body: func(ctx context.Context, _ *testing.T) {
			guestOf(ctx).Go(func(context.Context) error { return errBoom })
			_ = guest.Sleep(ctx, 1)
		},
		says: []string{`guesttest: unobserved error: .*boom`},
	},
	"a panic that would only be logged": {
		body: func(ctx context.Context, _ *testing.T) { _ = guest.RunOnMain(ctx, blow) },
		says: []string{`guesttest: unobserved error: .*guest: panic: kaboom`, `guesttest_test\.blow`},
	},
	"a panic in OnError": {
		body: func(ctx context.Context, _ *testing.T) { _ = guest.RunOnMain(ctx, blow) },
		opts: &guesttest.Options{Guest: &guest.Options{OnError: func(error) { panic("in the handler") }}},
		says: []string{`in the handler`, `guesttest: 1 errors were only logged; see the log above`},
	},
	"an error of a future that nobody looks at": {
		body: func(context.Context, *testing.T) { guest.NewFuture[int]().Reject(errBoom) },
		says: []string{`future="made at failing_test.go:\d+" err=boom`, `guesttest: 1 errors were only logged; see the log above`},
	},
	"an error of a function that was submitted and forgotten": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Submit(context.Background(), func(context.Context) (int, error) { return 0, errBoom })
			_ = guest.Sleep(ctx, time.Second)
		},
		says: []string{`guesttest: 1 errors were only logged; see the log above`},
	},
	"an error in a background loop": {
		body: func(ctx context.Context, t *testing.T) {
			l, err := loops.Create(ctx, "", nil)
			require.NoError(t, err)
			loops.Submit(ctx, l.Loop(), func(context.Context) (int, error) { return 0, errBoom })
			_ = guest.Sleep(ctx, time.Second)
			_ = l.Stop(ctx)
			_, _, _ = flow.Recv(ctx, l.Loop().Done())
		},
		says: []string{`guesttest: unobserved error: .*boom`},
	},
	"an error in a background loop that ends after the body": {
		body: func(ctx context.Context, t *testing.T) {
			l, err := loops.Get(loops.Scoped(ctx), "db", nil)
			require.NoError(t, err)
			loops.Submit(context.WithoutCancel(ctx), l, func(ctx context.Context) (int, error) {
				_ = guest.Park(ctx)
				time.Sleep(time.Second) // the body's guest hears of no error any more
				return 0, errBoom
			})
			_ = guest.Sleep(ctx, time.Second)
		},
		says: []string{`err=boom`, `guesttest: 1 errors were only logged; see the log above`},
	},
	"an error of main's tasks": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Go(ctx, func(context.Context) error { return errBoom })
		},
		says: []string{`guesttest: unobserved error: guesttest_test\.init\S+ \(failing_test\.go:\d+\): boom`},
	},
	"an error that was handled elsewhere before": {
		body: func(ctx context.Context, _ *testing.T) {
			_ = guest.Scope(ctx, func(ctx context.Context) error { guest.Go(ctx, handled); return nil })
			guest.Go(ctx, unhandled)
		},
		says: []string{`guesttest: unobserved error: guesttest_test\.unhandled \(failing_test\.go:\d+\): boom`},
	},
	"an error that can't be compared": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Go(ctx, func(context.Context) error { return manyErrors{errBoom} })
		},
		says: []string{`guesttest: many`},
	},
	"an unobserved error of an Async function": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Async(ctx, func(context.Context) (int, error) { return 0, errBoom })
		},
		says: []string{`guesttest: unobserved error: guesttest_test\.init\S+ \(failing_test\.go:\d+\): boom`},
	},
	"a task that never ends": {
		body: func(ctx context.Context, _ *testing.T) { guest.Go(ctx, parked) },
		says: []string{`guesttest: the test did not end after 24h0m0s: the body has returned; unfinished tasks: 1\. ` +
			`Cancelled: guesttest_test\.parked \(failing_test.go:\d+\)`},
	},
	"a task that ticks for ever": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Go(ctx, func(ctx context.Context) error {
				for guest.Sleep(ctx, time.Minute) == nil {
				}
				return nil
			})
		},
		opts: &guesttest.Options{Limit: time.Hour},
		says: []string{`guesttest: the test did not end after 1h0m0s: the body has returned; unfinished tasks: 1\.`},
	},
	"a body that never ends": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Go(ctx, parked)
			_ = guest.Park(ctx)
		},
		says: []string{`guesttest: the test did not end after 24h0m0s: the body has not returned; other unfinished tasks: 1\. Cancelled: guesttest_test\.parked`,
			`parked \(failing_test\.go:\d+\): waits .* in guest\.Park, failing_test\.go:\d+`},
	},
	"a body that never ends, in real time": {
		body: func(ctx context.Context, _ *testing.T) { _ = guest.Park(ctx) },
		opts: &guesttest.Options{RealTime: true, Limit: 10 * time.Millisecond},
		says: []string{`guesttest: the test did not end after 10ms: the body has not returned\.`},
	},
	"a body that does not listen": {
		body: func(ctx context.Context, t *testing.T) {
			defer t.Log("unwound")
			_ = guest.Park(context.WithoutCancel(ctx))
		},
		says: []string{`guesttest: the test did not end after 24h0m0s: the body has not returned\.`, `unwound`},
	},
	"a task of the guest that does not listen": {
		body: func(ctx context.Context, _ *testing.T) {
			guestOf(ctx).Go(func(ctx context.Context) error { return guest.Park(context.WithoutCancel(ctx)) })
		},
		says: []string{`guesttest: the test did not end after 24h0m0s: the body has returned; unfinished tasks: 1\.`},
		not:  []string{`the body has not returned`},
	},
	"a task that can't be unwound": {
		body: func(ctx context.Context, _ *testing.T) {
			guest.Go(ctx, func(ctx context.Context) error {
				goOn := func() {
					for {
						_ = guest.Park(context.WithoutCancel(ctx))
					}
				}
				defer goOn() // after the Goexit that ends the other
				defer goOn()
				return guest.Park(context.WithoutCancel(ctx))
			})
		},
		opts: &guesttest.Options{RealTime: true, Limit: 10 * time.Millisecond, Guest: &guest.Options{Grace: 10 * time.Millisecond}},
		says: []string{`guesttest: these tasks could not be unwound: guesttest_test\.`},
	},
	"a background function that goes on": {
		body: func(ctx context.Context, _ *testing.T) {
			guestOf(ctx).Go(func(ctx context.Context) error {
				_, err := guest.Background(ctx, deaf)
				return err
			})
			_ = guest.Sleep(ctx, 1)
		},
		says: []string{`guesttest: these background functions ignored their cancellation: guesttest_test\.deaf`},
	},
	"a post after the end": {
		body: func(ctx context.Context, _ *testing.T) {
			go func() {
				time.Sleep(time.Hour)
				_ = guest.RunOnMain(ctx, func() {})
			}()
		},
		says: []string{`guesttest: 1 posts or starts came after the guest's end`},
	},
	"a start after the end": {
		body: func(ctx context.Context, t *testing.T) {
			t.Cleanup(func() { guest.Go(ctx, parked) })
		},
		says: []string{`guesttest: 1 posts or starts came after the guest's end`},
	},
	"Goexit": {
		body: func(context.Context, *testing.T) { runtime.Goexit() },
		says: []string{`guesttest: guest: the function called runtime.Goexit`},
	},
	"options that are refused": {
		body: func(context.Context, *testing.T) {},
		opts: &guesttest.Options{Guest: &guest.Options{Grace: -1}},
		says: []string{`guesttest: the guest did not start: guest: Options.Grace is -1ns`},
	},
	"a skip": {
		body: func(ctx context.Context, t *testing.T) {
			guest.Go(ctx, func(context.Context) error { t.Skip("not here"); return nil })
			_ = guest.Park(ctx)
			t.Log("unwound")
		},
		says: []string{`not here`, `unwound`, `--- SKIP: TestFailureSaysWhatItIsAbout/a_skip`}, not: []string{`--- FAIL`},
	},
	"an order by chance": {
		body: byChance,
		opts: &guesttest.Options{Shuffle: true},
		says: []string{`guesttest: tasks were shuffled; to repeat: LODGER_SHUFFLE=\d+\.\S+ go test -count=1 -run '\^TestFailureSaysWhatItIsAbout\$/\^an_order_by_chance\$' github\.com/golodger/lodger/guest/guesttest\n`},
	},
}

func blow() { panic("kaboom") }

func parked(ctx context.Context) error { return guest.Park(ctx) }

func deaf(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil }

// byChance works only as long as tasks begin in the order of their start.
func byChance(ctx context.Context, t *testing.T) {
	var seen, want []int
	for i := range 30 {
		want = append(want, i)
		guest.Go(ctx, func(context.Context) error { seen = append(seen, i); return nil })
	}
	require.NoError(t, guest.Join(ctx))
	require.Equal(t, want, seen)
}

func TestFailureSaysWhatItIsAbout(t *testing.T) {
	for name, f := range failures {
		t.Run(name, func(t *testing.T) {
			if os.Getenv(childVar) != "" {
				guesttest.Run(t, f.body, f.opts)
				return
			}
			t.Parallel()
			out := child(t, t.Name(), "")
			for _, what := range f.says {
				require.Regexp(t, what, out)
			}
			for _, what := range append(f.not, always...) {
				require.NotRegexp(t, what, out)
			}
		})
	}
}

// child runs one test in a process of its own.
func child(t *testing.T, name, shuffle string, flags ...string) (output string) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("no processes can be started here")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(name), "/", "$/^") + "$"
	cmd := exec.CommandContext(ctx, os.Args[0], append(flags, "-test.v", "-test.run="+pattern)...)
	cmd.Env = append(os.Environ(), childVar+"=1", "LODGER_SHUFFLE="+shuffle, "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, ctx.Err(), "the child hangs:\n%s", out)
	failed := strings.Contains(string(out), "--- FAIL")
	require.Equal(t, failed, err != nil, "%v\n%s", err, out)
	return string(out)
}

func TestOrderByChance(t *testing.T) {
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, byChance, nil)
	}
}

func TestSeedIsRepeated(t *testing.T) {
	order := func(out string) string { return regexp.MustCompile(`actual  : .*`).FindString(out) }

	require.NotContains(t, child(t, "TestOrderByChance", ""), "FAIL", "not unasked")
	require.NotContains(t, child(t, "TestOrderByChance", "off"), "FAIL")
	out := child(t, "TestOrderByChance", "on")
	seed := regexp.MustCompile(`LODGER_SHUFFLE=(\d+)`).FindStringSubmatch(out)
	require.Len(t, seed, 2, out)
	require.NotEmpty(t, order(out), out)
	for range 3 {
		require.Equal(t, order(out), order(child(t, "TestOrderByChance", seed[1])))
	}
	require.Contains(t, child(t, "TestOrderByChance", "yes"), `guesttest: LODGER_SHUFFLE is "yes"; set it to on, off, a seed, or the text that a failing test printed`)
}

func handled(context.Context) error   { return errBoom }
func unhandled(context.Context) error { return errBoom }

type manyErrors []error

func (manyErrors) Error() string { return "many" }
