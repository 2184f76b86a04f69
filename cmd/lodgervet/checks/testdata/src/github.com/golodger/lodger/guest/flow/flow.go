// Package flow is a stub: the names and types of the real one, as far as the tests need them.
package flow

import (
	"context"
	"iter"
)

type Policy int

const (
	Drop Policy = iota
	Restart
)

type Action[A any] struct{}

func (a *Action[A]) Call(arg A)                           {}
func (a *Action[A]) Run(ctx context.Context, arg A) error { return nil }

type Mailbox[T any] struct{}

func (m *Mailbox[T]) Send(ctx context.Context, v T) (sent bool, err error) { return }

func NewAction[A any](ctx context.Context, fn func(ctx context.Context, arg A) error, p Policy) *Action[A] {
	return nil
}
func Recv[T any](ctx context.Context, ch <-chan T) (v T, ok bool, err error) { return }
func Each[T any](ctx context.Context, ch <-chan T) iter.Seq2[T, error]       { return nil }
