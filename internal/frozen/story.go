package frozen

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/console"
	"github.com/golodger/lodger/internal/screentest"
)

// Stories returns the freezes in a toolkit, for screentest.Main.
func Stories(kit Toolkit) screentest.Stories {
	stories := make(screentest.Stories)
	for name, f := range freezes {
		stories.Add(name, func() int { return play(kit, f) })
	}
	return stories
}

// play freezes a window, and says how the log and the console explained that. It does not
// return, because a freeze for good can't be ended.
func play(kit Toolkit, f freeze) int {
	log := &logger{first: make(chan string, 1)}
	err := kit.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		c, err := console.Serve(ctx, g, &console.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		// for example a clock
		guest.Every(ctx, 10*time.Millisecond, func(context.Context) error { return nil }, nil)
		if err := guest.Sleep(ctx, time.Second); err != nil { // by then the window is there
			return err
		}
		go tell(log, c)
		log.begin()
		if err := f(ctx, g, kit); err != nil {
			return err
		}
		return guest.Park(ctx)
	}, &guest.Options{Logger: slog.New(log)})
	screentest.Say("it has ended: %v", err)
	return 1
}

// tell prints how the log and the console explain a freeze, and ends the process.
func tell(log *logger, c *console.Console) {
	shown := make(chan string, 1)
	go func() { shown <- held(c) }()
	screentest.Say("%s", <-log.first)
	screentest.Say("the console: %s", <-shown)
	os.Exit(0)
}

// held asks the console, as its page does, until it says that the thread is held.
func held(c *console.Console) string {
	for {
		var f struct{ Held string }
		if r, err := http.Get(c.URL() + "state.json"); err == nil {
			_ = json.NewDecoder(r.Body).Decode(&f)
			_ = r.Body.Close()
		}
		if f.Held != "" {
			return f.Held
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A logger passes on the first record about a held thread, and when it came.
type logger struct {
	first chan string
	begun time.Time
}

// begin notes that the freeze begins.
func (l *logger) begin() { l.begun = time.Now() }

// Enabled returns true.
func (l *logger) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs returns l: such attributes do not matter here.
func (l *logger) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup returns l.
func (l *logger) WithGroup(string) slog.Handler { return l }

// Handle takes a record.
func (l *logger) Handle(_ context.Context, r slog.Record) error {
	if l.begun.IsZero() || !strings.Contains(r.Message, "held") {
		return nil
	}
	var b strings.Builder
	b.WriteString("the log: ")
	_ = slog.NewTextHandler(&b, nil).Handle(context.Background(), r)
	b.WriteString("after " + time.Since(l.begun).Round(time.Millisecond).String())
	select {
	case l.first <- b.String():
	default:
	}
	return nil
}
