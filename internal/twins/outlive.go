package twins

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/screentest"
)

// outlive is a program with its own loop. Its guest ends in the way that HOW names, and the
// loop must not go on without it.
func (kit *Toolkit[W]) outlive() int {
	var g *guest.Guest
	kit.Owns[os.Getenv("LOOP")](func(h host.Mainloop) { g = kit.endingGuest(h, os.Getenv("HOW")) })
	report := g.Finish()
	screentest.Say("host gone: %v, panicked: %v", errors.Is(report.Err, guest.ErrHostGone), errors.As(report.Err, new(*guest.PanicError)))
	return ExitCode
}

// endingGuest starts a guest that ends in the given way, with a window that says when it is
// asked to close.
func (kit *Toolkit[W]) endingGuest(h host.Mainloop, how string) *guest.Guest {
	ctx, cancel := context.WithCancel(context.Background())
	var main func(ctx context.Context) error
	if how == "main returns" {
		main = func(ctx context.Context) error { return guest.Sleep(ctx, 20*time.Millisecond) }
	}
	g, err := guest.Start(h, main, &guest.Options{Context: ctx})
	if err != nil {
		panic(err)
	}
	w, _ := kit.Window("outlive", "quit", func() { screentest.Say("clicked"); g.Cancel(guest.ErrQuit) })
	if os.Getenv("WHEN_DONE") != "" {
		kit.QuitWhenDone(g)
		kit.QuitWhenDone(g)
	} else {
		kit.QuitOnClose(g, w, func(context.Context) (bool, error) { screentest.Say("closing"); return true, nil })
	}
	g.Go(func(ctx context.Context) error {
		defer screentest.Say("unwound")
		switch how {
		case "panic":
			panic("of a task")
		case "context":
			cancel()
		default:
			screentest.Say("ready")
		}
		return guest.Park(ctx)
	})
	return g
}

// ends holds the ways in which the guest of outlive ends, and what a user does for that, if
// anything.
var ends = map[string]func(t *testing.T, p *screentest.Player){
	"menu": func(t *testing.T, p *screentest.Player) {
		p.ClickUntil("clicked", screentest.Window(t, "outlive"), "50", "50")
	},
	"panic":        nil,
	"context":      nil,
	"main returns": nil,
	"close button": func(t *testing.T, p *screentest.Player) {
		p.Hear("ready")
		screentest.CloseWindow(t, screentest.Window(t, "outlive"))
	},
}

func (kit *Toolkit[W]) testOutlive(t *testing.T, name string) {
	eachLoop(t, kit.Owns, func(t *testing.T, loop string) {
		for how := range ends {
			t.Run(how+"/asks", func(t *testing.T) { playOutlive(t, name, loop, how, "WHEN_DONE=") })
			if how == "close button" && slices.Contains(kit.GoesOn, loop) {
				continue // without QuitOnClose the close button has no effect
			}
			t.Run(how+"/when done", func(t *testing.T) { playOutlive(t, name, loop, how, "WHEN_DONE=1") })
		}
	})
}

func playOutlive(t *testing.T, name, loop, how, env string) {
	if ends[how] == nil {
		t.Parallel() // nothing is clicked
	}
	p := start(t, name, loop, "HOW="+how, env)
	if end := ends[how]; end != nil {
		end(t, p)
	}
	if how == "panic" { // its text is not a complaint here
		<-p.End
		require.NotContains(t, p.Text(), "CRITICAL")
		require.Contains(t, p.Text(), "host gone: false, panicked: true\n")
		return
	}
	text := ended(t, p)
	require.Contains(t, text, "unwound\n")
	asks := how == "close button" && env == "WHEN_DONE="
	if asks {
		require.Contains(t, text, "closing\n")
	}
	if how != "close button" || asks {
		require.Contains(t, text, "host gone: false")
	}
}
