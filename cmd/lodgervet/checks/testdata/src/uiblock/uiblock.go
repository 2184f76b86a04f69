package uiblock

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"sort"
	"sync"
	"time"
	"uiblock/helper"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

var ch chan int

func handlers(b *widget.Button, e *widget.Entry, wg *sync.WaitGroup, g *guest.Guest, ctx context.Context) {
	b.OnTapped = func() {
		<-ch                    // want `a receive from a channel blocks the UI thread in a handler \(it is set as OnTapped\)`
		time.Sleep(time.Second) // want `time.Sleep blocks the UI thread`
		wg.Wait()               // want `WaitGroup.Wait blocks`
		http.Get("")            // want `http.Get blocks`
		fyne.DoAndWait(func() { // want `fyne.DoAndWait blocks the UI thread in a handler .*this hangs`
		})
		select { // want `a select without default blocks`
		case <-ch:
		}
		guest.Sleep(ctx, 1)     // want `Sleep waits, and a handler must not .*start a task with Go`
		func() { <-ch }()       // want `a receive from a channel blocks`
		defer func() { <-ch }() // want `a receive from a channel blocks`
		sort.Slice(nil, func(i, j int) bool {
			<-ch // want `a receive from a channel blocks`
			return false
		})
	}
	e.OnChanged = func(string) { exec.Command("ls").Run() } // want `Cmd.Run blocks`
	widget.NewButton("", func() {
		for range ch { // want `a loop over a channel blocks`
		}
		for range 3 {
			os.ReadFile("x") // want `os.ReadFile blocks`
		}
	})
	_ = &widget.Button{OnTapped: func() { <-ch }}                         // want `a receive from a channel blocks`
	fyne.Do(func() { <-ch })                                              // want `a receive from a channel blocks`
	glib.IdleAdd(func() { <-ch })                                         // want `a receive from a channel blocks`
	(&gtk.Button{}).Connect("clicked", func() { <-ch })                   // want `a receive from a channel blocks`
	(&gtk.Builder{}).ConnectSignals(map[string]any{"x": func() { <-ch }}) // want `a receive from a channel blocks`
	g.Post(func() { <-ch })                                               // want `a receive from a channel blocks`
	guest.RunOnMain(ctx, func() { <-ch })                                 // want `a receive from a channel blocks`
}

func tasks(ctx context.Context, g *guest.Guest, d *gtk.Dialog) {
	g.Go(func(ctx context.Context) error {
		<-ch                      // want `in a task \(it is given to Guest.Go\); use flow.Recv`
		time.Sleep(time.Second)   // want `use guest.Sleep`
		d.Run()                   // want `a nested loop straight in a task`
		helper.Fetch("")          // want `Fetch blocks the UI thread in a task \(http.Get at helper.go:9\); use guest.Background`
		fetch("")                 // want `fetch blocks the UI thread in a task \(http.Get at helper.go:9\)`
		fyne.DoAndWait(func() {}) // want `a task is on the UI thread, so call the function in a plain line`
		spin(d)                   // want `spin runs a nested loop`
		guest.RunOnMain(ctx, func() {
			d.Run() // want `a nested loop straight in a handler \(it is given to guest.RunOnMain\) stops all tasks`
		})
		return nil
	})
	flow.NewAction(ctx, func(ctx context.Context, text string) error {
		<-ch // want `a receive from a channel blocks`
		return nil
	}, flow.Restart)
	named := func(ctx context.Context) error {
		<-ch // want `a receive from a channel blocks`
		return nil
	}
	guest.Go(ctx, named)
	g.Go(declared)
	widget.NewButton("", waits) // named, and reported where it waits
}

func waits() {
	helps(context.TODO()) // want `helps waits .*start a task with Go`
}

func helps(ctx context.Context) { guest.Yield(ctx) }

func declared(ctx context.Context) error {
	http.Get("") // want `http.Get blocks`
	return nil
}

func fetch(url string) error { return helper.Fetch(url) }

func spin(d *gtk.Dialog) { d.Run() }

func locks(ctx context.Context, g *guest.Guest) {
	var mu sync.Mutex
	g.Go(func(ctx context.Context) error {
		mu.Lock()
		guest.Sleep(ctx, 1) // want `Sleep waits while a mutex is held`
		mu.Unlock()
		guest.Sleep(ctx, 1)
		mu.Lock()
		defer mu.Unlock()
		if err := guest.Yield(ctx); err != nil { // want `Yield waits while a mutex is held`
			return err
		}
		return nil
	})
}

// Near misses.
func fine(ctx context.Context, g *guest.Guest, b *widget.Button, d *gtk.Dialog, mu *sync.Mutex) {
	b.OnTapped = func() {
		select {
		case <-ch:
		default:
		}
		go func() { <-ch }()
		ch <- 1
		os.ReadFile("once")
		helper.Quick("")
		helper.Later()
		d.Run() // a handler may
		mu.Lock()
		mu.Unlock()
	}
	g.Go(func(ctx context.Context) error {
		guest.Background(ctx, func(ctx context.Context) (int, error) { return <-ch, nil })
		flow.Recv(ctx, ch)
		guest.Modal(ctx, func() { d.Run() })
		mu.Lock()
		mu.Unlock()
		return guest.Sleep(ctx, 1)
	})
	go func() { time.Sleep(1) }()
	b.OnTapped = func() {
		//lodgervet:ignore uiblock the channel is closed before the window is shown
		<-ch
	}
	unknown(func() { <-ch })
}

func unknown(func()) {}

func main() { <-ch }
