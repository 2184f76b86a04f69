package search

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

// stubborn is a server that answers after the time that a text names, whether or not anybody
// still wants to know; "drop …" then loses the connection.
func stubborn(_ context.Context, text string) ([]string, error) {
	delay, err := time.ParseDuration(text)
	if err != nil {
		time.Sleep(time.Second)
		return nil, errors.New("connection lost")
	}
	time.Sleep(delay)
	return []string{"after " + text}, nil
}

// shown collects what a window that binds s would have shown.
func shown(ctx context.Context, s *Search) (titles, problems *[]string) {
	titles, problems = new([]string), new([]string)
	s.Hits.Bind(ctx, func(h Hits) { *titles = append(*titles, h.Titles...) })
	s.Problem.Bind(ctx, func(p string) {
		if p != "" {
			*problems = append(*problems, p)
		}
	})
	return titles, problems
}

func wait(ctx context.Context, t *testing.T, d time.Duration) {
	t.Helper()
	require.NoError(t, guest.Sleep(ctx, d))
}

func TestOlderSearchNeverShowsItsHits(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := New(ctx, stubborn)
		titles, problems := shown(ctx, s)
		s.Call("9s") // answers last
		wait(ctx, t, time.Second)
		s.Call("2s") // answers in the midst of the next
		wait(ctx, t, time.Second)
		s.Call("5s")
		wait(ctx, t, 20*time.Second)
		require.Equal(t, []string{"after 5s"}, *titles)
		require.Empty(t, *problems)
		require.False(t, s.Busy().Get())
	}, nil)
}

// An older search may also fail late, and its failure is no concern of the newer one's.
func TestOlderSearchNeverShowsItsProblem(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := New(ctx, stubborn)
		titles, problems := shown(ctx, s)
		s.Call("drop")
		wait(ctx, t, 500*time.Millisecond)
		s.Call("5s")
		wait(ctx, t, 20*time.Second)
		require.Equal(t, []string{"after 5s"}, *titles)
		require.Empty(t, *problems)
	}, nil)
}

func TestTypingFastAsksOnce(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var asked []string
		s := New(ctx, func(_ context.Context, text string) ([]string, error) { asked = append(asked, text); return nil, nil })
		for _, text := range []string{"m", "mo", "mob", "moby"} {
			s.Call(text)
			wait(ctx, t, pause-time.Millisecond)
		}
		wait(ctx, t, time.Second)
		require.Equal(t, []string{"moby"}, asked)
	}, nil)
}

func TestProblemIsClearedByTheNextSearch(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := New(ctx, Catalogue)
		s.Call("emma")
		wait(ctx, t, 5*time.Second)
		s.Call("moby*")
		wait(ctx, t, 5*time.Second)
		require.Equal(t, errWildcard.Error(), s.Problem.Get())
		require.Equal(t, "1 book for “emma”", s.Hits.Get().String())
		s.Call("moby")
		wait(ctx, t, time.Millisecond)
		require.Empty(t, s.Problem.Get())
		wait(ctx, t, 5*time.Second)
		require.Equal(t, "1 book for “moby”", s.Hits.Get().String())
		s.Call("")
		wait(ctx, t, time.Millisecond)
		require.Empty(t, s.Hits.Get().Titles)
	}, nil)
}

func TestCancelKeepsWhatWasFound(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := New(ctx, Catalogue)
		s.Call("moby")
		wait(ctx, t, 5*time.Second)
		s.Call("m")
		wait(ctx, t, time.Second)
		require.True(t, s.Busy().Get())
		s.Cancel(nil)
		wait(ctx, t, time.Millisecond)
		require.False(t, s.Busy().Get())
		wait(ctx, t, 5*time.Second)
		require.Equal(t, "moby", s.Hits.Get().Text)
	}, nil)
}
