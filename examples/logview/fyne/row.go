package main

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Fyne caches an image of each drawn text for a minute, and creating one takes long. Sixty
// screens a second of texts that never repeat cost a third of the frames, and more and more
// memory. So a row consists of pieces that do repeat: the text between numbers, and numbers cut
// after three digits.

// pieces calls add for each piece of a line, with its column. Few pieces are better, because each
// is drawn separately.
func pieces(line string, add func(column int, text string)) {
	runes := []rune(line)
	for begin := 0; begin < len(runes); {
		end := begin + 1
		for end < len(runes) && !cut(runes[begin:end], runes[end]) {
			end++
		}
		add(begin, string(runes[begin:end]))
		begin = end
	}
}

// cut reports whether a piece ends before the next rune.
func cut(piece []rune, next rune) bool {
	last := piece[len(piece)-1]
	if isDigit(next) {
		return !isDigit(last) || len(piece) == 3
	}
	inTime := isDigit(last) && (next == ':' || next == '.')
	return isDigit(piece[0]) && !inTime
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

var monospace = fyne.TextStyle{Monospace: true}

func newRow() fyne.CanvasObject { return container.NewWithoutLayout(newPiece()) }

func newPiece() *canvas.Text {
	t := canvas.NewText("", color.Black)
	t.TextStyle, t.TextSize = monospace, theme.TextSize()
	return t
}

// showLine shows a line in a row that newRow has made.
func showLine(row *fyne.Container, line string) {
	used, width, ink := 0, columnWidth(), colorOf(line)
	pieces(line, func(column int, text string) {
		if used == len(row.Objects) {
			row.Objects = append(row.Objects, newPiece())
		}
		t := row.Objects[used].(*canvas.Text)
		t.Text, t.Color, t.Hidden = text, ink, false
		t.Move(fyne.NewPos(float32(column)*width, 0))
		used++
	})
	for _, unused := range row.Objects[used:] {
		unused.(*canvas.Text).Hidden = true
	}
	row.Refresh()
}

func columnWidth() float32 { return fyne.MeasureText("0", theme.TextSize(), monospace).Width }

func colorOf(line string) color.Color {
	switch {
	case strings.Contains(line, " ERROR "):
		return theme.Color(theme.ColorNameError)
	case strings.Contains(line, " WARN "):
		return theme.Color(theme.ColorNameWarning)
	}
	return theme.Color(theme.ColorNameForeground)
}

// lineIn returns the line that a row shows.
func lineIn(row *fyne.Container) string {
	var line []rune
	for _, o := range row.Objects {
		if t := o.(*canvas.Text); t.Visible() {
			column := int(math.Round(float64(t.Position().X / columnWidth())))
			line = append(line, []rune(strings.Repeat(" ", max(0, column-len(line)))+t.Text)...)
		}
	}
	return string(line)
}
