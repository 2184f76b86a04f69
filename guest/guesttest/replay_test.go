package guesttest_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
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
	require.NotContains(t, out, "this is not the run", out)
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
				time.Sleep(time.Second)
				for range 2 {
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
	require.NoError(t, guest.Sleep(ctx, 2*time.Second))
	plain.Wait()
	answers := strings.Join(order, " ")
	if !strings.HasSuffix(regexp.MustCompile(`answer \d`).ReplaceAllString(answers, ""), "answer 2") {
		t.Fatal("order: ", answers)
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
