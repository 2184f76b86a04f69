package guesttest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/guesttest"
)

var printedLine = regexp.MustCompile(`LODGER_SHUFFLE=(\S+) go test -count=1`)

// replay runs a failing test until it fails, and then n times by the line that it has printed. It
// returns what the test said of its order, at first and then.
func replay(t *testing.T, name string, n int) (first string, again []string) {
	t.Helper()
	order := regexp.MustCompile(`(?m)order: .*$`)
	out := ""
	for range 50 {
		if out = child(t, name, "on"); strings.Contains(out, "--- FAIL") {
			break
		}
	}
	line := printedLine.FindStringSubmatch(out)
	require.Len(t, line, 2, out)
	first = order.FindString(out)
	require.NotEmpty(t, first, out)
	out = child(t, name, line[1], fmt.Sprint("-test.count=", n), "-test.cpu=1,2,4")
	require.NotContains(t, out, "this run differs")
	require.NotContains(t, out, "can't be told apart")
	for _, l := range printedLine.FindAllStringSubmatch(out, -1) {
		require.Equal(t, line[1], l[1])
	}
	return first, order.FindAllString(out, -1)
}

// raced fails when the answer to the last question is not the last to be shown, which is by
// chance: everything comes at the same moment, from all kinds of goroutines.
func raced(ctx context.Context, t *testing.T) {
	var order []string
	seen := func(what string, n int) { order = append(order, fmt.Sprint(what, n)) }
	posts := []func(){func() { seen("post ", 0) }, func() { seen("post ", 1) }, func() { seen("post ", 2) }}
	var plain sync.WaitGroup
	for i := range 3 {
		news := make(chan int)
		guest.Go(ctx, func(ctx context.Context) error { // as a search does
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				for range 2 { // the first time there is nothing else that tells them apart
					time.Sleep(time.Second)
					_ = guest.RunOnMain(ctx, func() { seen("half ", i) })
				}
				return i, nil
			})
			seen("answer ", i)
			return err
		})
		guest.Submit(ctx, func(context.Context) (int, error) { return i, nil }).
			OnDone(ctx, func(int, error) { seen("submitted ", i) })
		plain.Go(func() {
			time.Sleep(time.Second)
			_ = guestOf(ctx).Post(posts[i])
			guestOf(ctx).Go(func(context.Context) error { seen("start ", i); return nil })
			news <- i
		})
		guest.Go(ctx, func(ctx context.Context) error {
			n, _, err := flow.Recv(ctx, news)
			seen("news ", n)
			return err
		})
		guest.After(ctx, time.Second, func(context.Context) error { seen("after ", i); return nil })
	}
	require.NoError(t, guest.Sleep(ctx, 3*time.Second))
	plain.Wait()
	if order[len(order)-1] != "answer 2" {
		t.Fatal("order: ", strings.Join(order, " "))
	}
}

func TestReplayRepeatsWhatGoroutinesDid(t *testing.T) {
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, raced, nil)
		return
	}
	t.Parallel()
	first, again := replay(t, t.Name(), 70)
	require.Len(t, again, 210, "it fails each time")
	for _, order := range again {
		require.Equal(t, first, order)
	}
}

// decidedElsewhere depends on what no test can see: what comes from a channel first.
func decidedElsewhere(ctx context.Context, t *testing.T) {
	news := make(chan int)
	order := ""
	for _, i := range rand.Perm(4) {
		go func() { news <- i }()
		guest.Go(ctx, func(ctx context.Context) error {
			n, _, err := flow.Recv(ctx, news)
			order += fmt.Sprint(n)
			return errors.Join(err, guest.Sleep(ctx, time.Duration(n)))
		})
	}
	require.NoError(t, guest.Join(ctx))
	t.Fatal("order: ", order)
}

func TestReplayTellsWhereARunDiffers(t *testing.T) {
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, decidedElsewhere, nil)
		return
	}
	t.Parallel()
	line := printedLine.FindStringSubmatch(child(t, t.Name(), "on"))
	require.Len(t, line, 2)
	out := child(t, t.Name(), line[1], "-test.count=50", "-test.cpu=1,4")
	require.Regexp(t, `guesttest: this run differs from the one of LODGER_SHUFFLE=\S+: the first choice that differs is `+
		`\d+ of \d+, here the wake-up \d+ of guesttest_test\.decidedElsewhere\.func\d \(replay_test\.go:\d+\)\. `, out)
	seed, _, _ := strings.Cut(line[1], ".")
	require.NotContains(t, child(t, t.Name(), seed, "-test.count=10"), "this run differs")
}

// TestReplayTellsWhereARunDiffers when it is shorter or longer, or others post.
func TestReplayTellsOfAnotherTest(t *testing.T) {
	name := t.Name()
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, raced, nil)
		return
	}
	t.Parallel()
	for line, says := range map[string]string{
		"7.100x" + strings.Repeat("0", 50) + ".01": `the first choice that differs is one of 1 to 2 of 100, here the begin of guesttest\.\(\*trial\)\.runIn\S*, the `,
		"7.0x":    `it goes on after choice 0, which was the last, with begin of guesttest`,
		"7.9x9":   `LODGER_SHUFFLE is "7.9x9"; set it to`,
		"7.x.y":   `LODGER_SHUFFLE is "7.x.y"; set it to`,
		"7.9-":    `LODGER_SHUFFLE is "7.9-"; set it to`,
		"-7.0x.1": `LODGER_SHUFFLE is "-7.0x.1"; set it to`,
	} {
		require.Regexp(t, says, child(t, name, line), line)
	}
}

// TestReplaySaysWhatItCannotRepeat: alike goroutines, and real time.
func TestReplaySaysWhatItCannotRepeat(t *testing.T) {
	name := t.Name()
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			for range 2 {
				go func() { _ = guestOf(ctx).Post(func() {}) }()
			}
			_ = guest.Sleep(ctx, time.Second)
			t.Fail()
		}, &guesttest.Options{RealTime: os.Getenv("LODGER_TEST_REAL") != "", Limit: 2 * time.Second})
		return
	}
	require.Regexp(t, `can't be told apart \(call of github\.com\S+\.TestReplaySaysWhatItCannotRepeat\S+\)`, child(t, name, "on"))
	t.Setenv("LODGER_TEST_REAL", "1")
	require.Regexp(t, `to repeat: LODGER_SHUFFLE=7 go test`, child(t, name, "7.12x.01"))
}

func TestShuffledTaskOnlyMayWaitForTheBubble(t *testing.T) {
	if os.Getenv(childVar) != "" {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			go func() { time.Sleep(time.Second); t.Log("hm") }()
			synctest.Wait() // in a task it does no harm
			require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		}, nil)
		return
	}
	require.NotContains(t, child(t, t.Name(), "on"), "FAIL")
}
