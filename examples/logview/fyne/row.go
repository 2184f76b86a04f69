package main

import (
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Fyne keeps a picture of each text that it has drawn for a minute. Sixty screens a second full of
// texts that never come again are some gigabytes. So a row is made of short pieces, and those do
// come again: words, and numbers cut into three digits.

// pieces cuts a line, with the column at which each begins, spaces left out.
func pieces(line string, add func(column int, text string)) {
	column, begin, digits := 0, -1, 0
	isDigit := func(c rune) bool { return '0' <= c && c <= '9' }
	start := 0
	flush := func(end int) {
		if begin >= 0 {
			add(start, line[begin:end])
		}
		begin, digits = -1, 0
	}
	for i, c := range line {
		switch {
		case c == ' ':
			flush(i)
		case isDigit(c) && (digits == 0 || digits == 3), !isDigit(c) && digits > 0:
			flush(i)
		}
		if c != ' ' && begin < 0 {
			begin, start = i, column
		}
		if isDigit(c) {
			digits++
		}
		column++
	}
	flush(len(line))
}

var naive = os.Getenv("NAIVE") != ""

func newText() *canvas.Text {
	t := canvas.NewText("", theme.Color(theme.ColorNameForeground))
	t.TextStyle.Monospace = true
	return t
}

func newRow() fyne.CanvasObject { return container.NewWithoutLayout(newText()) }

// showIn shows a line in a row.
func showIn(o fyne.CanvasObject, line string) {
	row := o.(*fyne.Container)
	if naive {
		row.Objects[0].(*canvas.Text).Text = line
		row.Refresh()
		return
	}
	used := 0
	size := fyne.MeasureText("0", theme.TextSize(), fyne.TextStyle{Monospace: true})
	pieces(line, func(column int, text string) {
		if used == len(row.Objects) {
			row.Objects = append(row.Objects, newText())
		}
		t := row.Objects[used].(*canvas.Text)
		used++
		t.Text = text
		t.Move(fyne.NewPos(float32(column)*size.Width, 0))
		t.Show()
	})
	for _, o := range row.Objects[used:] {
		o.Hide()
	}
	row.Refresh()
}

// textOf returns the line that a row shows.
func textOf(o fyne.CanvasObject) string {
	var words []string
	for _, o := range o.(*fyne.Container).Objects {
		if t := o.(*canvas.Text); t.Visible() {
			words = append(words, t.Text)
		}
	}
	return strings.Join(words, " ")
}
