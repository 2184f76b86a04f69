package fynehost_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// A closingApp has a driver to which a post can come just while it closes, as it can to Fyne's
// own.
type closingApp struct {
	fyne.App
	driver *closingDriver
}

func (a *closingApp) Driver() fyne.Driver { return a.driver }

type testDriver interface {
	fyne.Driver
	host.Threader
}

type closingDriver struct {
	testDriver
	desktop.Driver
	posting, closing chan struct{} // the post is there; and may go on
	caught           atomic.Bool
}

func (d *closingDriver) SetSystemTrayMenu(*fyne.Menu) {}
func (d *closingDriver) SystemTrayMenu() *fyne.Menu   { return nil }

func (d *closingDriver) DoFromGoroutine(fn func(), wait bool) {
	if d.caught.CompareAndSwap(true, false) {
		close(d.posting)
		<-d.closing
		panic("send on closed channel")
	}
	d.testDriver.DoFromGoroutine(fn, wait)
}

// do calls fyne.Do on a goroutine of its own, and sends what that panics with.
func do(fn func()) (panicked chan any) {
	panicked = make(chan any, 1)
	go func() {
		defer func() { panicked <- recover() }()
		fyne.Do(fn)
	}()
	return panicked
}

func TestFyneDoDoesNotPanicWhileTheLoopEnds(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer fyne.SetCurrentApp(fyne.CurrentApp())
	a := fynetest.NewApp()
	d := &closingDriver{testDriver: a.Driver().(testDriver)}
	catch := func() {
		d.posting, d.closing = make(chan struct{}), make(chan struct{})
		d.caught.Store(true)
	}
	closing := &closingApp{a, d}
	fyne.SetCurrentApp(closing)
	h, err := fynehost.New(closing)
	require.NoError(t, err)
	never := func() { t.Error("called") }
	var early chan any
	require.NoError(t, guest.RunTask(h, func(ctx context.Context) error {
		drawsInResize := runtime.GOOS == "windows" || runtime.GOOS == "darwin"
		require.Equal(t, drawsInResize, fyne.CurrentApp().Driver() == fyne.Driver(d), "Fyne's own type")
		catch()
		panicked := do(never)
		close(d.closing)
		require.Equal(t, "send on closed channel", <-panicked, "the loop goes on")
		catch()
		early = do(never)
		<-d.posting // before the loop is quit, and goes on after its end
		return nil
	}, nil))
	close(d.closing)
	require.Nil(t, <-early)
	catch()
	late := do(never)
	close(d.closing)
	require.Nil(t, <-late)
	require.Equal(t, "its own", <-do(func() { panic("its own") }), "it is called")
}
