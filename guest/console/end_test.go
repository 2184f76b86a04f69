package console

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func refusesConnections(t *testing.T, c *Console) {
	t.Helper()
	at, _ := address(t, c)
	conn, err := net.Dial("tcp", at)
	if err == nil {
		conn.Close()
	}
	require.Error(t, err)
}

func TestEndsWithTheGuest(t *testing.T) {
	g := world(t, nil)
	c, err := Serve(context.Background(), g, quiet)
	require.NoError(t, err)
	_, body := get(t, c, "state.json")
	require.Contains(t, body, `"state":"running"`)
	g.Cancel(nil)
	ended(t, c)
	refusesConnections(t, c)
}

func TestEndsWithItsContext(t *testing.T) {
	g := world(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	c, err := Serve(ctx, g, quiet)
	require.NoError(t, err)
	cancel()
	ended(t, c)
	refusesConnections(t, c)
}

func TestEndsWithTheScopeOfATask(t *testing.T) {
	g := world(t, nil)
	var c *Console
	task := g.Go(func(ctx context.Context) (err error) {
		c, err = Serve(ctx, g, quiet)
		return err
	})
	require.NoError(t, task.Wait(t.Context()))
	ended(t, c)
}

// Pages that are open, that wait for a held thread, and strangers: when the console has ended,
// none of its goroutines is left.
func TestLeavesNoGoroutines(t *testing.T) {
	g := world(t, nil)
	posted := make(chan struct{}) // in a coroutine that the guest keeps
	require.NoError(t, g.Post(func() { close(posted) }))
	<-posted
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(context.Background())
	c, err := Serve(ctx, g, quiet)
	require.NoError(t, err)
	at, path := address(t, c)
	get(t, c, "state.json")
	let := make(chan struct{})
	held := make(chan struct{})
	require.NoError(t, g.Post(func() { close(held); <-let }))
	<-held
	time.Sleep(pace) // so that a new look is due: real time, for the sockets
	for range 5 {
		conn, err := net.Dial("tcp", at)
		require.NoError(t, err)
		defer conn.Close()
		_, err = conn.Write([]byte(request("GET", path+"state.json", at)))
		require.NoError(t, err)
	}
	cancel()
	ended(t, c)
	close(let)
	for begun := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 5*time.Second {
			all := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, and were %d:\n%s", runtime.NumGoroutine(), before, all[:runtime.Stack(all, true)])
		}
	}
}

func TestLogsTheAddressOnce(t *testing.T) {
	g := world(t, nil)
	var b bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	c, err := Serve(ctx, g, &Options{Logger: slog.New(slog.NewTextHandler(&b, nil))})
	require.NoError(t, err)
	other := served(t, g)
	require.NotEqual(t, c.URL(), other.URL())
	get(t, c, "state.json")
	cancel()
	ended(t, c)
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	require.Contains(t, b.String(), c.URL())
}
