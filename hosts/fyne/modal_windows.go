package fynehost

import (
	"log/slog"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/golodger/lodger/host"
)

// While the user holds a title bar or the edge of a window, or opens a window's menu, Windows
// runs its own loop inside Fyne's loop, which stands still. Windows' loop calls timers, so a
// timer of this package runs the queue. That call comes through C. Go's coroutines can be
// resumed only at the number of callbacks at which they were made. So on Windows every turn
// comes through C, at depth 1.
//
//	Fyne's loop ► run              0 ► CallWindowProc ► 1 ► queue.Run
//	Fyne's loop ► Windows' loop ► timer           1 ► queue.Run
//	after the loop: Finish         0 ► Enter ► CallWindowProc ► 1

const (
	depth      = 1
	timerEvery = 15 // milliseconds; Windows' timers are not finer
)

var (
	user32         = syscall.NewLazyDLL("user32.dll")
	callWindowProc = user32.NewProc("CallWindowProcW")
	setTimer       = user32.NewProc("SetTimer")
	killTimer      = user32.NewProc("KillTimer")
)

// Windows calls step for Enter, one callback deeper. UI thread only, as everything that it uses.
var step = sync.OnceValue(func() uintptr {
	return syscall.NewCallback(func(_, _, _, _ uintptr) uintptr {
		fn := entering
		entering = nil
		fn()
		return 0
	})
})

var entering func()

// Enter implements host.Enterer: it runs fn at the depth of all turns, and returns when fn has
// returned. UI thread only.
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

// level is how many calls of Enter are running. A task can't see them on its own stack.
var level int

// Windows calls beat, with the timer's number, in any loop that gets the timer's message.
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

// beats maps each timer to its host. UI thread only.
var beats = map[uintptr]*beaten{}

// sayIfHeld logs once when the user holds a title bar for long.
func (b *beaten) sayIfHeld() {
	ask := func() { loop{b.host.driver, b.host.thread}.do(func() { b.still.answer(time.Now()) }) }
	if b.still.beat(time.Now(), ask) {
		slog.Warn("fynehost: Fyne's loop stands still, since Windows runs a loop of its own: the user holds the title bar or the edge of a window, " +
			"or has its menu or a system dialog open. Tasks go on; the window is drawn again, and fyne.DoAndWait returns, when that is over")
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
