package hosttest

import (
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// brokenTurns give the toolkit no turn, or end a loop that is not theirs.
var brokenTurns = map[string]brokenHost{
	"drains": {
		open:   newTiny(func(t *tiny) { t.drains = true; t.done = func(host.Outcome) { t.quits = true } }),
		breaks: "rule9-later-turn", seen: "while a posted function kept posting itself, the loop did not end",
	},
	"drains until its end": {
		open:   newTiny(func(t *tiny) { t.drains = true }),
		breaks: "rule9-later-turn", seen: "the toolkit did not handle its event",
		opts: tinyOptions,
	},
	"ends the program's loop": {
		open:   wrap(func(w *wrapped) { w.done = w.loop.DoneCallback }),
		breaks: "rule8-lives-on-if-the-program-runs-it", seen: "ended (<nil>) after DoneCallback",
		opts: wrappedOptions,
	},
	"is deaf in the program's loop": {
		open: wrap(func(w *wrapped) { // what was posted is in another loop
			w.own = func() error { return headless.New().Mainloop(func() error { return nil }) }
		}),
		breaks: "rule8-lives-on-if-the-program-runs-it", seen: "ran no posted function",
		opts: wrappedOptions,
	},
}
