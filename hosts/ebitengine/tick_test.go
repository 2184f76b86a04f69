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

// playTicks is a process of its own: Ebitengine runs once, on the main goroutine.
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
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestTicksAreTheGames(t *testing.T) {
	needDisplay(t)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "EBITEN_STORY=ticks")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestTickOutsideAGamePanicsWithTheRemedy(t *testing.T) {
	require.PanicsWithValue(t, "ebitenhost: Tick called outside a task of a game; pass the context of a task that ebitenhost.Run has started",
		func() { _ = Tick(context.Background()) })
}
