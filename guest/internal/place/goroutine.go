package place

import (
	"bytes"
	"runtime"
	"strconv"

	"github.com/golodger/lodger/host"
)

// Where threads have no ids, as on js/wasm, the mark says that a goroutine belongs to a guest, but
// not to which one. While one guest lives, that is enough. While several live, goroutine ids take
// the place of thread ids. A coroutine's id differs from its loop's, but its stack names the
// goroutine that made it, and that is its loop's. Guests whose loops run on one goroutine, or in
// tasks of one another, share that id.

// CurrentThread is the calling thread. Where threads are nameless it is the goroutine of the loop
// that the caller belongs to, if the caller has the mark and several guests live: that costs some
// microseconds, more on a deep stack. Else it is 0. Any goroutine.
func CurrentThread() host.Thread {
	if !nameless || alive.Load() <= 1 || !Marked() {
		return host.CurrentThread()
	}
	return host.Thread(home())
}

// home is the goroutine of the loop that the caller belongs to; that of no loop is its own. If
// package runtime has changed its text, it is 0, and all goroutines are taken for the same. A
// loop may itself run in a coroutine: in a task, whose home it shares, or in the program's
// iterator.
func home() uint64 {
	own, maker := goroutines()
	for _, p := range Live() {
		if loop := p.loop.Load(); p.bound.Load() && (loop == own || loop == maker) {
			return p.home.Load()
		}
	}
	if maker != 0 {
		return maker
	}
	return own
}

// goroutines returns the caller's id, and that of the goroutine that made it, if it is a
// coroutine.
func goroutines() (own, maker uint64) {
	stack := stack()
	if _, made, ok := bytes.Cut(stack, []byte("\ncreated by iter.Pull[...] in goroutine ")); ok {
		maker = number(made)
	}
	head, _ := bytes.CutPrefix(stack, []byte("goroutine "))
	return number(head), maker
}

// stack is the caller's stack, as text. Package runtime tells a goroutine's id only there.
func stack() []byte {
	for b := make([]byte, 8<<10); ; b = make([]byte, 2*len(b)) {
		if n := runtime.Stack(b, false); n < len(b) {
			return b[:n]
		}
	}
}

// number is the number at the beginning of text, or 0.
func number(text []byte) uint64 {
	end := bytes.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	n, _ := strconv.ParseUint(string(text[:max(end, 0)]), 10, 64)
	return n
}

// isHome reports whether the caller, which has the mark, is on the place's loop or in one of its
// coroutines, or in those of a guest that shares the loop. thread is what CurrentThread has said.
// Where threads are nameless.
func (p *Place) isHome(thread host.Thread) bool {
	return p.bound.Load() && (thread == 0 || p.home.Load() == uint64(thread))
}
