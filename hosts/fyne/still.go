package fynehost

import "time"

const (
	pulseEvery = time.Second     // Fyne's loop is asked for a sign of life
	heldLong   = 2 * time.Second // without one, the user holds a title bar, or the like
	heldBeats  = 50              // which the system must have made meanwhile
)

// A stillness notices that Fyne's loop stands still although the system calls us, as Windows does
// while it runs a loop of its own. Windows has no plain way to ask for that. So Fyne's loop is
// asked for a call, again and again, and the time without an answer is taken. Code that blocks
// the thread is something else: then the system does not call either, and makes up for none of
// its calls afterwards. UI thread only.
type stillness struct {
	asked    time.Time // when the sign of life was asked for that has not come; zero: none is due
	beats    int       // since then
	answered time.Time
	said     bool // of this one
}

// beat is called when the system calls. ask asks Fyne's loop to call [stillness.answer]. It
// reports whether to say now that Fyne's loop stands still: once, until it goes on.
func (s *stillness) beat(now time.Time, ask func()) (say bool) {
	s.beats++
	switch {
	case s.asked.IsZero():
		if now.Sub(s.answered) >= pulseEvery {
			s.asked, s.beats = now, 0
			ask()
		}
	case !s.said && now.Sub(s.asked) >= heldLong && s.beats >= heldBeats:
		s.said = true
		return true
	}
	return false
}

// answer is the sign of life.
func (s *stillness) answer(now time.Time) { *s = stillness{answered: now} }
