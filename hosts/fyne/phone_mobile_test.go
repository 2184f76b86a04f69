//go:build mobile

package fynehost_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("phone", phone)
	stories.Add("phone, Run", phoneRun)
	stories.Add("phone, guest.Run", phoneGuestRun)
}

// phone is a program with a loop that it runs itself. A task is parked when the system ends it.
func phone() int {
	a := app.NewWithID("test")
	a.Lifecycle().SetOnStarted(func() { screentest.Say("own hook: started") })
	a.Lifecycle().SetOnStopped(func() { screentest.Say("own hook: stopped") })
	h, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer func() { screentest.Say("unwound on the UI thread: %v", h.OnThread()) }()
		if _, err := guest.Background(ctx, func(context.Context) (int, error) { return 1, nil }); err != nil {
			return err
		}
		if err := guest.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
		screentest.Say("parked, on the UI thread: %v", h.OnThread())
		return guest.Park(ctx)
	}, nil)
	if err != nil {
		panic(err)
	}
	w := a.NewWindow("phone")
	fynehost.QuitOnClose(g, w, nil)
	w.SetContent(widget.NewLabel("hello"))
	screentest.Say("before the loop: %v", h.OnThread())
	w.ShowAndRun()
	screentest.Say("finished: %v", errors.Is(g.Finish().Err, guest.ErrHostGone))
	return 0
}

func TestPhoneEndsTasksBeforeTheHookOnTheUIThread(t *testing.T) {
	p := screentest.Start(t, "phone")
	p.Hear("own hook: started")
	p.Hear("parked, on the UI thread: true")
	require.NoError(t, screentest.CloseOnly("App"))
	<-p.End
	require.Regexp(t, `(?s)before the loop: false.*unwound on the UI thread: true.*own hook: stopped`, p.Text())
	if p.Err == nil { // else Fyne's own panic: see examples/counter
		require.Contains(t, p.Text(), "finished: true")
	}
}

// phoneRun has no window, and so no frames either.
func phoneRun() int {
	err := fynehost.Run(app.NewWithID("test"), func(ctx context.Context) error {
		screentest.Say("in main")
		go func() { _ = screentest.CloseOnly("App") }()
		_ = guest.Park(ctx)
		return errors.New("from main")
	}, nil)
	screentest.Say("%v", err)
	return 0
}

// When the system ends the program, Fyne's driver closes a channel to which its own goroutines may
// still send. That panic proves nothing, so the program is started again.
func TestPhoneRunReturnsMainsError(t *testing.T) {
	for range 3 {
		p := screentest.Start(t, "phone, Run")
		<-p.End
		if strings.Contains(p.Text(), "panic: send on closed channel") && strings.Contains(p.Text(), "v2/internal/driver/mobile") {
			t.Log("Fyne panicked at the end")
			continue
		}
		require.Contains(t, p.Ended(0), "from main")
		return
	}
	t.Fatal("Fyne panicked three times")
}

func phoneGuestRun() int {
	h, err := fynehost.New(app.NewWithID("test"))
	if err != nil {
		panic(err)
	}
	time.AfterFunc(time.Second, func() { _ = screentest.CloseOnly("App") })
	_, err = guest.Run(h, func(context.Context) (int, error) { return 0, nil }, nil)
	screentest.Say("%v", err)
	return 0
}

func TestPhoneRefusesGuestRun(t *testing.T) {
	require.Contains(t, screentest.Start(t, "phone, guest.Run").Ended(0), "on another thread")
}
