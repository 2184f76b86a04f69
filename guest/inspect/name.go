package inspect

import (
	"context"
	"fmt"
	"reflect"
	"runtime/pprof"
	"strings"
	"unicode"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// Named returns a context that names one task or background function: the one that you start
// with it. The name appears beside the function's name in snapshots and in most logs, and in
// profiles as the label "task". What the task or function starts does not inherit the name.
// Goroutines started with a go statement inherit the label, as with all profiler labels. A
// function that Background calls in place, on a goroutine, keeps the labels of that
// goroutine. After a named background function, the goroutine of its executor has no labels,
// not even its own. Any goroutine. Never waits.
//
// A name is one short line. After 100 letters it is cut, and a letter that does not print,
// such as a line break, is shown as U+FFFD.
//
//	guest.Go(inspect.Named(ctx, "autosave"), save)
func Named(ctx context.Context, name string) context.Context {
	name = oneLine(name)
	labels := pprof.WithLabels(context.Background(), pprof.Labels("task", name))
	return context.WithValue(ctx, &bridge.NameKey, &bridge.Name{
		Text:  name,
		Enter: func() { pprof.SetGoroutineLabels(labels) },
		Leave: func() { pprof.SetGoroutineLabels(context.Background()) },
	})
}

// NamedAfter returns a context for one start, as [Named] does. The task or background function
// that you start with it is named after the function fn instead of its own function. Use it in
// packages that start tasks for their callers: the name of the wrapper that they start says
// nothing. It panics if fn is not a function. Any goroutine. Never waits.
func NamedAfter(ctx context.Context, fn any) context.Context {
	nothing := func() {}
	return context.WithValue(ctx, &bridge.NameKey, &bridge.Name{PC: pcOf("NamedAfter", fn), Enter: nothing, Leave: nothing})
}

// GoNamedAfter starts run as a task of g itself, as [guest.Guest.Go] does, which takes no
// context. The task is named after the function fn, as with [NamedAfter]. Any goroutine. Never
// waits. It panics if fn is no function.
func GoNamedAfter(g *guest.Guest, fn any, run func(ctx context.Context) error) *guest.Task {
	if g == nil || run == nil {
		panic("inspect: GoNamedAfter called with a nil guest or function; pass both")
	}
	return bridge.GoOwn(g, bridge.Start{Run: run, PC: pcOf("GoNamedAfter", fn)}).(*guest.Task)
}

// longName is how many letters of a name are kept.
const longName = 100

// oneLine cleans a name. Names may come from outside, such as those of files, and go to terminals
// as they are: they must not forge lines of a dump, nor send commands to a terminal.
func oneLine(name string) string {
	n := 0
	for i := range name {
		if n++; n > longName {
			name = name[:i] + "…"
			break
		}
	}
	return strings.Map(printing, name) // which allocates only for a name that it changes
}

// printing returns r, or U+FFFD for what does not print. Some scripts and emoji need the joiner
// and the non-joiner.
func printing(r rune) rune {
	if unicode.IsGraphic(r) || r == '\u200c' || r == '\u200d' {
		return r
	}
	return unicode.ReplacementChar
}

// pcOf returns where fn begins.
func pcOf(verb string, fn any) uintptr {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		panic(fmt.Sprintf("inspect: %s called with a %T; pass the caller's function", verb, fn))
	}
	return v.Pointer()
}
