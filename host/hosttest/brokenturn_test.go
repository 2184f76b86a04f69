package hosttest

import "github.com/golodger/lodger/host"

// brokenTurns give the toolkit no turn, or end a loop that is not theirs.
var brokenTurns = map[string]brokenHost{
	"drains": {
		open:   newTiny(func(t *tiny) { t.drains = true; t.done = func(host.Outcome) { t.quits = true } }),
		breaks: "rule9-later-turn", seen: "while a posted function posted itself again and again, the loop did not end",
	},
	"drains until its end": {
		open:   newTiny(func(t *tiny) { t.drains = true }),
		breaks: "rule9-later-turn", seen: "the toolkit did not get to its event",
		opts: tinyOptions,
	},
	"ends the program's loop": {
		open:   wrap(func(w *wrapped) { w.done = w.loop.DoneCallback }),
		breaks: "rule8-lives-on-if-the-program-runs-it", seen: "ended (<nil>) after DoneCallback",
		opts: wrappedOptions,
	},
	"is deaf in the program's loop": {
		open: wrap(func(w *wrapped) {
			own, post := w.own, w.post
			w.own = func() error { w.post = func(func()) {}; return own() }
			w.post = post
		}),
		breaks: "rule8-lives-on-if-the-program-runs-it", seen: "ran no posted function",
		opts: wrappedOptions,
	},
}
