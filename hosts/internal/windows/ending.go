package windows

import "time"

// Patience is how long a program may take to end before the user may end it by closing its
// window once more. By then a guest has also named the tasks that do not end.
const Patience = 5 * time.Second

// An Ending is the time since a program has begun to end. UI thread only.
type Ending struct{ since time.Time }

// Begin begins it, once.
func (e *Ending) Begin() {
	if e.since.IsZero() {
		e.since = time.Now()
	}
}

// BeginAgain begins it anew.
func (e *Ending) BeginAgain() { e.since = time.Now() }

// Long reports whether it has lasted for Patience.
func (e *Ending) Long() bool { return !e.since.IsZero() && time.Since(e.since) >= Patience }
