package inspect_test

import (
	"context"
	"expvar"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

// What the tasks do, from one of them; a goroutine may ask as well.
func ExampleTasks() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		saver := guest.Go(inspect.Named(ctx, "autosave"), guest.Park)
		defer saver.Cancel(nil)
		if err := guest.Yield(ctx); err != nil { // the saver begins
			return err
		}
		s, err := inspect.Tasks(ctx, g)
		if err != nil {
			return err
		}
		for _, t := range s.Tasks[0].Children {
			fmt.Println(t.Name, t.State, t.Verb)
		}
		return nil
	}, nil)
	// Output: autosave waiting guest.Park
}

// The tree of the tasks, for a log or a terminal.
func ExampleDump() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		saver := guest.Go(inspect.Named(ctx, "autosave"), parker)
		defer saver.Cancel(nil)
		if err := guest.Yield(ctx); err != nil { // the saver begins
			return err
		}
		s, err := inspect.Tasks(ctx, g) // or Dump(ctx, os.Stderr, g)
		fmt.Println(regexp.MustCompile(`:\d+|\d\S*s `).ReplaceAllString(s.Tasks[0].Children[0].String(), ""))
		return err
	}, nil)
	// Output:
	// autosave: inspect_test.parker (inspect_test.go): waits in guest.Park, inspect_test.go
}

// In main, once: then kill -INT prints what the tasks do. Programs take SIGUSR1, where there is
// one.
func ExampleOnSignal() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		defer inspect.OnSignal(g, os.Stderr, os.Interrupt)()
		defer signal.Reset(os.Interrupt)
		return nil
	}, nil)
	// Output:
}

// What starts a task for its caller: the snapshot names the caller's function.
func ExampleNamedAfter() {
	again := func(ctx context.Context, fn func(ctx context.Context) error) *guest.Task {
		return guest.Go(inspect.NamedAfter(ctx, fn), func(ctx context.Context) error {
			for fn(ctx) != nil && ctx.Err() == nil {
			}
			return nil
		})
	}
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		task := again(ctx, parker)
		defer task.Cancel(nil)
		if err := guest.Yield(ctx); err != nil { // it begins
			return err
		}
		g, _ := guest.FromContext(ctx)
		s, err := inspect.Tasks(ctx, g)
		fmt.Println(s.Tasks[0].Children[0].Func)
		return err
	}, nil)
	// Output: inspect_test.parker
}

// Metrics of the standard library: /debug/vars shows them, where a program serves that. With
// others it is as short; examples/metrics shows Prometheus.
func ExampleObserve() {
	waited := new(expvar.Map).Init()
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		expvar.Publish("guest", expvar.Func(func() any { return g.Stats() }))
		expvar.Publish("waited", waited)
		defer inspect.Observe(g, func(e inspect.Event) {
			if e.Kind == inspect.Waited {
				waited.Add(e.Task(), 1)
			}
		})()
		return guest.Go(inspect.Named(ctx, "autosave"), func(ctx context.Context) error {
			return guest.Sleep(ctx, time.Millisecond)
		}).Wait(ctx)
	}, nil)
	fmt.Println(waited.Get("autosave"), strings.Contains(expvar.Get("guest").String(), `"Tasks":0`))
	// Output: 1 true
}

// The program's own log says which task speaks.
func ExampleLogHandler() {
	text := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(in []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "at" {
			return slog.Attr{} // which are not the same each time
		}
		return a
	}})
	log := slog.New(inspect.LogHandler(text))
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		return guest.Go(inspect.Named(ctx, "autosave"), func(ctx context.Context) error {
			log.InfoContext(ctx, "saved", "bytes", 512)
			return nil
		}).Wait(ctx)
	}, nil)
	// Output:
	// level=INFO msg=saved bytes=512 task.name=autosave task.func=inspect_test.ExampleLogHandler.func2.1
}
