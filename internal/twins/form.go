package twins

import (
	"context"
	"errors"
	"slices"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// A Form is an open dialog of Custom with an entry as its content. UI thread only.
type Form struct {
	Answer     *guest.Future[bool]
	Confirm    func()
	CanConfirm func() bool
	CanDismiss func() bool
	Dismiss    func(how string) // one of Dismissals
	Texts      func() []string  // all texts that can be read in it
	Usable     func() bool      // whether a user can type into the entry
	Disable    func(bool)       // disables or enables the entry, as a program does
	Text       func() string    // the entry's text, also afterwards
	Open       func() bool
}

// FormText is the text of a form's entry in the beginning.
const FormText = "a draft"

// answer waits for the answer, and checks what is left on the screen.
func (f *Form) answer(s *Scene, ctx context.Context) bool {
	ok, err := f.Answer.Wait(ctx)
	require.NoError(s, err)
	assert.False(s, f.Open())
	assert.Equal(s, FormText, f.Text(), "the content can be read afterwards")
	assert.True(s, f.Usable())
	return ok
}

func (f *Form) reads(text string) func() bool {
	return func() bool { return slices.Contains(f.Texts(), text) }
}

// In objection a check objects at first, and then accepts.
func (kit *Toolkit[W]) objection(s *Scene, ctx context.Context) {
	w, verdict := kit.plain("window"), guest.NewFuture[error]()
	f := kit.Form(s, ctx, w, func(ctx context.Context) error {
		objection, err := verdict.Wait(ctx)
		return errors.Join(objection, err)
	})
	checking := func() bool { return !f.Usable() }
	f.Confirm()
	s.until(ctx, checking)
	require.False(s, f.CanConfirm(), "it checks already")
	require.True(s, f.CanDismiss())
	verdict.Resolve(errors.New("no such user"))
	s.until(ctx, f.reads("no such user"))
	s.until(ctx, f.Usable)
	require.True(s, f.CanConfirm())

	// What was disabled before stays disabled.
	verdict = guest.NewFuture[error]()
	f.Disable(true)
	f.Confirm()
	s.until(ctx, func() bool { return !f.CanConfirm() })
	s.until(ctx, func() bool { return !f.reads("no such user")() })
	verdict.Resolve(errors.New("still none"))
	s.until(ctx, f.reads("still none"))
	s.rest(ctx)
	require.False(s, f.Usable())
	f.Disable(false)

	verdict = guest.NewFuture[error]()
	f.Confirm()
	s.until(ctx, checking)
	verdict.Resolve(nil)
	require.True(s, f.answer(s, ctx))
}

// In disabling a check disables the entry, and objects.
func (kit *Toolkit[W]) disabling(s *Scene, ctx context.Context) {
	var f *Form
	f = kit.Form(s, ctx, kit.plain("window"), func(context.Context) error {
		f.Disable(true)
		return errors.New("no such user")
	})
	f.Confirm()
	s.until(ctx, f.reads("no such user"))
	s.rest(ctx)
	require.False(s, f.Usable(), "what the check has disabled stays so")
	f.Disable(false)
	require.True(s, f.Usable(), "the check is over")
	f.Dismiss(kit.Dismissals[0])
	require.False(s, f.answer(s, ctx))
}

// In dismissed the user dismisses the form without waiting for the check.
func (kit *Toolkit[W]) dismissed(s *Scene, ctx context.Context, how string) {
	cancelled := false
	f := kit.Form(s, ctx, kit.plain("window"), func(ctx context.Context) error {
		err := guest.Park(ctx)
		cancelled = ctx.Err() != nil
		return err
	})
	f.Confirm()
	s.until(ctx, func() bool { return !f.Usable() })
	f.Dismiss(how)
	require.False(s, f.answer(s, ctx))
	require.True(s, cancelled)
}

// In givesUp the user gives up after an objection.
func (kit *Toolkit[W]) givesUp(s *Scene, ctx context.Context) {
	f := kit.Form(s, ctx, kit.plain("window"), func(context.Context) error { return errors.New("no such user") })
	f.Confirm()
	s.until(ctx, f.reads("no such user"))
	f.Dismiss(kit.Dismissals[0])
	require.False(s, f.answer(s, ctx))
}

func (kit *Toolkit[W]) panicInCheck(s *Scene, ctx context.Context) {
	f := kit.Form(s, ctx, kit.plain("window"), func(context.Context) error { panic(errFull) })
	f.Confirm()
	_, err := f.Answer.Wait(ctx)
	require.ErrorIs(s, err, errFull)
	require.ErrorAs(s, err, new(*guest.PanicError))
}

// In windowGoes code closes the window of a form, during a check or not.
func (kit *Toolkit[W]) windowGoes(s *Scene, ctx context.Context, checks bool) {
	kit.plain("stays")
	w := kit.plain("parent")
	f := kit.Form(s, ctx, w, guest.Park)
	if checks {
		f.Confirm()
		s.until(ctx, func() bool { return !f.Usable() })
	}
	kit.Destroy(w)
	_, err := f.Answer.Wait(ctx)
	require.ErrorIs(s, err, guest.ErrWindowClosed)
}
