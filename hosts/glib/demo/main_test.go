package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// see waits until the label shows a text.
func see(ctx context.Context, want string) error {
	for range 3000 {
		if strings.Contains(text(), want) {
			return nil
		}
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("the label shows %q, and never %q", text(), want)
}

func TestPrimesAreCountedWhileTheWindowLives(t *testing.T) {
	if os.Getenv("DISPLAY")+os.Getenv("WAYLAND_DISPLAY") == "" {
		require.Empty(t, os.Getenv("CI"), "there is no display; use xvfb-run")
		t.Skip("there is no display")
	}
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("GTK_A11Y", "none")
	os.Setenv("GSK_RENDERER", "cairo")
	told := false
	require.NoError(t, run(func(ctx context.Context) error {
		if err := see(ctx, "Press Start."); err != nil {
			return err
		}
		click(buttonStart)
		if err := see(ctx, "primes below"); err != nil {
			return err
		}
		if file := os.Getenv("PRIMES_PICTURE"); file != "" {
			for !shot(file) {
				_ = guest.Sleep(ctx, 200*time.Millisecond)
			}
		}
		click(buttonStop)
		if err := see(ctx, "Stopped after"); err != nil {
			return err
		}
		told = true
		click(buttonClose)
		return nil
	}))
	require.True(t, told)
}
