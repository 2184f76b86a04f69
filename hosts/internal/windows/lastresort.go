package windows

import "time"

// Glance is the time between two looks at a window that says that its program is closing. It is
// also how long a program may take to end before its windows say so.
const Glance = 300 * time.Millisecond

// Patience is how long work may ignore its cancellation before the user is given a way out. By
// then a guest has named the tasks that do not end.
const Patience = 5 * time.Second

const (
	looksUntilShown = int(Patience/Glance) + 1
	looksUntilReady = looksUntilShown + 4

	frozen = time.Second // so long without a look
)

// A LastResort decides when such a window offers a button that ends the loop at once. Without it
// the user could not get rid of a program with a task that ignores its cancellation. UI thread
// only.
type LastResort struct {
	last  time.Time
	looks int
	posed int // how many questions had been posed at the last look
}

// Look is called about every [Glance]. asked says that the program waits for an answer of the
// user, who may take any time. posed is how many questions it has posed so far: some are answered
// between two looks. Look returns whether the button is shown, and whether it is
// ready, which it becomes a second later: a click that was meant for what lay there before must
// not end the program. A freeze does not count, because clicks that are made in it arrive
// after it.
func (r *LastResort) Look(asked bool, posed int) (shown, ready bool) {
	now := time.Now()
	switch {
	case asked || posed != r.posed:
		r.looks = 0
	case r.looks > looksUntilShown && now.Sub(r.last) >= frozen:
		r.looks = looksUntilShown // what was clicked meanwhile comes now
	case now.Sub(r.last) >= Glance/2: // looks that were held up by a freeze come all at once
		r.looks++
	default:
		now = r.last
	}
	r.last, r.posed = now, posed
	return r.looks >= looksUntilShown, r.looks >= looksUntilReady
}

// Pressed reports whether a press of the button counts. One that comes after a question, or with
// the end of a freeze, may have been meant for what has gone meanwhile.
func (r *LastResort) Pressed(posed int) bool {
	return posed == r.posed && r.looks >= looksUntilReady && time.Since(r.last) < frozen
}
