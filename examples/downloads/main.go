// Downloads loads files, three at a time. Watch for these things: Pause frees the place for the
// next file at once, and Resume continues where the file stopped. A lost connection is retried
// after 3, 6 and 12 seconds. A file that fails for good does not affect the others. "Pause all"
// sets the limit to 0. Closing the window asks first, and then removes the unfinished files.
// The server is part of the program, so no network is needed.
//
//	go run ./examples/downloads [folder]
package main

import (
	"context"
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "downloads:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	folder := append(args, "")[0]
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "downloads-"); err != nil {
			return err
		}
	}
	fmt.Println("files go to", folder)
	a := app.NewWithID("com.github.golodger.downloads")
	return fynehost.Run(a, func(ctx context.Context) error {
		l := open(ctx, a, newServer(demo), folder)
		for _, f := range demo {
			l.add(ctx, f.name)
		}
		return guest.Park(ctx) // until the window is closed
	}, nil)
}

// A list is the window. UI thread only.
type list struct {
	window fyne.Window
	rows   *fyne.Container
	server *server
	folder string
	places *flow.Semaphore
	all    []*download
}

const atATime = 3

// open shows an empty list.
func open(ctx context.Context, a fyne.App, s *server, folder string) *list {
	l := &list{window: a.NewWindow("Downloads"), rows: container.NewVBox(), server: s, folder: folder, places: flow.NewSemaphore(atATime)}
	pause := widget.NewCheck("Pause all", l.pauseAll)
	l.window.SetContent(container.NewBorder(pause, nil, nil, nil, container.NewVScroll(container.NewPadded(l.rows))))
	l.window.Resize(fyne.NewSize(560, 700))
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, l.window, l.mayQuit)
	l.window.Show()
	return l
}

// add starts a download, and adds a row that shows its state.
func (l *list) add(ctx context.Context, name string) {
	d := newDownload(name, l.server, l.folder, l.places)
	state, bar := widget.NewLabel(""), widget.NewProgressBar()
	state.Truncation, state.Alignment = fyne.TextTruncateEllipsis, fyne.TextAlignTrailing
	pause, cancel := widget.NewButton("Pause", nil), widget.NewButton("Cancel", nil)
	row := container.NewBorder(nil, bar, widget.NewLabel(name), container.NewHBox(pause, cancel), state)
	d.state.Bind(ctx, state.SetText)
	d.loaded.Bind(ctx, bar.SetValue)
	d.paused.Bind(ctx, func(paused bool) {
		pause.SetText(map[bool]string{true: "Resume", false: "Pause"}[paused])
	})
	l.rows.Add(row)
	l.all = append(l.all, d)

	task := guest.Go(ctx, func(ctx context.Context) error {
		err := d.run(ctx)
		pause.Disable()
		cancel.Disable()
		return err
	})
	pause.OnTapped = func() { d.pause(!d.paused.Get()) }
	cancel.OnTapped = func() {
		task.Cancel(nil)
		l.rows.Remove(row)
	}
}

// pauseAll sets the limit to 0, or to three again. At a limit of 0, running downloads give their
// places back and wait.
func (l *list) pauseAll(on bool) {
	if !on {
		l.places.SetLimit(atATime)
		return
	}
	l.places.SetLimit(0)
	for _, d := range l.all {
		d.interrupt(errInterrupted)
	}
}

// mayQuit asks the user if something would be lost.
func (l *list) mayQuit(ctx context.Context) (bool, error) {
	open := 0
	for _, d := range l.all {
		if !d.ended {
			open++
		}
	}
	if open == 0 {
		return true, nil
	}
	n, err := fynehost.Choose(ctx, l.window, "Downloads", fmt.Sprint("Not finished: ", open, ". Stop them?"), "Stop", "Continue")
	return n == 0, err
}
