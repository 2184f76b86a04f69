package main

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// inWizard plays a story with a user of the wizard, which ends with it.
func inWizard(t *testing.T, s *server, story func(ctx context.Context, u *fynetest.User, signedUp *guest.Task)) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		w := a.NewWindow("Sign up")
		signedUp := guest.Go(ctx, func(ctx context.Context) error { return signUp(ctx, w, s) })
		require.NoError(t, guest.Yield(ctx))
		story(ctx, fynetest.NewUser(ctx, t, w), signedUp)
		signedUp.Cancel(nil)
	}, nil)
}

func TestSignUp(t *testing.T) {
	s := &server{failures: 2}
	inWizard(t, s, func(ctx context.Context, u *fynetest.User, signedUp *guest.Task) {
		u.Type("Name", "Grace\n")
		u.Type("E-mail", "grace@example.org\n")
		u.See("E-mail: grace@example.org")
		u.Tap("Create account")
		u.See("the server is busy; attempt 2 of 3")
		u.See("the server is busy; attempt 3 of 3")
		u.See("Welcome, Grace!")
		u.Answer("OK")
		require.NoError(t, signedUp.Wait(ctx))
		require.Equal(t, []account{{"Grace", "grace@example.org"}}, s.accounts)
	})
}

func TestTakenNameIsRefused(t *testing.T) {
	inWizard(t, &server{}, func(ctx context.Context, u *fynetest.User, _ *guest.Task) {
		u.Tap("Next")
		u.See("please enter a name")
		u.Type("Name", "Ada")
		u.Tap("Next")
		u.Gone("please enter a name")
		u.See(`the name "Ada" is taken`)
		name := fynetest.Find[*widget.Entry](u, "Name")
		require.Same(t, name, fyne.CurrentApp().Driver().CanvasForObject(name).Focused())
		u.Type("Name", "Grace")
		u.Tap("Next")
		u.See("How can we reach you?")
		u.Gone("taken")
		u.Type("E-mail", "ada@example.org\n")
		u.See("there already is an account for ada@example.org")
	})
}

func TestBackKeepsWhatWasEntered(t *testing.T) {
	inWizard(t, &server{}, func(ctx context.Context, u *fynetest.User, _ *guest.Task) {
		u.Type("Name", "Grace\n")
		u.Type("E-mail", "grace@")
		u.Tap("Back")
		u.See("Who are you?")
		u.See("Grace")
		u.Tap("Next")
		u.See("grace@")
	})
}

func TestCancelTakesTheQuestionBack(t *testing.T) {
	inWizard(t, &server{}, func(ctx context.Context, u *fynetest.User, _ *guest.Task) {
		u.Type("Name", "Ada\n")
		require.NoError(t, guest.Sleep(ctx, time.Second)) // in the midst of it
		u.Tap("Cancel")
		u.Within(10 * time.Millisecond).Gone("Cancel") // not when the server has answered
		require.NoError(t, guest.Sleep(ctx, time.Minute))
		u.See("Who are you?")
		u.Gone("taken")
		u.Gone("cancel")
		u.Type("Name", "Grace\n") // and the page works
		u.See("How can we reach you?")
	})
}

// A failure is shown, and Cancel ends the attempts; both leave the page as it is, to try again.
func TestCreatingIsCancelledAndRetried(t *testing.T) {
	s := &server{failures: 7}
	inWizard(t, s, func(ctx context.Context, u *fynetest.User, _ *guest.Task) {
		u.Type("Name", "Grace\n")
		u.Type("E-mail", "grace@example.org\n")
		u.Tap("Create account")
		u.See("attempt 3 of 3")
		u.See("the server is busy")
		u.Within(time.Minute).Answer("OK") // 3 attempts have failed
		u.Tap("Create account")
		u.See("attempt 2 of 3")
		u.Answer("Cancel") // in the fifth
		u.Gone("Creating the account")
		require.Equal(t, 3, s.failures)
		u.Tap("Create account")
		u.See("attempt 3 of 3")
		u.Answer("OK")
		u.Tap("Create account")
		u.See("Welcome, Grace!")
	})
	require.Len(t, s.accounts, 1)
}

func TestCloseAsksOnlyForWhatWasEntered(t *testing.T) {
	inWizard(t, &server{}, func(ctx context.Context, u *fynetest.User, _ *guest.Task) {
		u.Type("Name", "Grace")
		u.Close()
		u.Answer("No")
		u.Type("Name", "")
		u.Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
	})
}

func TestCloseWhileTheServerIsAsked(t *testing.T) {
	inWizard(t, &server{}, func(ctx context.Context, u *fynetest.User, signedUp *guest.Task) {
		u.Type("Name", "Ada\n")
		require.NoError(t, guest.Sleep(ctx, time.Second))
		u.Close()
		u.Answer("Yes")
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
		require.True(t, guest.IsQuit(signedUp.Wait(context.WithoutCancel(ctx))))
	})
}
