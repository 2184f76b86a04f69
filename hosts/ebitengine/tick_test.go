package ebitenhost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// Each story is a process of its own: Ebitengine runs once, on the main goroutine.
var stories = map[string]func(){"ticks": playTicks, "failure": playFailure}

// play runs a story in a process of its own.
func play(t *testing.T, story string) {
	needDisplay(t)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "EBITEN_STORY="+story)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

// end ends the process of a story.
func end(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func playFailure() {
	errDisk := errors.New("the disk is full")
	var told []error
	err := Run(&blank{}, func(ctx context.Context) error {
		guest.Go(ctx, func(context.Context) error { return errDisk })
		return errors.Join(guest.Join(ctx), ctx.Err())
	}, &guest.Options{OnError: func(err error) { told = append(told, err) }})
	if len(told) != 1 || !errors.Is(told[0], errDisk) {
		err = errors.Join(err, fmt.Errorf("OnError has got %v", told))
	}
	end(err)
}

func TestFailedTaskDoesNotEndTheGame(t *testing.T) { play(t, "failure") }

func playTicks() {
	game := &blank{}
	err := Run(game, func(ctx context.Context) error {
		before := game.ticks
		for n := range 20 {
			if err := Tick(ctx); err != nil {
				return err
			}
			if game.ticks != before+n+1 {
				return fmt.Errorf("after %d ticks the game has had %d", n+1, game.ticks-before)
			}
		}
		before = game.ticks
		if err := Ticks(ctx, 30); err != nil || game.ticks != before+30 {
			return errors.Join(err, fmt.Errorf("30 ticks were %d", game.ticks-before))
		}
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if err := Tick(ctx); !guest.Cancelled(err) {
			return fmt.Errorf("a tick with a done context: %v", err)
		}
		return nil
	}, nil)
	end(err)
}

func TestTicksAreTheGames(t *testing.T) { play(t, "ticks") }

func TestTickOutsideAGamePanicsWithTheRemedy(t *testing.T) {
	require.PanicsWithValue(t, "ebitenhost: Tick called outside a task of a game; pass the context of a task that ebitenhost.Run has started",
		func() { _ = Tick(context.Background()) })
}
