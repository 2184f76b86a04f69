package host

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/internal/serving"
)

// none is a host that does nothing; its field makes different values different pointers.
type none struct{ _ byte }

func (*none) RunSyncSoonThreadsafe(func())    {}
func (*none) RunSyncSoonNotThreadsafe(func()) {}
func (*none) DoneCallback(Outcome)            {}
func (*none) Mainloop(func() error) error     { return nil }

// placed is a none that is a Threader too.
type placed struct {
	none
	on bool
}

func (p *placed) OnThread() bool { return p.on }

// fresh lets a test have the names to itself.
func fresh(t *testing.T) {
	named.Lock()
	open := named.open
	named.open = nil
	named.Unlock()
	t.Cleanup(func() { named.open = open })
}

// attach says that a guest lives in h until the test is over, or detach is called.
func attach(t *testing.T, h Host) (detach func()) {
	detach, ok := serving.Attach(h)
	require.True(t, ok)
	t.Cleanup(detach)
	return detach
}

func TestOpenMakesWhatWasRegistered(t *testing.T) {
	fresh(t)
	made := new(none)
	noDisplay := errors.New("no display")
	Register("none", func() (Mainloop, error) { return made, nil })
	Register("blind", func() (Mainloop, error) { return nil, noDisplay })
	require.Equal(t, []string{"blind", "none"}, Names())

	got, err := Open("none")
	require.NoError(t, err)
	require.Same(t, made, got)
	_, err = Open("blind")
	require.Same(t, noDisplay, err)
}

func TestOpenOfAnUnknownNameSaysWhatIsKnownAndWhatToDo(t *testing.T) {
	fresh(t)
	_, err := Open("qt")
	require.ErrorContains(t, err, `host: no host is registered as "qt" (known: none); import its package`)
	Register("two", func() (Mainloop, error) { return nil, nil })
	Register("one", func() (Mainloop, error) { return nil, nil })
	_, err = Open("qt")
	require.ErrorContains(t, err, "(known: one, two)")
}

func TestRegisterPanicsOnMisuse(t *testing.T) {
	fresh(t)
	open := func() (Mainloop, error) { return nil, nil }
	require.PanicsWithValue(t, `host: Register("x") with a nil function; pass the function that makes the host`,
		func() { Register("x", nil) })
	Register("x", open)
	require.PanicsWithValue(t, `host: Register("x") called twice; give each host a different name`,
		func() { Register("x", open) })
	require.Equal(t, []string{"x"}, Names(), "and the lock is free")
}

func TestOpenMayRegisterAndOpen(t *testing.T) {
	fresh(t)
	Register("outer", func() (Mainloop, error) {
		Register("inner", func() (Mainloop, error) { return new(none), nil })
		return Open("inner")
	})
	h, err := Open("outer")
	require.NoError(t, err)
	require.NotNil(t, h)
}

func TestCurrentIsTheNewestOnThisThread(t *testing.T) {
	fresh(t)
	_, ok := Current()
	require.False(t, ok)

	older, newer := &placed{on: true}, &placed{on: true}
	attach(t, older)
	detach := attach(t, newer)
	attach(t, &placed{on: false}) // elsewhere
	attach(t, new(none))          // can't say
	h, ok := Current()
	require.True(t, ok)
	require.Same(t, newer, h)

	detach()
	h, ok = Current()
	require.True(t, ok)
	require.Same(t, older, h)
}

// asking is a host whose OnThread uses the look-ups, as one that delegates would.
type asking struct{ none }

func (*asking) OnThread() bool {
	Names()
	detach, _ := serving.Attach(new(none))
	detach()
	return true
}

func TestCurrentCallsHostsWithoutALock(t *testing.T) {
	fresh(t)
	h := new(asking)
	attach(t, h)
	got, ok := Current()
	require.True(t, ok)
	require.Same(t, h, got)
}

func TestLookupsFromManyGoroutines(t *testing.T) {
	fresh(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			Register(string(rune('a'+i)), func() (Mainloop, error) { return new(none), nil })
			for range 50 {
				detach, ok := serving.Attach(&placed{on: true})
				if !ok {
					t.Error("a new host was refused")
				}
				if _, ok := Current(); !ok {
					t.Error("no current host, though one of ours is live")
				}
				Names()
				detach()
			}
		})
	}
	wg.Wait()
	require.Len(t, Names(), 8)
}

func TestOutcomeUnwrap(t *testing.T) {
	failed := errors.New("failed")
	v, err := Outcome{Value: 7, Err: failed}.Unwrap()
	require.Equal(t, 7, v)
	require.Same(t, failed, err)
}
