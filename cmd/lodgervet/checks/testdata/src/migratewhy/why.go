// Package migratewhy has goroutines that are left, with the reason.
package migratewhy

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"migratewhy/show"
)

type page struct {
	g     *guest.Guest
	label *widget.Label
	mu    sync.Mutex
}

func save() {}

func (p *page) load(name string) {
	save()
	fyne.Do(func() { p.label.SetText(name) })
}

func (p *page) indirect() { p.load("x") }

func (p *page) calls(name string) {
	go p.load(name)        // want `change this by hand: load posts by itself \(fyne.Do at why.go:27\): make it a task's function, and start it with Go`
	go p.indirect()        // want `indirect posts by itself \(fyne.Do at why.go:27\)`
	go show.Later(p.label) // want `Later posts by itself \(fyne.Do at show.go:8\)`
	go func() {            // want `load posts by itself \(fyne.Do at why.go:27\)`
		save()
		p.load(name)
	}()
	f := func() { fyne.Do(p.label.Hide) }
	go f() // want `f posts by itself`

	go save()
	go show.Quick(p.label)
	go func() { save() }()
}

func (p *page) others(name string, ch chan int) {
	go func() { // want `it posts only from the middle of its work`
		for range 3 {
			fyne.Do(p.label.Show)
		}
	}()
	go func() { // want `it waits for a channel, perhaps forever`
		<-ch
		fyne.Do(p.label.Show)
	}()
	go func() { // want `another goroutine may wait for what it signals`
		save()
		fyne.Do(p.label.Show)
		ch <- 1
	}()
	go func() { // want `another goroutine may wait for what it signals`
		save()
		close(ch)
		fyne.Do(p.label.Show)
	}()
	go func() { // want `it holds a mutex while it shows something`
		p.mu.Lock()
		fyne.Do(p.label.Show)
		p.mu.Unlock()
	}()
	go func(n string) { // want `the goroutine is given arguments`
		save()
		fyne.Do(p.label.Show)
	}(name + "!")
	glib.TimeoutAdd(0, func() bool { return true })                // want `its period may change before a task begins, or is zero`
	glib.TimeoutAdd(9, func() bool { return time.Now().IsZero() }) // want `the timer also stops by itself`
	glib.TimeoutAdd(9, p.tick)                                     // want `its function has no body here, or no result`
}

func (p *page) waits() {
	fyne.DoAndWait(p.label.Show) // want `nothing says where waits runs; give it a context for guest.CallOnMain`
}

func (p *page) dialogs(d *gtk.Dialog) {
	go func() { // want `it runs a nested loop, which belongs in guest.Modal`
		save()
		glib.IdleAdd(func() { d.Run() })
	}()
	go func() { // want `it posts a function that runs a nested loop`
		for range 3 {
			glib.IdleAdd(func() { d.Run() })
		}
		glib.IdleAdd(d.Show)
	}()
	p.g.Go(func(ctx context.Context) error {
		fyne.Do(func() { d.Run() }) // want `it runs a nested loop`
		return nil
	})
}

func (p *page) tick() bool { return true }
