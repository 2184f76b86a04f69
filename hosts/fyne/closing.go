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
)

// A window that stays while the program ends looks as if it could be used, and can't. So it is
// covered, by what Fyne has for dialogs: a modal pop-up, which takes the mouse and the focus from
// what lies below.
//
// Fyne's pop-ups are a stack, and one that goes takes along all that lie above it. Tasks that
// unwind take their dialogs away, so the cover is one of the questions, and those below it stay
// as they are. Nor may it lie above what the program still wants answered, or neither would ever
// end. So it is looked after, again and again, until the guest has ended.

// closingDelay is how long the program may take to end before a window says so, and the time
// between two looks at the cover.
const closingDelay = 300 * time.Millisecond

// A cover says that the program is closing. UI thread only.
type cover struct {
	window   fyne.Window
	before   []fyne.CanvasObject // pop-ups that were open when the user closed w
	question *question           // once it has been shown
	popUp    *widget.PopUp
	overlay  fyne.CanvasObject // what Fyne has made of it
}

// coverWhenClosing covers w while g ends. A parked task hears of the end, whatever its reason, and
// holds nothing up.
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

// begin notes what is open, before any task hears that the user has closed the window: what tasks
// show while they unwind is not to be covered.
func (c *cover) begin() { c.before = slices.Clone(c.window.Canvas().Overlays().List()) }

// attend has an eye on the cover until g has ended.
func (c *cover) attend(g *guest.Guest, loop loop) {
	ticks := time.NewTicker(closingDelay)
	defer ticks.Stop()
	for {
		select {
		case <-g.Done():
			loop.do(c.hide)
			return
		case <-ticks.C:
			loop.do(func() {
				if g.State() < guest.StateEnded {
					c.look()
				}
			})
		}
	}
}

// look shows the cover, unless it is there already, or must not be.
func (c *cover) look() {
	overlays := c.window.Canvas().Overlays()
	if !isOpen(c.window) || slices.Contains(overlays.List(), c.overlay) || c.unwelcome(overlays.Top()) {
		return
	}
	if c.question == nil {
		c.popUp = widget.NewModalPopUp(closingSign(), c.window.Canvas())
		c.question = &question{window: c.window, ctx: context.Background(), unhook: func() {}}
		questions[c.window] = append(questions[c.window], c.question)
	}
	c.popUp.Hide() // when it went with one below it, it does not know that
	c.popUp.Show()
	c.overlay = overlays.Top()
}

// unwelcome reports whether the cover would hide what the user may still have to answer: a
// question of this package's, or a pop-up of the program's, top, unless it was there when the
// user closed the window.
func (c *cover) unwelcome(top fyne.CanvasObject) bool {
	known := top == nil || slices.Contains(c.before, top)
	for _, q := range questions[c.window] {
		if q != c.question && q.unanswered() {
			return true
		}
		known = known || q.popUp == top
	}
	return !known
}

func (c *cover) hide() {
	if c.question != nil {
		c.question.end(c.popUp.Hide)
	}
}

// closingSign is what is seen on the cover.
func closingSign() fyne.CanvasObject {
	moving := widget.NewActivity()
	moving.Start()
	margin := layout.NewCustomPaddedLayout(8, 8, 16, 16)
	return container.New(margin, container.NewHBox(moving, widget.NewLabel(lang.L("Closing…"))))
}
