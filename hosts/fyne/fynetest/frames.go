package fynetest

import (
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// Animations run in the loop by the test's clock, with sixty frames a second. The last frame of
// each animation comes exactly when it is due. The cursor of an entry and an infinite progress
// bar never stop, so a test that sleeps for an hour would draw 216,000 frames. So ten seconds
// after the last start of an animation the rate drops to one frame a second.
const (
	frameTime = time.Second / 60
	slowTime  = time.Second
	slowAfter = 10 * time.Second
)

// frames draws animations. Fyne starts and stops animations on any goroutine.
type frames struct {
	post func(fn func()) // to the loop

	mu      sync.Mutex
	running []*animation
	timer   *time.Timer
	started time.Time // the last animation
	over    bool
}

// An animation is a running one.
type animation struct {
	*fyne.Animation
	began     time.Time // when its current round began
	back      bool      // in the second half of a round with AutoReverse
	left      int       // rounds after this one; negative: endless
	cancelled bool
}

func (d *driver) StartAnimation(a *fyne.Animation) { d.frames.start(a) }

func (d *driver) StopAnimation(a *fyne.Animation) { d.frames.stop(a) }

func (f *frames) start(a *fyne.Animation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.started = time.Now()
	f.running = append(f.running, &animation{Animation: a, began: f.started, left: a.RepeatCount})
	f.arm()
}

func (f *frames) stop(a *fyne.Animation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = slices.DeleteFunc(slices.Clone(f.running), func(r *animation) bool {
		r.cancelled = r.cancelled || r.Animation == a
		return r.Animation == a
	})
}

// end stops all animations: an endless one would keep virtual time going after the program's
// end.
func (f *frames) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over, f.running = true, nil
	if f.timer != nil {
		f.timer.Stop()
	}
}

// arm requests the next frame. The lock is held.
func (f *frames) arm() {
	if f.over || len(f.running) == 0 {
		return
	}
	now := time.Now()
	next := frameTime
	if now.Sub(f.started) >= slowAfter {
		next = slowTime
	}
	for _, a := range f.running {
		if rest := a.began.Add(a.Duration).Sub(now); rest > 0 {
			next = min(next, rest)
		}
	}
	if f.timer == nil {
		f.timer = time.AfterFunc(next, func() { f.post(f.draw) })
		return
	}
	f.timer.Reset(next)
}

// draw draws one frame. UI thread only.
func (f *frames) draw() {
	f.mu.Lock()
	list := f.running
	f.mu.Unlock()
	now := time.Now()
	for _, a := range list {
		if !f.isCancelled(a) && a.tick(now) {
			f.drop(a)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arm()
}

func (f *frames) isCancelled(a *animation) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return a.cancelled || f.over
}

// drop removes an animation that is done.
func (f *frames) drop(a *animation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = slices.DeleteFunc(slices.Clone(f.running), func(r *animation) bool { return r == a })
}

// tick draws the current state of the animation, and reports whether it is done.
func (a *animation) tick(now time.Time) (done bool) {
	if passed := now.Sub(a.began); passed < a.Duration {
		a.show(float32(passed) / float32(a.Duration))
		return false
	}
	a.began = now
	if a.back {
		a.Tick(0)
	} else {
		a.Tick(1)
		if a.AutoReverse {
			a.back = true
			return false
		}
	}
	a.back = false
	if a.left > 0 {
		a.left--
		return false
	}
	return a.left == 0
}

func (a *animation) show(done float32) {
	if a.back {
		done = 1 - done
	}
	curve := a.Curve
	if curve == nil {
		curve = fyne.AnimationEaseInOut
	}
	a.Tick(curve(done))
}
