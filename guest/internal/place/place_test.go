package place

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

// known skips the test where the standard library can't tell threads apart.
func known(t *testing.T) {
	if host.CurrentThread() == 0 {
		t.Skip("threads can't be told apart here")
	}
}

// onThread calls fn on a thread of its own, and waits for it. Marks that fn leaves are gone
// with it.
func onThread(fn func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		fn()
	})
	wg.Wait()
}

// A threader answers as it is told.
type threader bool

func (t threader) OnThread() bool { return bool(t) }

// A gate is a threader that lets its callers go on together.
type gate struct{ sync.WaitGroup }

func (g *gate) OnThread() bool {
	g.Done()
	g.Wait()
	return true
}

func newPlace(threader host.Threader) *Place {
	p := new(Place)
	p.Init("its owner", threader, false)
	return p
}

// arrival is what Arrive answers on another thread.
func arrival(p *Place) (v Verdict) {
	onThread(func() { v = p.Arrive() })
	return v
}

func TestAnotherThreadIsRefused(t *testing.T) {
	known(t)
	onThread(func() {
		p := newPlace(nil)
		require.False(t, p.OnThread(), "none is known")
		require.Equal(t, Admitted, p.Arrive())
		require.True(t, p.OnThread())
		require.Equal(t, WrongThread, arrival(p))
		onThread(func() { require.False(t, p.OnThread()) })
		require.Equal(t, Admitted, p.Arrive())
	})
	t.Run("by what the threader says, at first", func(t *testing.T) {
		onThread(func() {
			answer := threader(false)
			p := newPlace(&answer)
			require.Equal(t, WrongThread, p.Arrive())
			require.Equal(t, WrongThread, arrival(p))
			require.False(t, p.OnThread())
			answer = true
			require.True(t, p.OnThread(), "before the loop runs")
			require.Equal(t, Admitted, p.Arrive())
			answer = false
			require.Equal(t, Admitted, p.Arrive(), "it is known now")
			require.Equal(t, WrongThread, arrival(p))
		})
	})
	t.Run("by what was settled before", func(t *testing.T) {
		onThread(func() {
			p, answer := newPlace(nil), threader(true)
			p.Settle(host.CurrentThread())
			require.Equal(t, WrongThread, arrival(p))
			require.Equal(t, Admitted, p.Arrive())

			p = newPlace(nil)
			require.True(t, p.SettleIfUnknown(host.CurrentThread()))
			require.True(t, p.SettleIfUnknown(host.CurrentThread()))
			onThread(func() { require.False(t, p.SettleIfUnknown(host.CurrentThread())) })
			require.Equal(t, WrongThread, arrival(p))

			p = newPlace(&answer)
			p.SettleIfHere()
			require.Equal(t, WrongThread, arrival(p))

			answer = false
			p = newPlace(&answer)
			p.SettleIfHere()
			answer = true
			require.Equal(t, Admitted, arrival(p), "it was not settled")

			p = newPlace(nil)
			p.SettleIfHere()
			require.Equal(t, Admitted, arrival(p), "it could not be settled")
		})
	})
	t.Run("also when several arrive at once", func(t *testing.T) {
		const callers = 4
		var together gate
		together.Add(callers)
		p := newPlace(&together)
		var done sync.WaitGroup
		var admitted atomic.Int32
		for range callers {
			done.Go(func() {
				onThread(func() {
					if p.Arrive() == Admitted {
						admitted.Add(1)
					}
				})
			})
		}
		done.Wait()
		require.EqualValues(t, 1, admitted.Load())
	})
}

func TestACallInsideItsRequestIsRefused(t *testing.T) {
	known(t)
	// inside asks for a call, and a broken host calls at once.
	inside := func(p *Place) (v Verdict) {
		p.Ask(func(wake func()) { wake() }, func() { v = p.Arrive() })
		return v
	}
	onThread(func() {
		p := newPlace(nil)
		require.Equal(t, Inline, inside(p), "the thread is not known yet")
		require.False(t, p.OnThread(), "and not by such a call")
		require.Equal(t, Admitted, p.Arrive())
		require.Equal(t, Inline, inside(p))
		require.Equal(t, Admitted, p.Arrive(), "after the request")
		onThread(func() { require.Equal(t, WrongThread, inside(p), "it is that, too") })

		require.Panics(t, func() { p.Ask(func(func()) { panic("the host's") }, nil) })
		require.Equal(t, Admitted, p.Arrive(), "after a request that has panicked")
	})
	t.Run("and not a call beside it", func(t *testing.T) {
		for _, before := range []bool{false, true} { // whether the thread is known
			onThread(func() {
				p := newPlace(nil)
				if before {
					require.Equal(t, Admitted, p.Arrive())
				}
				asked, heard := make(chan struct{}), make(chan struct{})
				go p.Ask(func(func()) { close(asked); <-heard }, nil)
				<-asked
				require.Equal(t, Admitted, p.Arrive())
				close(heard)
			})
		}
	})
	t.Run("also when two ask at once", func(t *testing.T) {
		for _, before := range []bool{false, true} { // whether a call has arrived
			onThread(func() {
				p := newPlace(nil)
				p.Settle(host.CurrentThread())
				if before {
					require.Equal(t, Admitted, p.Arrive())
				}
				asked, heard := make(chan struct{}), make(chan struct{})
				go p.Ask(func(func()) { close(asked); <-heard }, nil)
				<-asked
				require.Equal(t, Inline, inside(p))
				close(heard)
			})
		}
	})
}

func TestAVacatedPlaceAdmitsNothing(t *testing.T) {
	known(t)
	onThread(func() {
		p := newPlace(nil)
		require.Equal(t, Admitted, p.Arrive())
		require.False(t, p.Vacated())
		p.Vacate()
		require.True(t, p.Vacated())
		require.Equal(t, Gone, p.Arrive())
		require.False(t, p.OnThread())
		require.Equal(t, WrongThread, arrival(p))

		p = newPlace(nil) // at which no call has arrived
		p.Vacate()
		require.Equal(t, Gone, p.Arrive())
		require.False(t, p.bound.Load())
	})
}

func TestPlaceKnowsItsOwner(t *testing.T) {
	require.Equal(t, "its owner", newPlace(nil).Owner())
}

func TestPlaceHostsWhatItsThreadIs(t *testing.T) {
	known(t)
	onThread(func() {
		answer := threader(true)
		p := newPlace(&answer)
		here := host.CurrentThread()
		require.True(t, p.OnThreadIs(here))
		require.False(t, p.Hosts(here), "a threader has no say in it")
		require.Equal(t, Admitted, p.Arrive())
		require.True(t, p.Hosts(here))
		onThread(func() { require.False(t, p.Hosts(host.CurrentThread())) })
	})
}

// A goroutine that is not locked may have been moved off the thread that it has read.
func TestStillOnTellsAGoroutineThatWasMoved(t *testing.T) {
	known(t)
	onThread(func() {
		mine := host.CurrentThread()
		require.True(t, StillOn(mine))
		var others host.Thread
		onThread(func() { others = host.CurrentThread() })
		require.False(t, StillOn(others))
		p := newPlace(nil)
		p.Settle(others)
		require.False(t, p.OnThreadIs(others), "it has read the thread, and was moved")
	})
}
