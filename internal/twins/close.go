package twins

import (
	"context"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// earlierQuit changes what to ask several times. The last question counts, no matter who sets
// it.
func (kit *Toolkit[W]) earlierQuit(s *Scene, ctx context.Context) {
	g, _ := guest.FromContext(ctx)
	w, list := kit.plain("twice"), []string{}
	asks := func(name string) func(context.Context) (bool, error) {
		return func(context.Context) (bool, error) { list = append(list, name); return len(list) == 4, nil }
	}
	first := kit.QuitOnClose(g, w, asks("first"))
	second := kit.QuitOnClose(g, w, asks("second"))
	for i, quit := range []func(){first, second, func() { kit.PressClose(ctx, w) }} {
		quit()
		s.until(ctx, func() bool { return len(list) == i+1 })
		s.rest(ctx)
	}
	require.NoError(s, ctx.Err())
	first()
	require.ErrorIs(s, guest.Park(ctx), guest.ErrQuit)
	require.Equal(s, []string{"second", "second", "second", "second"}, list)
	require.True(s, kit.Shown(w), "it stays until all has unwound")
}

// givenBack closes windows after the context of their AskOnClose is done, at once or a while
// later.
func (kit *Toolkit[W]) givenBack(s *Scene, ctx context.Context) {
	kit.plain("stays")
	never := func(context.Context) (bool, error) { s.Errorf("it was asked"); return false, nil }
	for _, late := range []bool{false, true} {
		for _, pressed := range []bool{false, true} {
			w := kit.plain("document")
			short, cancel := context.WithCancel(ctx)
			request := kit.AskOnClose(short, w, never)
			cancel()
			if late {
				require.NoError(s, guest.Sleep(ctx, 20*time.Millisecond))
			}
			if pressed {
				kit.PressClose(ctx, w)
			} else {
				request()
			}
			require.ErrorIs(s, kit.WithWindow(ctx, w, guest.Park), guest.ErrWindowClosed)
			s.until(ctx, func() bool { return !kit.Shown(w) })
		}
	}
}

// In questionFails windows are closed in a scope whose tasks fail together, but the question
// fails. The windows stay, and the error is reported.
func (kit *Toolkit[W]) questionFails(s *Scene, ctx context.Context, ask func(ctx context.Context) (bool, error)) {
	main, doc := kit.plain("main"), kit.plain("document")
	g, _ := guest.FromContext(ctx)
	kit.QuitOnClose(g, main, ask)
	err := guest.Scope(ctx, func(ctx context.Context) error {
		request := kit.AskOnClose(ctx, doc, ask)
		for i, wish := range []func(){
			func() { kit.PressClose(ctx, main) }, func() { kit.PressClose(ctx, doc) }, request,
		} {
			wish()
			s.until(ctx, func() bool { return len(s.Heard) == i+1 })
			s.rest(ctx)
		}
		return ctx.Err()
	})
	require.NoError(s, err, "a failure of ask cancels nothing")
	require.True(s, kit.Shown(main) && kit.Shown(doc))
	require.Len(s, s.Heard, 3)
	for _, err := range s.Heard {
		assert.ErrorIs(s, err, errFull)
	}
}
