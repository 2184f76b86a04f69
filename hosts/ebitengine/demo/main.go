// A cutscene in straight-line code: a hero walks to a door, says a word, and waits for Space.
// Watch for: the lamp flickers meanwhile in another task; Esc skips the scene at any point; the
// close button ends everything in order.
//
//	go run ./demo
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"github.com/golodger/lodger/guest"
	ebitenhost "github.com/golodger/lodger/hosts/ebitengine"
)

func main() {
	ebiten.SetWindowTitle("The door")
	ebiten.SetWindowSize(2*width, 2*height)
	s := &stage{pressed: inpututil.IsKeyJustPressed}
	if err := ebitenhost.Run(s, s.story, nil); err != nil {
		fmt.Fprintln(os.Stderr, "door:", err)
		os.Exit(1)
	}
}

var errSkipped = errors.New("the scene was skipped")

// story is the whole game: the scene, and what comes after it.
func (s *stage) story(ctx context.Context) error {
	guest.Go(ctx, s.flicker)
	err := s.skippable(ctx, s.scene)
	if err != nil && !errors.Is(err, errSkipped) {
		return err
	}
	s.hero, s.door = 250, 1 // where the scene ends, also if it was skipped
	s.say = "The end. Close the window."
	return guest.Park(ctx)
}

// scene reads as it is played.
func (s *stage) scene(ctx context.Context) error {
	if err := s.walk(ctx, 20, 200); err != nil {
		return err
	}
	if err := s.speak(ctx, "A door. Shall I?"); err != nil {
		return err
	}
	for ; s.door < 1; s.door += 1.0 / 60 { // a second
		if err := ebitenhost.Tick(ctx); err != nil {
			return err
		}
	}
	if err := s.speak(ctx, "It was open all along."); err != nil {
		return err
	}
	return s.walk(ctx, 200, 250)
}

// skippable cancels a scene when Esc is pressed.
func (s *stage) skippable(ctx context.Context, scene func(ctx context.Context) error) error {
	return guest.Scope(ctx, func(ctx context.Context) error {
		ctx, skip := context.WithCancelCause(ctx)
		defer skip(nil)
		guest.Go(ctx, func(ctx context.Context) error {
			err := s.key(ctx, ebiten.KeyEscape)
			skip(errSkipped)
			return err
		})
		return scene(ctx)
	})
}

func (s *stage) walk(ctx context.Context, from, to float64) error {
	for s.hero = from; s.hero < to; s.hero++ {
		if err := ebitenhost.Tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// speak shows a text letter by letter, and waits for Space.
func (s *stage) speak(ctx context.Context, text string) error {
	defer func() { s.say = "" }()
	for n := range text {
		s.say = text[:n+1]
		if err := ebitenhost.Ticks(ctx, 2); err != nil {
			return err
		}
	}
	s.say += "  [Space]"
	return s.key(ctx, ebiten.KeySpace)
}

// key waits for a key.
func (s *stage) key(ctx context.Context, key ebiten.Key) error {
	for !s.pressed(key) {
		if err := ebitenhost.Tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// flicker makes the lamp flicker.
func (s *stage) flicker(ctx context.Context) error {
	for n := 0; ; n++ {
		s.lamp = 0.8 + 0.2*float64(n*7%5)/5
		if err := ebitenhost.Ticks(ctx, 5); err != nil {
			return err
		}
	}
}
