// Package ebitenhost is a stub: the names and types of the real one, as far as the tests need them.
package ebitenhost

import "context"

func Tick(ctx context.Context) error         { return nil }
func Ticks(ctx context.Context, n int) error { return nil }
