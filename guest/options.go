package guest

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Options adjust a guest. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Context is the parent of every context of the guest. All tasks see its values, and its
	// end cancels the guest. To shut down in order on Ctrl-C, pass the context of
	// signal.NotifyContext; the guest itself handles no signals.
	Context context.Context

	// Name identifies the guest in logs. A long one is cut, and one with unusual characters is
	// quoted.
	Name string

	// Logger gets everything that is not reported elsewhere: unobserved errors, panics, a host
	// that breaks its contract. Nil means slog.Default().
	Logger *slog.Logger

	// OnError gets the errors and panics that no code has observed, each as an
	// *UnobservedError. They come from supervised tasks, posted functions, and futures that are
	// garbage. The guest calls OnError on the UI thread, outside any task. Nil means that the
	// errors are logged, and that such a panic of a task ends the guest.
	OnError func(err error)

	// Parent is the guest whose Logger and OnError are used if this guest has none. The
	// parent's OnError is called on the parent's UI thread. Once the parent has ended, errors
	// are logged. Use Parent for guests that work for another guest; guest/loops sets it.
	Parent *Guest

	// Grace is how long the end of the guest waits for background functions that ignore their
	// cancellation, and, once the host's loop is gone, for everything else. Zero means 5 s.
	Grace time.Duration

	// Budget is how long the guest may use the UI thread before it gives it back to the host.
	// Zero means 4 ms.
	Budget time.Duration

	// SlowTurn is how long a task, or a posted function, may hold the UI thread before the
	// guest logs the line that holds it, once for each line. The limit is five times as long
	// for calls into the toolkit, and for a handler outside the guest, which is seen only while
	// the guest has something to do. Zero means 100 ms; a negative value disables the log.
	SlowTurn time.Duration

	// Executor runs the functions of Background unless the context names another
	// (flow.WithExecutor). Nil means a goroutine each, without limit.
	Executor Executor

	// Supervise keeps the failures of main's tasks apart, as guest.Supervise does: a handler
	// that fails does not end the program. The Run in a toolkit's package sets it. If your
	// program runs the toolkit's loop itself, set it if handlers start tasks with main's context.
	// Main's own failure still ends the guest.
	Supervise bool

	// Private hides the guest from RunOnMain and CallOnMain in code that names no guest. They
	// find it only by its contexts, and on its own thread. Use it for guests beside the one
	// that owns the windows: tests, background loops.
	Private bool
}

const (
	defaultGrace  = 5 * time.Second
	defaultBudget = 4 * time.Millisecond
	defaultSlow   = 100 * time.Millisecond
)

func (o *Options) check() error {
	if o == nil {
		return nil
	}
	if o.Grace < 0 {
		return fmt.Errorf("guest: Options.Grace is %v; give a positive duration, or 0 for %v", o.Grace, defaultGrace)
	}
	if o.Budget < 0 {
		return fmt.Errorf("guest: Options.Budget is %v; give a positive duration, or 0 for %v", o.Budget, defaultBudget)
	}
	return nil
}

func (o *Options) context() context.Context {
	if o == nil || o.Context == nil {
		return context.Background()
	}
	return o.Context
}

// logger returns the nearest Logger, with the name of the guest.
func (o *Options) logger() *slog.Logger {
	logger, name := slog.Default(), ""
	if o != nil {
		name = o.Name
	}
	for ; o != nil; o = o.Parent.options() {
		if o.Logger != nil {
			logger = o.Logger
			break
		}
	}
	if name != "" {
		logger = logger.With("guest", quote(name))
	}
	return logger
}

// options returns the options of g, which may be nil.
func (g *Guest) options() *Options {
	if g == nil {
		return nil
	}
	return g.opts
}

func (o *Options) parent() *Guest {
	if o == nil {
		return nil
	}
	return o.Parent
}

func (o *Options) onError() func(error) {
	if o == nil {
		return nil
	}
	return o.OnError
}

func (o *Options) grace() time.Duration {
	if o == nil || o.Grace == 0 {
		return defaultGrace
	}
	return o.Grace
}

func (o *Options) budget() time.Duration {
	if o == nil || o.Budget == 0 {
		return defaultBudget
	}
	return o.Budget
}

func (o *Options) slowTurn() time.Duration {
	if o == nil || o.SlowTurn == 0 {
		return defaultSlow
	}
	return max(0, o.SlowTurn)
}

func (o *Options) executor() Executor {
	if o == nil {
		return nil
	}
	return o.Executor
}

func (o *Options) name() string {
	if o == nil {
		return ""
	}
	return o.Name
}

func (o *Options) supervise() bool { return o != nil && o.Supervise }

func (o *Options) private() bool { return o != nil && o.Private }

// quote makes a text from outside safe for a log: quoted if it has control characters, and not
// too long.
func quote(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "…"
	}
	q := fmt.Sprintf("%+q", s)
	if q == `"`+s+`"` {
		return s
	}
	return q
}
