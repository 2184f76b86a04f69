package fynehost

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A beatenLoop has a clock of its own. Fyne's loop answers unless it is held.
type beatenLoop struct {
	stillness
	now       time.Time
	held      bool
	due       bool
	asks, say int
}

// pass lets time go by, with a beat each 15 ms.
func (l *beatenLoop) pass(d time.Duration) {
	for end := l.now.Add(d); l.now.Before(end); l.now = l.now.Add(15 * time.Millisecond) {
		if l.due && !l.held {
			l.due = false
			l.answer(l.now)
		}
		if l.beat(l.now, func() { l.asks++; l.due = true }) {
			l.say++
		}
	}
}

func TestHeldTitleBarIsSaidOnceEachTime(t *testing.T) {
	l := &beatenLoop{now: time.Unix(1e9, 0)}
	l.pass(10 * time.Second)
	require.Zero(t, l.say, "nothing is held")
	require.LessOrEqual(t, l.asks, 10, "an idle window is not kept busy")

	for n := range 3 {
		l.held = true
		l.pass(time.Second)
		require.Equal(t, n, l.say, "a window that is only moved is not worth a word")
		l.pass(3 * time.Second)
		require.Equal(t, n+1, l.say)
		l.pass(time.Minute)
		require.Equal(t, n+1, l.say)
		l.held = false
		l.pass(5 * time.Second)
		require.Equal(t, n+1, l.say)
	}
}

func TestLoopThatAnswersLateIsNotHeld(t *testing.T) {
	l := &beatenLoop{now: time.Unix(1e9, 0)}
	for range 20 {
		l.held = true
		l.pass(heldLong - 100*time.Millisecond)
		l.held = false
		l.pass(100 * time.Millisecond)
	}
	require.Zero(t, l.say)
}

// Code that blocks the thread holds up the beats, too. One comes right afterwards, before Fyne's
// loop can answer.
func TestBlockedThreadIsNotAHeldTitleBar(t *testing.T) {
	l := &beatenLoop{now: time.Unix(1e9, 0)}
	for !l.due {
		l.pass(time.Millisecond)
	}
	l.now = l.now.Add(time.Minute)
	l.held = true
	l.pass(100 * time.Millisecond)
	l.held = false
	l.pass(2 * time.Second)
	require.Zero(t, l.say)
}
