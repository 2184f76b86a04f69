package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	ebitenhost "github.com/golodger/lodger/hosts/ebitengine"
)

// A user presses keys at ticks; "" is nothing to do any more.
var users = map[string]func(s *stage, user context.Context) error{
	"patient": func(s *stage, ctx context.Context) error {
		if err := s.until(ctx, "A door. Shall I?  [Space]"); err != nil {
			return err
		}
		if s.hero != 200 || s.door != 0 {
			return fmt.Errorf("the hero is at %v, and the door at %v", s.hero, s.door)
		}
		if err := s.shoot(ctx); err != nil {
			return err
		}
		s.press(ctx, ebiten.KeySpace)
		if err := s.until(ctx, "It was open all along.  [Space]"); err != nil {
			return err
		}
		if s.door < 1 {
			return errors.New("the door is not open")
		}
		s.press(ctx, ebiten.KeySpace)
		return s.until(ctx, "The end. Close the window.")
	},
	"impatient": func(s *stage, ctx context.Context) error {
		if err := s.until(ctx, "A do"); err != nil {
			return err
		}
		s.press(ctx, ebiten.KeyEscape)
		return errors.Join(s.until(ctx, "The end. Close the window."))
	},
}

var key ebiten.Key = -1

func (s *stage) press(ctx context.Context, k ebiten.Key) {
	key = k
	_ = ebitenhost.Tick(ctx)
	key = -1
}

func (s *stage) until(ctx context.Context, say string) error {
	for range 2000 {
		if s.say == say {
			return nil
		}
		if err := ebitenhost.Tick(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("%q is said, and never %q", s.say, say)
}

// shoot takes a picture of the next frame, if one is wanted.
func (s *stage) shoot(ctx context.Context) error {
	name := os.Getenv("DOOR_PICTURE")
	if name == "" {
		return nil
	}
	s.shot = func(screen *ebiten.Image) {
		s.shot = nil
		picture := image.NewRGBA(screen.Bounds())
		screen.ReadPixels(picture.Pix)
		if f, err := os.Create(name); err == nil {
			_ = png.Encode(f, picture)
			f.Close()
		}
	}
	for s.shot != nil {
		if err := ebitenhost.Tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

func TestMain(m *testing.M) {
	user := users[os.Getenv("DOOR_USER")]
	if user == nil {
		m.Run()
		return
	}
	ebiten.SetTPS(600)
	ebiten.SetVsyncEnabled(false)
	s := &stage{pressed: func(k ebiten.Key) bool { return k == key }}
	err := ebitenhost.Run(s, func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		told := guest.Async(ctx, func(ctx context.Context) (struct{}, error) {
			defer g.Cancel(guest.ErrQuit)
			return struct{}{}, user(s, ctx)
		})
		err := s.story(ctx)
		if _, failure := told.Wait(context.WithoutCancel(ctx)); failure != nil {
			return failure
		}
		return err
	}, nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestStoryIsTheSameForEveryUser(t *testing.T) {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" {
		require.Empty(t, os.Getenv("CI"), "there is no display; use xvfb-run")
		t.Skip("there is no display")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	for name := range users {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), "DOOR_USER="+name)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, string(out))
		})
	}
}
