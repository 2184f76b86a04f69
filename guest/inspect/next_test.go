package inspect_test

import (
	"context"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/inspect"
)

// of returns the task with a name.
func of(t *testing.T, s *inspect.Snapshot, name string) *inspect.Task {
	t.Helper()
	var find func(list []*inspect.Task) *inspect.Task
	find = func(list []*inspect.Task) *inspect.Task {
		for _, task := range list {
			if task.Name == name {
				return task
			}
			if below := find(task.Children); below != nil {
				return below
			}
		}
		return nil
	}
	task := find(s.Tasks)
	require.NotNil(t, task, "no task is named %q", name)
	return task
}

// linesOfNamed are those of the three tasks with a name, without that of the test itself.
func linesOfNamed(t *testing.T, s *inspect.Snapshot) []string {
	t.Helper()
	lines := regexp.MustCompile(`(?:still|moves|loops): .*`).FindAllString(s.String(), -1)
	require.Len(t, lines, 3)
	return lines
}

// A snapshot that takes over from the one before says the same as one that does not.
func TestNextSaysWhatTasksSays(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		_ = guest.Supervise(ctx, func(ctx context.Context) error {
			guest.Go(inspect.Named(ctx, "still"), sleeper)
			guest.Go(inspect.Named(ctx, "moves"), func(ctx context.Context) error {
				if err := guest.Sleep(ctx, time.Second); err != nil {
					return err
				}
				return guest.Park(ctx)
			})
			guest.Go(inspect.Named(ctx, "loops"), func(ctx context.Context) error {
				for guest.Sleep(ctx, 300*time.Millisecond) == nil {
				}
				return ctx.Err()
			})
			var last *inspect.Snapshot
			for range 5 {
				require.NoError(t, guest.Sleep(ctx, 700*time.Millisecond))
				next, err := last.Next(ctx, g)
				require.NoError(t, err)
				fresh, err := inspect.Tasks(ctx, g)
				require.NoError(t, err)
				require.Equal(t, linesOfNamed(t, fresh), linesOfNamed(t, next))
				if last != nil {
					require.Equal(t, of(t, last, "still").Ref, of(t, next, "still").Ref)
				}
				last = next
			}
			require.Equal(t, "guest.Park", of(t, last, "moves").Verb)
			return errEnough
		})
	}, nil)
}

// The memory of a task that has ended may become another's; its Ref does not.
func TestRefIsNeverAnotherTasks(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		seen := make(map[any]bool)
		for range 50 {
			task := guest.Go(inspect.Named(ctx, "short"), func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
			require.NoError(t, guest.Yield(ctx))
			s, err := inspect.Tasks(ctx, g)
			require.NoError(t, err)
			ref := of(t, s, "short").Ref
			require.False(t, seen[ref])
			seen[ref] = true
			require.NoError(t, task.Wait(ctx))
			runtime.GC()
		}
	}, nil)
}
