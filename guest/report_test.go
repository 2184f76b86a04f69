package guest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sleepy(ctx context.Context) error { return Sleep(ctx, time.Hour) }

func deaf(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil }

func TestReportNamesFunctionsAndCountsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		_, err := Run(l, func(ctx context.Context) (int, error) {
			g, _ = FromContext(ctx)
			for range 3 {
				Go(ctx, sleepy)
			}
			for range 2 {
				g.Go(func(ctx context.Context) error { _, err := Background(ctx, deaf); return err })
			}
			Async(ctx, func(ctx context.Context) (int, error) { return 0, Park(ctx) })
			Go(ctx, func(context.Context) error { return nil }) // went well
			if err := Sleep(ctx, time.Second); err != nil {
				return 0, err
			}
			l.Quit()
			return 0, Park(ctx)
		}, &Options{Logger: mute()})
		require.ErrorIs(t, err, ErrHostGone)
		report := g.Finish()
		require.Equal(t, err, report.Err)
		require.Len(t, report.Cancelled, 4)
		names := byNumber(report.Cancelled)
		require.Equal(t, 3, report.Cancelled[names[0]], "the most first")
		require.Regexp(t, `^guest\.sleepy \(report_test\.go:\d+\)$`, names[0])
		require.Len(t, report.Abandoned, 1)
		for name, n := range report.Abandoned {
			require.Equal(t, 2, n)
			require.Regexp(t, `^guest\.deaf \(report_test\.go:\d+\)$`, name)
		}
		require.Empty(t, report.Leaked)
		require.Zero(t, report.Dropped)

		lines := strings.Split(report.String(), "\n")
		require.Len(t, lines, 3)
		require.Equal(t, "err: context canceled: guest: the host's loop has ended", lines[0])
		require.Regexp(t, `^cancelled: 3 × guest\.sleepy \(report_test\.go:\d+\), 2 × .*, 1 × .*, 1 × `, lines[1])
		require.Regexp(t, `^abandoned: 2 × guest\.deaf \(report_test\.go:\d+\)$`, lines[2])
		time.Sleep(time.Minute) // until the deaf have ended
	})
}

func TestReportOfAGoodEndIsOneLine(t *testing.T) {
	require.Equal(t, "err: <nil>", Report{}.String())
	require.Equal(t, "err: boom\nleaked: 2 × b, 1 × a\ndropped: 3 posted functions", Report{
		Err: errors.New("boom"), Leaked: map[string]int{"a": 1, "b": 2}, Dropped: 3,
	}.String())
}

func TestTasksThatEndedBeforeAreNotCountedAsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error {
			task := Go(ctx, park)
			task.Cancel(nil) // long before the end
			_ = Join(ctx)
			return nil
		}, nil)
		require.NoError(t, err)
		report := embedded(l, g)
		require.NoError(t, report.Err)
		require.Empty(t, report.Cancelled)
	})
}

func TestNamesAndPanicTextsAreQuotedAndCutInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error { return Yield(ctx) },
			&Options{Logger: book.logger(), Name: "evil\nlevel=ERROR msg=forged"})
		require.NoError(t, err)
		require.NoError(t, g.Post(func() { panic(strings.Repeat("x", 10_000) + "\nforged") }))
		require.NoError(t, embedded(l, g).Err)
		require.Len(t, book.lines(), 1)
		require.Contains(t, book.lines()[0], `evil\\nlevel=ERROR`)
		require.NotContains(t, book.lines()[0], strings.Repeat("x", 300))
	})
}

type stringer struct{ harm func() }

func (s stringer) String() string { s.harm(); return "" }

func TestPanicValueThatPanicsWhenPrintedHarmsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var book logbook
		_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			g, _ := FromContext(ctx)
			value := stringer{func() { panic("again") }}
			assert.NoError(t, g.Post(func() { panic(value) }))
			assert.NoError(t, g.Post(func() { panic(nil) }))
			return 0, Yield(ctx)
		}, &Options{Logger: book.logger()})
		require.NoError(t, err)
		require.Equal(t, 2, book.count("guest: unobserved panic"))
	})
}

// TestPanicInAHandlerIsReportedAtOnce: RunOnMain in place, while the pump sleeps.
func TestPanicInAHandlerIsReportedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var heard time.Time
		g, err := Start(l, nil, &Options{OnError: func(error) { heard = time.Now() }})
		require.NoError(t, err)
		var happened time.Time
		g.Go(func(ctx context.Context) error {
			time.AfterFunc(time.Minute, func() {
				l.Post(func() {
					happened = time.Now()
					assert.NoError(t, RunOnMain(ctx, func() { panic("in a handler") }))
				})
			})
			return Park(ctx)
		})
		time.AfterFunc(time.Hour, func() { g.Cancel(nil) })
		require.NoError(t, embedded(l, g).Err)
		require.False(t, happened.IsZero())
		require.Equal(t, happened, heard)
	})
}
