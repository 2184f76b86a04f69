package tviewhost

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestFailedTaskDoesNotEndTheProgram(t *testing.T) {
	app := tview.NewApplication().SetScreen(tcell.NewSimulationScreen("UTF-8"))
	errDisk := errors.New("the disk is full")
	var told []error
	err := Run(app, func(ctx context.Context) error {
		guest.Go(ctx, func(context.Context) error { return errDisk })
		return errors.Join(guest.Join(ctx), ctx.Err())
	}, &guest.Options{OnError: func(err error) { told = append(told, err) }})
	require.NoError(t, err)
	require.Len(t, told, 1)
	require.ErrorIs(t, told[0], errDisk)
}

func TestQuestionThatIsCancelledIsNotTheFirstButton(t *testing.T) {
	app := tview.NewApplication().SetScreen(tcell.NewSimulationScreen("UTF-8"))
	require.NoError(t, Run(app, func(ctx context.Context) error {
		pages := tview.NewPages()
		app.SetRoot(pages, true)
		short, cancel := context.WithCancel(ctx)
		guest.After(ctx, 0, func(context.Context) error { cancel(); return nil })
		n, err := Ask(short, app, pages, "Sure?", "Yes", "No")
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, -1, n)
		return nil
	}, nil))
}

func TestCtrlCEndsAlsoTheProgramsOwnLoop(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	screen := tcell.NewSimulationScreen("UTF-8")
	app := tview.NewApplication().SetScreen(screen)
	h := New(app)
	unwound := false
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer func() { unwound = true }()
		screen.InjectKey(tcell.KeyCtrlC, 0, tcell.ModCtrl)
		return guest.Park(ctx)
	}, nil)
	require.NoError(t, err)
	QuitOnCtrlC(app, g)
	require.NoError(t, h.RunApp())
	require.True(t, guest.IsQuit(g.Finish().Err))
	require.True(t, unwound)
}
