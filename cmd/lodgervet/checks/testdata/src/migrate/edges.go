package migrate

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"migrate/other"
)

// Arguments and variables that keep their values; labels; declarations that run nothing.
func (p *page) kept(names []string) {
	for i, name := range names {
		go func(i int, name string) { // want `a goroutine that posts`
			save()
			fyne.Do(func() { p.label.SetText(fmt.Sprint(i, name)) })
		}(i, name)
	}
	for i := 0; i < 3; i++ {
		go func(i int) { // want `a goroutine that posts`
			os.Remove(names[i])
			fyne.Do(func() { p.label.SetText(names[i]) })
		}(i)
	}
	go func() { // want `a goroutine that posts`
		n := 0
	loop:
		for i := range 9 {
			for range 9 {
				if i > 3 {
					break loop
				}
				n++
			}
		}
		fyne.Do(func() { p.label.SetText(fmt.Sprint(n)) })
	}()
	go func() { // want `a goroutine that posts`
		var text string // what is shown
		var err error
		if len(names) > 0 {
			text, err = load(names[0])
		}
		fyne.Do(func() { p.label.SetText(text + fmt.Sprint(err)) })
	}()
	type row struct{ text string }
	go func() { // want `a goroutine that posts`
		r := row{"x"}
		save()
		fyne.Do(func() { p.label.SetText(r.text) })
	}()
	// A function that is called later posts as before.
	go func() { // want `a goroutine that posts`
		other.OnEvent(func() { fyne.Do(p.label.Refresh) })
		fyne.Do(p.label.Show)
	}()
}

func (p *page) update(n int) func()              { return func() {} }
func (p *page) parse(s string) (*url.URL, error) { return url.Parse(s) }

// Left to be done by hand.
func (p *page) leftToo(mu *sync.Mutex, url, name string) {
	go func() {
		save()
		fyne.Do(p.update(1)) // made off the UI thread
	}()
	go func() {
		guest := "x"
		save()
		fyne.Do(func() { p.label.SetText(guest) })
	}()
	go func() {
		mu.Lock()
		fyne.Do(func() { p.label.SetText("x") })
		mu.Unlock()
	}()
	go func() {
		other.OnEvent(func() { fyne.DoAndWait(p.label.Refresh) })
		fyne.Do(p.label.Show)
	}()
	go func() {
		c, err := other.New()
		fyne.Do(func() { p.label.SetText(c.Name + fmt.Sprint(err)) })
	}()
	go func() {
		u, err := p.parse(url)
		if err != nil {
			return
		}
		fyne.Do(func() { p.label.SetText(u.Host) })
	}()
	go func() {
		runtime.LockOSThread()
		save()
		fyne.Do(p.label.Show)
	}()
	last := name
	go func(last string) {
		save()
		fyne.Do(func() { p.label.SetText(last) })
	}(last)
	last = "changed"
	go func(o fyne.CanvasObject) {
		save()
		fyne.Do(o.Refresh)
	}(p.label)
	go func(n string) {
		save()
		fyne.Do(func() { p.label.SetText(n) })
	}(name)
}

func (p *page) plainToo(g *guest.Guest, l *widget.Label) {
	p.g.Go(func(ctx context.Context) error {
		fyne.Do(func() { // want `fyne.Do in a task`
		loop:
			for range 3 {
				continue loop
			}
		})
		fyne.Do(func() { // want `fyne.Do in a task`
		loop:
			for range 3 {
				continue loop
			}
		})
		return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
			func() {
				fyne.Do(l.Refresh) // want `fyne.Do in a background function`
			}()
			fyne.DoAndWait(p.update(1)) // left
			return nil
		})
	})
}
