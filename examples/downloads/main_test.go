package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(screentest.Stories{"downloads": func() int { main(); return 0 }})
	m.Run()
}

// second is a file that takes a second.
func second(name string, losses int) file {
	return file{name, int64(time.Second / latency), losses}
}

// A user before a window with downloads.
type user struct {
	*fynetest.User
	*list
}

func play(t *testing.T, files []file, story func(ctx context.Context, u user)) (folder string) {
	folder = t.TempDir()
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		l := open(ctx, a, newServer(files), folder)
		for _, f := range files {
			l.add(ctx, f.name)
		}
		story(ctx, user{fynetest.NewUser(ctx, t, l.window), l})
	}, nil)
	return folder
}

// row is the user who looks at one download only.
func (u user) row(name string) *fynetest.User {
	return u.In(fynetest.Find[*fyne.Container](u.User, name)).Within(time.Minute)
}

// states are those of the downloads, in order.
func (u user) states() (states []string) {
	for _, d := range u.all {
		states = append(states, d.state.Get())
	}
	return states
}

// most is how many load at a time, from now on.
func (u user) most(ctx context.Context) *int {
	most := new(int)
	for _, d := range u.all {
		d.state.Bind(ctx, func(string) {
			loading := 0
			for _, s := range u.states() {
				if s == "loading" {
					loading++
				}
			}
			*most = max(*most, loading)
		})
	}
	return most
}

func files(t *testing.T, folder string) (names []string) {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestThreeLoadAtATime(t *testing.T) {
	folder := play(t, []file{second("a", 0), second("b", 0), second("c", 0), second("d", 0), second("e", 0)}, func(ctx context.Context, u user) {
		began, most := time.Now(), u.most(ctx)
		u.row("e").See("waiting")
		u.row("a").See("done")
		u.row("e").See("done")
		require.Equal(t, 2*time.Second, time.Since(began)) // three in one, two in the next
		require.Equal(t, 3, *most)
	})
	require.Equal(t, []string{"a", "b", "c", "d", "e"}, files(t, folder))
}

func TestPausedDownloadTakesNoPlaceAndGoesOnWhereItWas(t *testing.T) {
	folder := play(t, []file{second("a", 0), second("b", 0), second("c", 0), second("d", 0)}, func(ctx context.Context, u user) {
		most := u.most(ctx)
		u.row("a").See("40%")
		u.row("a").Tap("Pause")
		require.Equal(t, []string{"paused", "loading", "loading", "loading"}, u.states())
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, []string{"paused", "done", "done", "done"}, u.states())
		u.row("a").See("40%")

		began := time.Now()
		u.row("a").Tap("Resume")
		u.row("a").See("done")
		require.Equal(t, 3*latency, time.Since(began)) // what was missing, and no more
		require.Equal(t, 3, *most)
	})
	require.Equal(t, []string{"a", "b", "c", "d"}, files(t, folder))
}

func TestCancelGivesThePlaceToTheNext(t *testing.T) {
	folder := play(t, []file{second("a", 0), second("b", 0), second("c", 0), second("d", 0)}, func(ctx context.Context, u user) {
		u.row("a").See("40%")
		u.row("b").Tap("Cancel")
		require.Equal(t, "loading", u.all[3].state.Get())
		u.Gone("b")
		u.row("d").See("done")
	})
	require.Equal(t, []string{"a", "c", "d"}, files(t, folder))
}

func TestLostConnectionIsTriedAgainAfterGrowingDelays(t *testing.T) {
	play(t, []file{second("a", 2), second("b", 0), second("c", 0), second("d", 0)}, func(ctx context.Context, u user) {
		began, a := time.Now(), u.row("a")
		a.See("connection lost; retry in 3 s")
		require.Equal(t, "loading", u.all[3].state.Get()) // who waits to try again has no place
		a.See("retry in 2 s")
		a.See("retry in 1 s")
		a.See("retry in 6 s")
		a.See("done")
		require.Equal(t, time.Second+2*latency+9*time.Second, time.Since(began))
	})
}

func TestPauseBetweenTwoAttempts(t *testing.T) {
	play(t, []file{second("a", 1)}, func(ctx context.Context, u user) {
		u.row("a").See("retry in 2 s")
		u.row("a").Tap("Pause")
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, []string{"paused"}, u.states())
		u.row("a").Tap("Resume")
		u.row("a").See("done")
	})
}

func TestFailuresStayApart(t *testing.T) {
	folder := play(t, []file{{"gone", 0, 0}, second("bad", 99), second("c", 0)}, func(ctx context.Context, u user) {
		u.row("gone").See("failed: file does not exist")
		u.row("bad").See("failed: connection lost") // after 3, 6 and 12 seconds
		u.row("c").See("done")
		require.Contains(t, files(t, u.folder), "bad.part")
		u.row("bad").Tap("Resume")
		u.row("bad").See("retry in 3 s")
		u.Close()
		u.See("Not finished: 2")
		u.Answer("Stop")
	})
	require.Equal(t, []string{"c"}, files(t, folder))
}

func TestFolderThatIsNotThere(t *testing.T) {
	play(t, []file{second("a", 0)}, func(ctx context.Context, u user) {
		u.folder = filepath.Join(u.folder, "later")
		u.add(ctx, "a")
		u.WaitUntil("failed", func() bool { return u.all[1].paused.Get() })
		u.See("no such file or directory")
		require.NoError(t, os.Mkdir(u.folder, 0o700))
		u.Tap("Resume")
		u.WaitUntil("done", func() bool { return u.states()[1] == "done" })
	})
}

func TestPauseAll(t *testing.T) {
	play(t, []file{second("a", 0), second("b", 0), second("c", 0), second("d", 0)}, func(ctx context.Context, u user) {
		most := u.most(ctx)
		u.row("a").See("40%")
		u.Tap("Pause all")
		require.NoError(t, guest.Sleep(ctx, time.Hour))
		require.Equal(t, []string{"waiting", "waiting", "waiting", "waiting"}, u.states())
		u.row("a").Tap("Pause") // stays so
		u.Tap("Pause all")
		require.Equal(t, []string{"paused", "loading", "loading", "loading"}, u.states())
		u.row("d").See("done")
		u.row("a").Tap("Resume")
		u.row("a").See("done")
		require.Equal(t, 3, *most)
	})
}

func TestClosingAsksAndRemovesWhatIsUnfinished(t *testing.T) {
	folder := play(t, []file{{"short", 1, 0}, second("b", 0), second("c", 0), second("d", 0), second("e", 0)}, func(ctx context.Context, u user) {
		u.row("short").See("done")
		u.Close()
		u.See("Not finished: 4. Stop them?")
		require.Equal(t, []string{"b.part", "c.part", "d.part", "short"}, files(t, u.folder))
		u.Answer("Continue")
		u.row("b").See("40%")
		u.Close()
		u.Answer("Stop")
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
	})
	require.Equal(t, []string{"short"}, files(t, folder))
}

func TestClosingWithNothingToLoseAsksNothing(t *testing.T) {
	play(t, []file{second("a", 0), second("b", 0)}, func(ctx context.Context, u user) {
		u.row("b").Tap("Cancel")
		u.row("a").See("done")
		u.Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
	})
}

func TestOnAScreen(t *testing.T) {
	p := screentest.Start(t, "downloads", "TMPDIR="+t.TempDir())
	w := screentest.Window(t, "Downloads")
	screentest.CloseWindow(t, w)
	require.NoError(t, p.Signal(os.Interrupt)) // ends it while the question is open
	p.Ended(0)
}
