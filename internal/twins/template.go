package twins

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// Template is a story: program is what the pages in docs show of a program with its own loop.
// Something happens in it as soon as its guest is there, and ends it. endLoop ends the loop alone.
func Template(program, endLoop func()) int {
	go func() {
		for errors.Is(happen(endLoop), guest.ErrNoGuest) {
			time.Sleep(time.Millisecond)
		}
	}()
	program()
	return 0
}

// happen does what EVENT names, in the program's guest.
func happen(endLoop func()) error {
	_, err := guest.CallOnMain(context.Background(), func(ctx context.Context) (any, error) {
		g, _ := guest.FromContext(ctx)
		g.Go(func(ctx context.Context) error {
			switch os.Getenv("EVENT") {
			case "panic":
				panic("a bug")
			case "quit":
				g.Cancel(guest.ErrQuit)
			case "end of the loop":
				endLoop()
			}
			return guest.Park(ctx)
		})
		return nil, nil
	})
	return err
}

// TestTemplate plays a story of Template: only a failure gives an exit code.
func TestTemplate(t *testing.T, story string) {
	for _, event := range []string{"quit", "end of the loop"} {
		t.Run(event, func(t *testing.T) { screentest.Start(t, story, "EVENT="+event).Ended(0) })
	}
	t.Run("panic", func(t *testing.T) {
		p := screentest.Start(t, story, "EVENT=panic")
		<-p.End
		var exit *exec.ExitError
		require.ErrorAs(t, p.Err, &exit, p.Text())
		require.Equal(t, 1, exit.ExitCode(), p.Text())
		require.Contains(t, p.Text(), "guest: panic: a bug")
	})
}
