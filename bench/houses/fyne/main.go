// Fyne measures the contenders in Fyne's main loop, on a screen.
package main

import (
	"context"
	"image/color"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/bench/work"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

const (
	ours  = "Lodger on Fyne"
	bare  = "fyne.Do, DoAndWait"
	peers = "b97tsk/async on fyne.Do"
)

func main() {
	plan := work.ReadPlan()
	if plan.Life {
		live(plan.Only)
		return
	}
	h, err := fynehost.New(app.NewWithID("bench"))
	if err != nil {
		panic(err)
	}
	err = guest.RunTask(h, func(ctx context.Context) error {
		var w work.Window
		if plan.Windows() {
			w = window()
		}
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			contenders := []work.Contender{
				work.Ours(ctx, ours, h),
				work.OursByPosts(ctx, ours),
				work.OursByTimers(ctx, ours),
				work.Callbacks(work.Contender{Name: bare, Post: fyne.Do, Call: waiting}, false),
				reactive(),
				work.Coroutines(waiting),
				work.Goroutines(),
			}
			plan.Run(contenders)
			plan.RunWindow(w, contenders)
			return nil, nil
		})
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
}

func waiting(n int, fn func()) {
	for range n {
		fyne.DoAndWait(fn)
	}
}

// window shows a picture that is redrawn all the time, and a button below it. UI thread only.
func window() work.Window {
	w := work.Window{Frames: new(atomic.Int64), Clicks: make(chan time.Time, 100), Title: "bench", X: 100, Y: 100}
	picture := canvas.NewRasterWithPixels(func(x, y, _, _ int) color.Color {
		if x == 0 && y == 0 {
			w.Frames.Add(1)
		}
		return color.Black
	})
	picture.SetMinSize(fyne.NewSize(200, 20))
	button := widget.NewButton("here", func() { w.Clicks <- time.Now() })
	top := fyne.CurrentApp().NewWindow(w.Title)
	top.SetContent(container.NewBorder(picture, nil, nil, nil, button))
	top.Resize(fyne.NewSize(200, 140))
	top.Show()
	moving := fyne.NewAnimation(time.Second, func(float32) { picture.Refresh() })
	moving.RepeatCount = fyne.AnimationRepeatForever
	moving.Start()
	return w
}

// live starts one loop and ends it.
func live(name string) {
	var started, quit time.Time
	begin := time.Now()
	first := func() { started = time.Now(); quit = started }
	a := app.NewWithID("bench")
	if name == ours {
		_ = fynehost.Run(a, func(context.Context) error { first(); return nil }, nil)
	} else {
		a.Lifecycle().SetOnStarted(func() { fyne.Do(func() { first(); a.Quit() }) })
		a.Run()
	}
	work.Lives(name, begin, started, quit)
}
