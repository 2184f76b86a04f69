package guest

import (
	"context"

	"github.com/golodger/lodger/guest/internal/place"
)

// RunOnMain runs fn on the UI thread: at once if the caller is on the UI thread, otherwise soon
// and in order. Any goroutine, at any depth of callbacks. Never waits. A nil error means that
// fn has run or will run.
//
// RunOnMain uses the guest of ctx, or else the guest of the calling thread, or else the newest
// guest of the process that is not private (with one warning in the log if there are several).
// If there is no guest, the error is ErrNoGuest. If the guest has ended, the error is
// ErrFinished. RunOnMain ignores the cancellation of ctx, so a last report of progress always
// arrives. fn runs outside any task and must not wait; if it must, use CallOnMain or Go. A
// panic in fn does not reach the caller: it goes to Options.OnError, or the log. (A Goexit in
// an fn that runs at once does reach the caller, since Go has no way to stop it.) The idea is
// quiv's run_on_main.
func RunOnMain(ctx context.Context, fn func()) error {
	needFunc(fn == nil, "RunOnMain")
	g := resolve(ctx)
	if g == nil {
		return ErrNoGuest
	}
	thread := place.CurrentThread() // once, since it is a system call
	if !g.place.OnThreadIs(thread) {
		return g.Post(fn)
	}
	if g.life.is(closing) {
		return g.tooLate()
	}
	in := g
	if here := runningOn(thread); here != nil {
		in = here.scope.g // this may be another guest on this thread
	}
	current := in.pump.Current()
	in.pump.SetCurrent(nil)
	defer in.pump.SetCurrent(current)
	if err := catch(fn); err != nil {
		g.unobserved(unobservedPost(err))
		g.pump.Poke() // the caller may be a handler, while the loop sleeps
	}
	return nil
}

// Post runs fn on the UI thread soon, in the order of posting, and never at once. Any
// goroutine. Never waits. A nil error means that fn will run before the guest ends, unless
// tasks could not be unwound (Report.Dropped). ErrFinished means that fn never runs. fn runs
// outside any task, as with RunOnMain.
func (g *Guest) Post(fn func()) error {
	g.need("Post")
	needFunc(fn == nil, "Post")
	if g.post(fn) != nil {
		return g.tooLate()
	}
	return nil
}

// tooLate counts and refuses a post or a start after the end. Any goroutine.
func (g *Guest) tooLate() error {
	g.refused.Add(1)
	return ErrFinished
}
