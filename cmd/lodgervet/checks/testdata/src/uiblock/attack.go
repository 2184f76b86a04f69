package uiblock

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

// Calls by other names, and cases, are blocks, too.
func mutexes(g *guest.Guest, n int) {
	var mu sync.Mutex
	g.Go(func(ctx context.Context) error {
		lock, unlock := mu.Lock, mu.Unlock
		lock()
		guest.Sleep(ctx, 1) // want `Sleep waits while a mutex is held`
		unlock()
		(mu.Lock)()
		(mu.Unlock)()
		switch n {
		case 1:
			mu.Lock()
			guest.Sleep(ctx, 1) // want `Sleep waits while a mutex is held`
			mu.Unlock()
		}
		return nil
	})
}

// Functions that call each other.
func even(n int) {
	if n > 0 {
		odd(n - 1)
	}
	time.Sleep(1)
}

func odd(n int) { even(n) }

func received() { http.Get("x") }

func must[T any](v T, err error) T { return v }

func read(name string) { os.ReadFile(name) }

func generic[T any]() { time.Sleep(1) }

func attack(g *guest.Guest, b *widget.Button, wg *sync.WaitGroup, ch chan int, ln net.Listener, f *os.File) {
	b.OnTapped = func() {
		odd(3)                            // want `odd blocks the UI thread in a handler`
		for range must(os.ReadDir(".")) { // near miss: once
			read("x") // want `read in a loop blocks the UI thread in a handler`
		}
		for d := must(os.ReadFile("x")); len(d) > 0; d = d[1:] { // near miss: once
		}
		read("x")          // near miss
		generic[int]()     // want `generic blocks the UI thread`
		ln.Accept()        // want `Listener.Accept blocks`
		net.LookupMX("x")  // want `net.LookupMX blocks`
		f.WriteString("x") // near miss
		for {
			f.WriteString("x") // want `File.WriteString blocks`
		}
	}
	b.OnTapped = wg.Wait // want `WaitGroup.Wait blocks the UI thread in a handler`
	fyne.Do(wg.Wait)     // want `WaitGroup.Wait blocks the UI thread in a handler`
	g.Go(func(ctx context.Context) error {
		received()   // want `received blocks the UI thread in a task .*; use guest.Background`
		<-ctx.Done() // want `a wait for a context blocks .*; use guest.Park`
		select {     // near miss, but for the channel that it sends
		case ch <- <-ch: // want `a receive from a channel`
		default:
		}
		select {} // want `a select without cases blocks .*; use guest.Park`
	})
}

type runes struct{ widget.Label }

func (r *runes) TypedRune(c rune) { time.Sleep(1) } // want `time.Sleep blocks the UI thread in a handler`
func (r *runes) FocusLost()       { time.Sleep(1) } // want `time.Sleep blocks the UI thread in a handler`

type noWidget struct{}

func (r *noWidget) FocusLost() { time.Sleep(1) }

// A comment behind code is for its line alone; a group is for the line after it.
func silent(b *widget.Button, a, c chan int) {
	b.OnTapped = func() {
		<-a //lodgervet:ignore uiblock it is closed
		<-c // want `a receive from a channel`
		//lodgervet:ignore uiblock it is closed
		// before the window shows
		<-a
	}
}
