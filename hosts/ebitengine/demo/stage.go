package main

import (
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/ebitenutil"
	"github.com/hajimehoshi/ebiten/v2/vector"
)

const width, height = 320, 200

// A stage is what the player sees. The story changes it between two ticks, so it needs no lock.
type stage struct {
	hero, door, lamp float64 // x; how far open, and how bright, 0 to 1
	say              string

	pressed func(key ebiten.Key) bool
	ticks   int
	shot    func(screen *ebiten.Image) // for tests
}

// Update is the game's own part of a tick. The story's turn comes before it.
func (s *stage) Update() error {
	s.ticks++
	return nil
}

// Layout implements ebiten.Game.
func (s *stage) Layout(int, int) (int, int) { return width, height }

// Draw implements ebiten.Game.
func (s *stage) Draw(screen *ebiten.Image) {
	light := func(r, g, b uint8) color.Color {
		return color.RGBA{uint8(float64(r) * s.lamp), uint8(float64(g) * s.lamp), uint8(float64(b) * s.lamp), 255}
	}
	box := func(x, y, w, h float64, c color.Color) {
		vector.DrawFilledRect(screen, float32(x), float32(y), float32(w), float32(h), c, false)
	}
	screen.Fill(light(40, 44, 72))
	box(0, 160, width, 40, light(70, 52, 40)) // the floor
	box(236, 90, 48, 70, light(12, 12, 16))   // the way through
	box(236, 90, 48*(1-s.door), 70, light(150, 90, 50))
	box(s.hero, 130, 14, 30, light(220, 80, 60))
	box(s.hero+2, 120, 10, 10, light(240, 200, 160))
	vector.DrawFilledCircle(screen, 160, 20, 8, light(255, 230, 120), true)
	if s.say != "" {
		box(10, 50, width-20, 24, light(20, 20, 20))
		ebitenutil.DebugPrintAt(screen, s.say, 16, 54)
	}
	if s.shot != nil {
		s.shot(screen)
	}
}
