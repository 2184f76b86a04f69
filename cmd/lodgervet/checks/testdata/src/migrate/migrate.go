package migrate

import (
	"errors"
	"log"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

type page struct {
	g     *guest.Guest
	label *widget.Label
	w     fyne.Window
	ctx   string
}

func load(name string) (string, error)     { return "", nil }
func count(text string) (n int, err error) { return }
func save() error                          { return errors.New("x") }

func (p *page) build(b *widget.Button, name string) {
	b.OnTapped = func() {
		go func() { // want `a goroutine that posts to the UI thread can be one task`
			text, err := load(name)
			fyne.Do(func() {
				if err != nil {
					dialog.ShowError(err, p.w)
					return
				}
				p.label.SetText(text) // shown
			})
		}()
	}
	// What comes before, between and after; early returns.
	b.OnTapped = func() {
		b.Disable()
		go func() { // want `a goroutine that posts`
			defer fyne.Do(func() { b.Show() })
			fyne.Do(b.Hide)
			text, err := load(name)
			if err != nil {
				fyne.Do(func() { dialog.ShowError(err, p.w) })
				return
			}
			// how many
			n, err := count(text)
			more := n > 3 // many

			// saved at once
			if err == nil && save() != nil {
				n++
			}
			fyne.Do(func() { p.label.SetText("half") })
			os.Remove(name)
			fyne.Do(func() {
				ctx := p.label
				if more {
					ctx.SetText(text)
				}
			})
		}()
	}
	// What is posted from the middle keeps its order.
	b.OnTapped = func() {
		go func() { // want `a goroutine that posts`
			for range 3 {
				save()
				fyne.Do(func() { p.label.SetText("step") })
				fyne.DoAndWait(func() { p.label.SetText("wait") })
			}
			fyne.Do(func() { p.label.SetText("done") })
		}()
	}
}

func (p *page) results(name string) {
	go func() { // want `a goroutine that posts`
		err := save() // at once
		if err != nil {
			return // it does not matter
		}
		fyne.Do(p.label.Show) // saved
	}()
	go func() { // want `a goroutine that posts`
		// how long it is
		n := len(name)
		fyne.Do(func() { p.label.SetText(name[:n]) })
	}()
	go func() { // want `a goroutine that posts`
		text, err := load(name)
		if err != nil {
			log.Printf("no text: %v", err) // not shown
			return
		}
		fyne.Do(func() { p.label.SetText(text) })
	}()
	go func() { // want `a goroutine that posts`
		save()
		n, _ := count(name)
		fyne.Do(func() { p.label.SetText(name[:n]) })
	}()
}

func (p *page) middle(name string) {
	go func() { // want `a goroutine that posts`
		if save() != nil {
			return // in the middle
		}
		text, err := load(name)
		for range 3 {
			if err != nil {
				fyne.Do(func() { dialog.ShowError(err, p.w) })
				return
			}
		}
		fyne.Do(func() { p.label.SetText(text) })
		if save() != nil {
			return
		}
		os.Remove(name)
	}()
}

// Left to be done by hand.
func (p *page) left(b *widget.Button, name string, ch chan int) {
	go func() {
		<-ch // perhaps never
		fyne.Do(p.label.Show)
	}()
	go func() {
		for { // forever
			save()
		}
		fyne.Do(p.label.Show)
	}()
	go func(name string) {
		load(name)
		fyne.Do(p.label.Show)
	}(name + "!")
	go func() {
		defer save()
		fyne.Do(p.label.Show)
	}()
	go func() {
		fyne.Do(p.label.Show)
	}()
	go func() {
		save()
	}()
	go func() {
		if name == "" {
			return
		}
		for range 3 {
			fyne.Do(p.label.Show)
		}
	}()
	go func() {
		save()
		fyne.Do(p.label.Show /* lost */)
	}()
	go func() {
		save()
		name := name + "!" // another
		fyne.Do(func() { p.label.SetText(name) })
	}()
}
