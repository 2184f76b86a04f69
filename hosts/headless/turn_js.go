package headless

import (
	"runtime"
	"time"

	"github.com/golodger/lodger/hosts/internal/page"
)

// In a page all goroutines share one thread, and none is interrupted. A loop that always has
// something to do would keep all others waiting; and the page, without which no file is written
// and no answer comes, as long as one goroutine could run.

// patience is how long the page waits for its turn.
const patience = 4 * time.Millisecond

// turn tells that the page had its turn. It is made here, so that a loop in a synctest bubble
// can be told, too.
var turn = make(chan struct{})

// turned is when it last had one, once a loop was busy. Loops share it, and the thread.
var turned time.Time

// giveWay lets other goroutines run and, when it has waited long enough, the page. UI thread
// only.
func (l *Loop) giveWay() {
	runtime.Gosched()
	if turned.IsZero() {
		turned = time.Now()
	}
	if time.Since(turned) < patience {
		return
	}
	page.Soon(func() {
		select {
		case turn <- struct{}{}:
		default: // it was not waited for any longer
		}
	})
	select {
	case <-turn:
	case <-time.After(time.Millisecond): // another goroutine keeps the page waiting
	}
	turned = time.Now()
}
