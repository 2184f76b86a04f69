package tviewhost

import (
	"context"
	"errors"
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
