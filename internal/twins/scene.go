package twins

import (
	"context"
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// A Scene is a story that a single task tells, and that needs no user. So a toolkit that can
// run in virtual time can play it there, too. The guest's OnError appends to Heard.
type Scene struct {
	require.TestingT
	Heard []error
}

// Scenes returns all scenes, by name.
func (kit *Toolkit[W]) Scenes() map[string]func(s *Scene, ctx context.Context) {
	scenes := map[string]func(s *Scene, ctx context.Context){
		"an earlier quit asks the last question":          kit.earlierQuit,
		"the close button is given back with the context": kit.givenBack,
		"a panic is no objection":                         kit.panicInCheck,
		"an objection is shown until the next check":      kit.objection,
		"a form that objects can be dismissed":            kit.givesUp,
		"what a check disables stays disabled":            kit.disabling,
	}
	for name, ask := range fails {
		scenes["a question that fails cancels nothing, "+name] = func(s *Scene, ctx context.Context) { kit.questionFails(s, ctx, ask) }
	}
	for _, how := range kit.Dismissals {
		scenes["dismissing cancels the check, "+how] = func(s *Scene, ctx context.Context) { kit.dismissed(s, ctx, how) }
	}
	for when, checks := range map[string]bool{"while it checks": true, "before it checks": false} {
		scenes["the window of a form goes "+when] = func(s *Scene, ctx context.Context) { kit.windowGoes(s, ctx, checks) }
	}
	return scenes
}

// Hear is for the OnError of a scene's guest.
func (s *Scene) Hear(err error) { s.Heard = append(s.Heard, err) }

// until polls, because toolkits decide when to draw.
func (s *Scene) until(ctx context.Context, what func() bool) {
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for !what() {
		require.NoError(s, guest.Sleep(short, time.Millisecond))
	}
}

// rest lets other tasks run, for several turns.
func (s *Scene) rest(ctx context.Context) {
	for range 5 {
		require.NoError(s, guest.Yield(ctx))
	}
	require.NoError(s, guest.Sleep(ctx, 20*time.Millisecond))
}

// plain opens a window whose content does not matter.
func (kit *Toolkit[W]) plain(title string) W {
	w, _ := kit.Window(title, "content", func() {})
	return w
}

var errFull = errors.New("disk full")

// fails holds questions that fail. The window must stay open then, or unsaved data would be
// lost.
var fails = map[string]func(context.Context) (bool, error){
	"an error": func(context.Context) (bool, error) { return true, errFull },
	"a panic":  func(context.Context) (bool, error) { panic(errFull) },
}
