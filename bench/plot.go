package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	_ "gonum.org/v1/plot/vg/vgsvg" // writes SVG
)

// A growth is a plot of the cost of one operation against a growing number.
type growth struct {
	file, title, x, y, workload string
	params                      []int
}

var growths = []growth{
	{"tasks", "A switch, by the number of tasks", "tasks", "ns", "switch", tasks},
	{"timers", "A sleeper, by the number of sleepers", "sleepers", "processor time, ns", "sleep", sleepers},
	{"producers", "A post, by the number of producers", "goroutines that post", "ns", "post", producers},
}

// plots writes all plots to dir.
func plots(s samples, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, g := range growths {
		p, err := g.plot(s)
		if err != nil {
			return err
		}
		if err := save(p, filepath.Join(dir, g.file+".svg")); err != nil {
			return err
		}
	}
	p, err := ratios(s)
	if err != nil {
		return err
	}
	return save(p, filepath.Join(dir, "ratios.svg"))
}

const width, height = 26 * vg.Centimeter, 14 * vg.Centimeter

// save writes a plot as SVG. It names fonts with the same width as the font that the plotting
// library has measured.
func save(p *plot.Plot, file string) error {
	var text bytes.Buffer
	to, err := p.WriterTo(width, height, "svg")
	if err != nil {
		return err
	}
	if _, err := to.WriteTo(&text); err != nil {
		return err
	}
	const measured = "font-family:Liberation Sans"
	svg := bytes.ReplaceAll(text.Bytes(), []byte(measured), []byte(measured+",Arimo,Arial,Helvetica,sans-serif"))
	return os.WriteFile(file, svg, 0o644)
}

// palette distinguishes the peers. Lodger's lines are thick and blue.
var (
	blues   = []color.RGBA{{0, 60, 160, 255}, {0, 110, 220, 255}, {70, 160, 255, 255}}
	hosts   = []color.RGBA{{0, 110, 220, 255}, {230, 140, 0, 255}, {40, 140, 80, 255}}
	palette = []color.RGBA{{200, 60, 40, 255}, {230, 140, 0, 255}, {120, 120, 120, 255}, {150, 80, 170, 255}, {40, 140, 80, 255},
		{160, 110, 60, 255}, {230, 110, 160, 255}, {20, 20, 20, 255}, {130, 150, 30, 255}, {0, 160, 160, 255}, {110, 0, 40, 255}}
)

func (g growth) plot(s samples) (*plot.Plot, error) {
	p := newPlot(g.title)
	p.X.Label.Text, p.Y.Label.Text = g.x, g.y
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(ticksAt(g.params)), plot.LogTicks{Prec: -1}
	ours, peers := 0, 0
	for _, group := range groups {
		for _, r := range group.rows {
			if strings.HasSuffix(r.contender, postsAndChannel) || r.contender == coroutine && r.house != "plain" || r.contender == goroutine && r.house != "plain" {
				continue
			}
			var points plotter.XYs
			for _, n := range g.params {
				if m, ok := s.spread(key{r.house, r.contender, g.workload, n}); ok {
					points = append(points, plotter.XY{X: float64(n), Y: m.median})
				}
			}
			if points == nil {
				continue
			}
			line, dots, err := plotter.NewLinePoints(points)
			if err != nil {
				return nil, err
			}
			dots.Shape = draw.CircleGlyph{}
			if strings.HasPrefix(r.contender, "Lodger") {
				line.Color, line.Width = blues[ours%len(blues)], vg.Points(3)
				ours++
			} else {
				line.Color, line.Width = palette[peers%len(palette)], vg.Points(1.2)
				peers++
			}
			dots.Color = line.Color
			p.Add(line, dots)
			p.Legend.Add(r.contender, line, dots)
		}
	}
	// room for the legend, which is as wide as its longest name
	p.X.Max *= math.Pow(p.X.Max/p.X.Min, 0.45)
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs = true, true, 0.66*width
	p.Y.Min, p.Y.Max = decade(p.Y.Min, math.Floor), decade(p.Y.Max, math.Ceil)
	return p, nil
}

// ratios compares the cost of Lodger with that of the usual call, for each host and workload.
func ratios(s samples) (*plot.Plot, error) {
	p := newPlot("Lodger's cost, beside a channel to a locked goroutine, fyne.Do and glib.IdleAdd")
	p.X.Label.Text = "× the usual call"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	var names []plot.Tick
	legend := make([]plot.Thumbnailer, len(groups))
	place := 0.0
	for _, t := range slices.Backward(tables) {
		if t.base == alone || t.base == goroutine && t.columns[0].workload != "sleep" {
			continue
		}
		for _, c := range slices.Backward(t.columns) {
			place++
			names = append(names, plot.Tick{Value: place, Label: t.title + ", " + c.name})
			for i, g := range groups {
				q, ok := s.ratio(c.of(g.ours), c.of(g.native))
				if !ok || q.low <= 0 {
					continue
				}
				at := place + 0.22*float64(1-i)
				dot, err := plotter.NewScatter(plotter.XYs{{X: q.median, Y: at}})
				if err != nil {
					return nil, err
				}
				dot.Color, dot.Shape, dot.Radius = hosts[i], draw.CircleGlyph{}, vg.Points(3.5)
				span, err := plotter.NewLine(plotter.XYs{{X: q.low, Y: at}, {X: q.high, Y: at}})
				if err != nil {
					return nil, err
				}
				span.Color, span.Width = hosts[i], vg.Points(1.5)
				p.Add(span, dot)
				legend[i] = dot
			}
		}
	}
	for i, g := range groups {
		if legend[i] != nil {
			p.Legend.Add(g.name, legend[i])
		}
	}
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs = true, true, 0.62*width
	even, err := plotter.NewLine(plotter.XYs{{X: 1, Y: 0.5}, {X: 1, Y: place + 0.5}})
	if err != nil {
		return nil, err
	}
	p.Add(even)
	p.Y.Tick.Marker = plot.ConstantTicks(names)
	p.Y.Min, p.Y.Max = 0.5, place+0.5
	return p, nil
}

func newPlot(title string) *plot.Plot {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.Title.Text = title
	p.BackgroundColor = color.White
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	return p
}

func decade(x float64, round func(float64) float64) float64 {
	return math.Pow(10, round(math.Log10(x)))
}

func ticksAt(places []int) (list []plot.Tick) {
	for _, n := range places {
		list = append(list, plot.Tick{Value: float64(n), Label: fmt.Sprint(thousands(n))})
	}
	return list
}
