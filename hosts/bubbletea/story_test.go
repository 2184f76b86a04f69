package teahost_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	teahost "github.com/golodger/lodger/hosts/bubbletea"
	"github.com/golodger/lodger/hosts/bubbletea/teatest"
)

func TestQuestionsAreLines(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		name, err := ui.Prompt(ctx, "Name?")
		if err != nil {
			return err
		}
		size, err := ui.Choose(ctx, "Size?", "small", "large", "huge")
		if err != nil {
			return err
		}
		sure, err := ui.Confirm(ctx, "Sure?")
		ui.Printf("%s %d %v", name, size, sure)
		return errors.Join(err, guest.Sleep(ctx, time.Second))
	}, func(u *teatest.User) {
		u.See("Name?")
		u.Type("Adx\x7fa")
		u.See("Name? Ada█")
		u.Type(teatest.Enter)
		u.See("▸ small")
		u.Type(teatest.Down)
		u.See("▸ large")
		u.Type(teatest.Enter)
		u.See("Sure?")
		u.Type("y")
		u.See("Ada 1 true")
	})
	require.NoError(t, err)
}

func TestEscapedPromptIsAnError(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		_, err := ui.Prompt(ctx, "Name?")
		return err
	}, func(u *teatest.User) { u.See("Name?"); u.Type(teatest.Esc) })
	require.ErrorIs(t, err, teahost.ErrEscaped)
}

func TestBusyShowsProgressAndEscStopsIt(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		n, err := teahost.Busy(ctx, ui, "Packing", func(ctx context.Context, report func(float64, string)) (int, error) {
			for i := range 100 {
				report(float64(i)/100, fmt.Sprint("file ", i))
				if err := guest.Sleep(ctx, time.Second); err != nil {
					return i, err
				}
			}
			return 100, nil
		})
		ui.Printf("stopped after %d: %v", n, errors.Is(err, teahost.ErrEscaped))
		return guest.Sleep(ctx, time.Second)
	}, func(u *teatest.User) {
		u.See("  0%")
		time.Sleep(30 * time.Second)
		u.See("30%  file 30")
		u.Type(teatest.Esc)
		u.See("stopped after 30: true")
	})
	require.NoError(t, err)
}

func TestCtrlCUnwindsInOrder(t *testing.T) {
	unwound := false
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		guest.Cleanup(ctx, func(ctx context.Context) { _ = guest.Sleep(ctx, time.Second); unwound = true })
		_, err := ui.Prompt(ctx, "Name?")
		return err
	}, func(u *teatest.User) { u.See("Name?"); u.Type(teatest.CtrlC) })
	require.NoError(t, err)
	require.True(t, unwound)
}

func TestWhatAProgramShowsAtItsEndIsSeen(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		name, err := ui.Prompt(ctx, "What is your name?")
		ui.Printf("Hello, %s.", name)
		return err
	}, func(u *teatest.User) {
		u.See("What is your name?")
		u.Type("Ada\r")
		u.See("Hello, Ada.")
	})
	require.NoError(t, err)
}

func TestChoiceOfNothingIsAMistake(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		_, err := ui.Choose(ctx, "Size?")
		return err
	}, func(*teatest.User) {})
	require.ErrorContains(t, err, "Choose called without options")
}

func TestFailedTaskDoesNotEndTheProgram(t *testing.T) {
	err := teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		guest.Go(ctx, func(context.Context) error { return errors.New("the disk is full") })
		return errors.Join(guest.Join(ctx), ctx.Err())
	}, func(*teatest.User) {})
	require.NoError(t, err)
}

func TestTypedAheadIsForTheNextQuestions(t *testing.T) {
	require.NoError(t, teatest.Run(t, func(ctx context.Context, ui *teahost.UI) error {
		if err := guest.Sleep(ctx, time.Minute/2); err != nil {
			return err
		}
		one, _ := ui.Prompt(ctx, "One?")
		two, err := ui.Prompt(ctx, "Two?")
		ui.Printf("%s and %s", one, two)
		return errors.Join(err, guest.Sleep(ctx, time.Second))
	}, func(u *teatest.User) {
		u.Type("a\rb")
		u.See("Two? b")
		u.Type("c\r")
		u.See("a and bc")
	}))
}
