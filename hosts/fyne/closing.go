package fynehost

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// While the program ends, a window that stays looks usable, but is not. So it gets a cover: a
// modal pop-up, as Fyne uses for dialogs, which takes the mouse and the focus from everything
// below.
//
// Fyne's pop-ups are a stack. When one goes, it takes all pop-ups above it along. Tasks that
// unwind remove their dialogs. So the cover is one of the questions (question.go), and the ones
// below it stay as they are. The cover must also not lie above a dialog that the user still has
// to answer, or neither would ever end. So it is checked repeatedly until the guest has ended.

// A cover says that the program is closing. UI thread only.
type cover struct {
	window   fyne.Window
	before   []fyne.CanvasObject // pop-ups that were open when the user closed w
	question *question           // after it has been shown
	popUp    *widget.PopUp
	overlay  fyne.CanvasObject // the overlay that Fyne made of it
	quitNow  *widget.Button
	resort   windows.LastResort
}

// coverWhenClosing covers w while g ends. It uses a parked task, which learns of the end for any
// reason and does not delay it.
func coverWhenClosing(g *guest.Guest, w fyne.Window) *cover {
	c, loop := &cover{window: w}, currentLoop()
	g.Go(func(ctx context.Context) error {
		_ = guest.Park(ctx)
		if !loopEnded() && isOpen(w) {
			go c.attend(g, loop)
		}
		return nil
	})
	return c
}

// begin records the open pop-ups before any task learns that the user has closed the window.
// Pop-ups that tasks show while they unwind must not be covered.
func (c *cover) begin() { c.before = slices.Clone(c.window.Canvas().Overlays().List()) }

// attend checks the cover until g has ended.
func (c *cover) attend(g *guest.Guest, loop loop) {
	ticks := time.NewTicker(windows.Glance)
	defer ticks.Stop()
	for {
		select {
		case <-g.Done():
			loop.do(c.hide)
			return
		case <-ticks.C:
			loop.do(func() {
				if g.State() != "ended" {
					c.look()
				}
			})
		}
	}
}

// look shows the cover, unless it is already there or must not be there.
func (c *cover) look() {
	overlays := c.window.Canvas().Overlays()
	switch {
	case !isOpen(c.window):
	case slices.Contains(overlays.List(), c.overlay):
		c.offer(asking(c.window) || overlays.Top() != c.overlay)
	case c.unwelcome(overlays.Top()):
		c.offer(true)
	default:
		c.show()
	}
}

func (c *cover) show() {
	if c.question == nil {
		c.quitNow = widget.NewButton(lang.L("Quit now"), func() {
			if !loopEnded() && c.resort.Pressed(posed) {
				fyne.CurrentApp().Quit()
			}
		})
		c.popUp = widget.NewModalPopUp(closingSign(c.quitNow), c.window.Canvas())
		c.question = &question{window: c.window, ctx: context.Background(), cover: true, unhook: func() {}}
		questions[c.window] = append(questions[c.window], c.question)
	}
	c.popUp.Hide() // if it went with a pop-up below it, it does not know that
	c.popUp.Show()
	c.overlay = c.window.Canvas().Overlays().Top()
	c.question.popUp = c.overlay
}

// offer lets the user end the loop of a program that does not end. asked says that the program
// waits for the user.
func (c *cover) offer(asked bool) {
	shown, ready := c.resort.Look(asked, posed)
	if c.overlay == nil || c.quitNow.Visible() == shown && c.quitNow.Disabled() != ready {
		return
	}
	if shown {
		c.quitNow.Show()
	} else {
		c.quitNow.Hide()
	}
	if ready {
		c.quitNow.Enable()
	} else {
		c.quitNow.Disable()
	}
	// Fyne's desktop driver leaves it where it was when it was smaller.
	size, room := c.popUp.MinSize(), c.window.Canvas().Size()
	c.popUp.Resize(size)
	c.popUp.Move(fyne.NewPos((room.Width-size.Width)/2, max(0, (room.Height-size.Height)/2)))
}

// unwelcome reports whether the cover would hide something that the user may still have to
// answer. That is a question of this package, or a pop-up of the program (top), unless the
// pop-up was there when the user closed the window.
func (c *cover) unwelcome(top fyne.CanvasObject) bool {
	known := top == nil || slices.Contains(c.before, top)
	for _, q := range questions[c.window] {
		if q.unanswered() {
			return true
		}
		known = known || !q.cover && q.popUp == top
	}
	return !known
}

func (c *cover) hide() {
	if c.question != nil {
		c.question.end(c.popUp.Hide)
	}
}

// closingSign returns the visible part of the cover. quitNow is not visible yet.
func closingSign(quitNow *widget.Button) fyne.CanvasObject {
	quitNow.Disable()
	quitNow.Hide()
	moving := widget.NewActivity()
	moving.Start()
	margin := layout.NewCustomPaddedLayout(8, 8, 16, 16)
	return container.New(margin, container.NewVBox(
		container.NewCenter(container.NewHBox(moving, widget.NewLabel(lang.L("Closing…")))),
		quitNow,
	))
}
