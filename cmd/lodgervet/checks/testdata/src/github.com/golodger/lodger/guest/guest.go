// Package guest is a stub: the names and types of the real one, as far as the tests need them.
package guest

import (
	"context"
	"iter"
	"time"

	"github.com/golodger/lodger/host"
)

type Guest struct{}

func (g *Guest) Go(fn func(ctx context.Context) error) *Task { return nil }
func (g *Guest) Post(fn func()) error                        { return nil }
func (g *Guest) Cancel(cause error)                          {}
func (g *Guest) Ending() bool                                { return false }
func (g *Guest) Wait(ctx context.Context) error              { return nil }

type Task struct{}

func (t *Task) Wait(ctx context.Context) error { return nil }

type Future[T any] struct{}

func (f *Future[T]) Wait(ctx context.Context) (T, error)                       { panic(0) }
func (f *Future[T]) OnDone(ctx context.Context, fn func(v T, err error)) error { return nil }
func (f *Future[T]) Result() (v T, ok bool, err error)                         { panic(0) }

type Options struct{}

type Queue[T any] struct{}

func (q *Queue[T]) Close(ctx context.Context) error { return nil }

type EveryOptions struct{}

func FromContext(ctx context.Context) (*Guest, bool) { return nil, false }

type Mainloop interface {
	Mainloop(enter func() error) error
}

func RunTask(h host.Mainloop, main func(ctx context.Context) error, opts *Options) error { return nil }
func Go(ctx context.Context, fn func(ctx context.Context) error) *Task                   { return nil }
func Async[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	return nil
}
func After(ctx context.Context, d time.Duration, fn func(ctx context.Context) error) *Task {
	return nil
}
func Every(ctx context.Context, period time.Duration, fn func(ctx context.Context) error, opts *EveryOptions) *Task {
	return nil
}
func Scope(ctx context.Context, fn func(ctx context.Context) error) error     { return nil }
func Supervise(ctx context.Context, fn func(ctx context.Context) error) error { return nil }
func Cleanup(ctx context.Context, fn func(ctx context.Context)) error         { return nil }
func Join(ctx context.Context) error                                          { return nil }
func Modal(ctx context.Context, fn func()) error                              { return nil }
func RunOnMain(ctx context.Context, fn func()) error                          { return nil }
func CallOnMain[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	panic(0)
}
func Background[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	panic(0)
}
func BackgroundFunc(ctx context.Context, fn func(ctx context.Context) error) error { return nil }
func Submit[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	return nil
}
func All[T any](ctx context.Context, futures ...*Future[T]) ([]T, error) { return nil, nil }
func Sleep(ctx context.Context, d time.Duration) error                   { return nil }
func Yield(ctx context.Context) error                                    { return nil }
func Park(ctx context.Context) error                                     { return nil }
func Cancelled(err error) bool                                           { return false }
func IsQuit(err error) bool                                              { return false }

type Pending interface {
	Wait(ctx context.Context) error
}

func AsCompleted[P Pending](ctx context.Context, all ...P) iter.Seq2[P, error] { return nil }
