package guest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

func TestMisuseAtTheCallIsRefusedThere(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		for want, call := range map[string]func(){
			"Go called with a nil function":               func() { guest.Go(ctx, nil) },
			"(*Guest).Go called with a nil function":      func() { g.Go(nil) },
			"Post called with a nil function":             func() { _ = g.Post(nil) },
			"Async called with a nil function":            func() { guest.Async[int](ctx, nil) },
			"RunOnMain called with a nil function":        func() { _ = guest.RunOnMain(ctx, nil) },
			"CallOnMain called with a nil function":       func() { _, _ = guest.CallOnMain[int](ctx, nil) },
			"Background called with a nil function":       func() { _, _ = guest.Background[int](ctx, nil) },
			"Scope called with a nil function":            func() { _ = guest.Scope(ctx, nil) },
			"Supervise called with a nil function":        func() { _ = guest.Supervise(ctx, nil) },
			"Modal called with a nil function":            func() { _ = guest.Modal(ctx, nil) },
			"Go called with a context without a guest":    func() { guest.Go(context.Background(), park) },
			"Async called with a context without a guest": func() { guest.Async(context.Background(), func(context.Context) (int, error) { return 0, nil }) },
		} {
			assert.Contains(t, panicOf(call), "guest: "+want)
		}
		return guest.Sleep(ctx, time.Second)
	}))
	require.Contains(t, panicOf(func() { _, _ = guest.Start(nil, park, nil) }), "guest: Start called with a nil host")
	require.Contains(t, panicOf(func() { _, _ = guest.Run[int](nil, nil, nil) }), "guest: Run called with a nil host")
	_, ok := guest.FromContext(context.Background())
	require.False(t, ok)
}

func TestNilContextNamesTheRemedy(t *testing.T) {
	var none context.Context
	quickly := func(context.Context) (int, error) { return 0, nil }
	f := guest.NewFuture[int]()
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		for _, call := range []func(){
			func() { guest.Go(none, park) },
			func() { guest.Async(none, quickly) },
			func() { guest.After(none, 1, park) },
			func() { guest.Every(none, 1, park, nil) },
			func() { guest.Submit(none, quickly) },
			func() { new(guest.Queue[int]).Add(none, quickly) },
			func() { _ = guest.Yield(none) },
			func() { _ = guest.Sleep(none, 1) },
			func() { _ = guest.Park(none) },
			func() { _ = guest.Join(none) },
			func() { _ = guest.Scope(none, park) },
			func() { _ = guest.Modal(none, func() {}) },
			func() { _, _ = guest.Background(none, quickly) },
			func() { _, _, _ = flow.Recv(none, make(chan int)) },
			func() { _, _ = guest.CallOnMain(none, quickly) },
			func() { _ = guest.RunOnMain(none, func() {}) },
			func() { _, _ = f.Wait(none) },
			func() { _ = guest.Go(ctx, park).Wait(none) },
			func() { _ = f.OnDone(none, func(int, error) {}) },
			func() { flow.NewProgress(none, func(int) {}) },
			func() { guest.FromContext(none) },
			func() { _ = guestOf(ctx).Wait(none) },
		} {
			assert.Equal(t, "guest: called with a nil context; pass the context of a task, or context.Background()", panicOf(call))
		}
		guestOf(ctx).Cancel(nil)
		return guest.Yield(context.WithoutCancel(ctx))
	}), guest.ErrQuit)
	require.Contains(t, panicOf(func() { _, _ = f.Wait(none) }), "guest: called with a nil context")
}

func TestZeroGuestNamesTheRemedy(t *testing.T) {
	for _, g := range []*guest.Guest{nil, new(guest.Guest)} {
		for verb, call := range map[string]func(){
			"Go":     func() { g.Go(park) },
			"Post":   func() { _ = g.Post(func() {}) },
			"Cancel": func() { g.Cancel(nil) },
			"Done":   func() { g.Done() },
			"Wait":   func() { _ = g.Wait(t.Context()) },
			"Finish": func() { g.Finish() },
			"State":  func() { g.State() },
			"Ending": func() { g.Ending() },
			"Stats":  func() { g.Stats() },
		} {
			require.Equal(t, "guest: "+verb+" called on a nil or zero Guest; make one with Start, or take it from a context with FromContext", panicOf(call))
		}
	}
}

func TestHostServesOneGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(context.Context) (int, error) {
			_, err := guest.Start(loop, park, nil)
			assert.ErrorContains(t, err, "already served a guest")
			_, err = guest.Run(loop, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }, nil)
			assert.ErrorContains(t, err, "already served a guest")
			return 0, nil
		}, nil)
		require.NoError(t, err)
		_, err = guest.Start(loop, park, nil)
		require.ErrorContains(t, err, "already served a guest", "also when it has ended")
	})
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	loop := headless.New()
	_, err := guest.Start(loop, park, &guest.Options{Grace: -1})
	require.ErrorContains(t, err, "Options.Grace")
	_, err = guest.Start(loop, park, &guest.Options{Budget: -1})
	require.ErrorContains(t, err, "Options.Budget")
	_, err = guest.Run(loop, func(context.Context) (int, error) { return 7, nil }, nil)
	require.NoError(t, err, "the host is still free")
}
