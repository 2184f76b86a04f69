package fynehost

import (
	"log/slog"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/golodger/lodger/host"
)

// While the user holds a title bar or the edge of a window, or a menu of it is open, Windows runs
// a loop of its own inside Fyne's, which stands still. In that loop it calls timers, and so one of
// ours runs the queue. It comes through C, and Go's coroutines can be resumed only at the number
// of callbacks at which they were made: so here every turn comes through C, at depth 1.
//
//	Fyne's loop ► run              0 ► CallWindowProc ► 1 ► queue.Run
//	Fyne's loop ► Windows' loop ► timer           1 ► queue.Run
//	after the loop: Finish         0 ► Enter ► CallWindowProc ► 1

const (
	depth      = 1
	timerEvery = 15 // milliseconds; Windows' own clock has no finer ones
)

var (
	user32         = syscall.NewLazyDLL("user32.dll")
	callWindowProc = user32.NewProc("CallWindowProcW")
	setTimer       = user32.NewProc("SetTimer")
	killTimer      = user32.NewProc("KillTimer")
)

// step is called by Windows for Enter, one callback deeper. UI thread only, as what it uses.
var step = sync.OnceValue(func() uintptr {
	return syscall.NewCallback(func(_, _, _, _ uintptr) uintptr {
		fn := entering
		entering = nil
		fn()
		return 0
	})
})

var entering func()

// Enter is host.Enterer: it runs fn at the depth of all turns. UI thread only. Returns when fn
// has returned.
func (h *Host) Enter(fn func()) {
	if host.CallbackDepth() >= depth || level > 0 {
		fn()
		return
	}
	level++
	defer func() { level-- }()
	entering = fn
	callWindowProc.Call(step(), 0, 0, 0, 0)
}

func (h *Host) enter(fn func()) { h.Enter(fn) }

// level is how many calls of Enter are under way, which a task can't see on its own stack.
var level int

// beat is called by Windows, in whatever loop gets the timer's message, with the timer's number.
var beat = sync.OnceValue(func() uintptr {
	return syscall.NewCallback(func(_, _, timer, _ uintptr) uintptr {
		if b := beats[timer]; b != nil && level == 0 && host.CallbackDepth() == depth {
			level++
			defer func() { level-- }()
			b.sayIfHeld()
			b.host.queue.Run()
		}
		return 0
	})
})

// A beaten host is one that a timer calls. UI thread only.
type beaten struct {
	host  *Host
	still stillness
}

// beats has the host of each timer. UI thread only.
var beats = map[uintptr]*beaten{}

// sayIfHeld logs once when the user holds a title bar for long.
func (b *beaten) sayIfHeld() {
	ask := func() { loop{b.host.driver, b.host.thread}.do(func() { b.still.answer(time.Now()) }) }
	if b.still.beat(time.Now(), ask) {
		slog.Warn("fynehost: Fyne's loop stands still, since Windows runs one of its own: the user holds the title bar or the edge of a window, " +
			"or has its menu or a dialog of the system open. Tasks go on; what they show is drawn, and fyne.DoAndWait returns, when that is over")
	}
}

// beginBeat sets the timer, once Fyne's loop runs.
func (h *Host) beginBeat() {
	runtime.LockOSThread() // the timer belongs to the thread, which is the main one anyway
	defer runtime.UnlockOSThread()
	if timer, _, _ := setTimer.Call(0, 0, timerEvery, beat()); timer != 0 {
		beats[timer] = &beaten{host: h, still: stillness{answered: time.Now()}}
	}
}

func (h *Host) endBeat() {
	for timer, b := range beats {
		if b.host == h {
			killTimer.Call(0, timer)
			delete(beats, timer)
		}
	}
}
