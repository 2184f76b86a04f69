package place

import (
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// enlisted is a place at which a call has arrived on the calling thread.
func enlisted(t *testing.T) *Place {
	p := newPlace(nil)
	p.Enlist()
	require.Equal(t, Admitted, p.Arrive())
	return p
}

func TestLivePlacesAreListedOldestFirst(t *testing.T) {
	require.Empty(t, Live())
	one, two, three := newPlace(nil), newPlace(nil), newPlace(nil)
	one.Enlist()
	two.Enlist()
	seen := Live()
	three.Enlist()
	all := Live()
	two.Delist()
	two.Delist() // again
	require.Equal(t, []*Place{one, three}, Live())
	require.Equal(t, []*Place{one, two}, seen, "a list that was taken does not change")
	require.Equal(t, []*Place{one, two, three}, all)
	require.EqualValues(t, 2, alive.Load())
	one.Delist()
	three.Delist()
	require.Empty(t, Live())
	require.Zero(t, alive.Load())
}

func TestLivePlacesMayChangeFromAnyGoroutine(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				p := newPlace(nil)
				p.Enlist()
				_, _ = Here(), Sole()
				p.Delist()
			}
		})
	}
	wg.Wait()
	require.Empty(t, Live())
	require.Zero(t, alive.Load())
}

func TestHereIsThePlaceOfTheCallingThread(t *testing.T) {
	known(t)
	onThread(func() {
		require.Nil(t, Here())
		p := enlisted(t)
		require.Same(t, p, Here())
		onThread(func() {
			require.Nil(t, Here())
			q := enlisted(t)
			require.Same(t, q, Here())
			q.Delist()
			require.Nil(t, Here())
		})
		inner := enlisted(t)
		require.Same(t, p, Here(), "the oldest")
		p.Vacate()
		require.Same(t, inner, Here(), "what is vacated is nowhere")
		inner.Delist()
		p.Delist()
		require.Nil(t, Here())
	})
}

func TestSoleIsAMarkedCallerWhileOneGuestLives(t *testing.T) {
	known(t)
	onThread(func() {
		Mark()
		require.False(t, Sole(), "none lives")
		p := enlisted(t)
		require.True(t, Sole())
		onThread(func() { require.False(t, Sole(), "it is not marked") })
		q := newPlace(nil)
		q.Enlist()
		require.False(t, Sole(), "two live")
		q.Delist()
		require.True(t, Sole())
		p.Delist()
		require.False(t, Sole())
	})
}

func TestALikelyCallerIsNotOnAnotherGuestsThread(t *testing.T) {
	onThread(func() {
		p := newPlace(nil)
		p.Enlist()
		defer p.Vacate() // where threads are nameless it counts until then
		defer p.Delist()
		require.Equal(t, Admitted, p.Arrive())
		require.True(t, p.Likely())
		onThread(func() {
			other := enlisted(t)
			defer other.Vacate()
			defer other.Delist()
			require.True(t, other.Likely())
			require.False(t, p.Likely(), "it is another guest's thread")
		})
		require.True(t, p.Likely())
	})
}

func TestDelistTakesOffTheMarkThatThePlaceHasSet(t *testing.T) {
	known(t)
	onThread(func() {
		p := enlisted(t)
		require.True(t, Marked())
		p.Delist()
		require.False(t, Marked())

		Mark() // the program's own
		p = enlisted(t)
		p.Delist()
		require.True(t, Marked())
		unmark()

		outer, inner := enlisted(t), enlisted(t)
		inner.Delist()
		require.True(t, Marked(), "another guest lives here")
		outer.Delist()
		require.False(t, Marked())

		outer, inner = enlisted(t), enlisted(t)
		outer.Delist()
		require.True(t, Marked(), "the other guest lives on")
		inner.Delist()
		require.False(t, Marked(), "and takes it off in the end")

		newPlace(nil).Delist() // at which no call has arrived
		Mark()
		newPlace(nil).Delist()
		require.True(t, Marked())
	})
}

// Where threads are nameless a coroutine of one guest is not taken for another's.
func TestACoroutineBelongsToItsLoop(t *testing.T) {
	onThread(func() {
		one := enlisted(t)
		defer one.Vacate()
		defer one.Delist()
		next, stop := iter.Pull(func(yield func(bool) bool) {
			Mark()
			for yield(one.OnThread()) {
			}
		})
		defer stop()
		on, _ := next()
		require.True(t, on)
		onThread(func() {
			other := enlisted(t)
			defer other.Vacate()
			defer other.Delist()
			require.Same(t, other, Here())
			require.Same(t, other, RunsOn(CurrentThread()))
			require.False(t, one.OnThread())
			require.False(t, one.Hosts(CurrentThread()))
		})
		shared := enlisted(t) // a second guest in the same loop
		defer shared.Vacate()
		defer shared.Delist()
		on, _ = next()
		require.True(t, on)
		require.True(t, shared.OnThread())
	})
}

// Package runtime might change its text.
func TestACoroutinesHomeIsTheGoroutineThatMadeIt(t *testing.T) {
	own := home()
	require.NotZero(t, own)
	other := make(chan uint64)
	go func() { other <- home() }()
	require.NotContains(t, []uint64{0, own}, <-other)
	var deep func(n int) uint64
	deep = func(n int) uint64 {
		if n == 0 {
			return home()
		}
		return deep(n - 1)
	}
	require.Equal(t, own, deep(1000), "whose stack is long")
	next, stop := iter.Pull(func(yield func(uint64) bool) {
		for yield(deep(0)) && yield(deep(1000)) {
		}
	})
	defer stop()
	for range 2 {
		of, _ := next()
		require.Equal(t, own, of)
	}
}
