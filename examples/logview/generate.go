package logview

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/golodger/lodger/guest"
)

// A Source simulates the program whose log is shown.
type Source struct {
	Rate    int // lines a second, of all workers
	Workers int
	// Lines is how many lines each worker writes. Zero means no limit.
	Lines int
	// Write is called with each line, on the worker's goroutine. If it fails, the worker ends
	// with the error.
	Write func(ctx context.Context, line string) error
}

// Run starts the workers, and returns when all of them have ended. In a task. Waits.
func (s *Source) Run(ctx context.Context) error {
	return guest.Scope(ctx, func(ctx context.Context) error {
		for i := range s.Workers {
			guest.Go(ctx, func(ctx context.Context) error {
				return guest.BackgroundFunc(ctx, func(ctx context.Context) error { return s.work(ctx, i) })
			})
		}
		return nil
	})
}

// work writes all due lines every few milliseconds. It catches up after a delay.
func (s *Source) work(ctx context.Context, worker int) error {
	var buf []byte
	begin, n := time.Now(), 0
	for {
		now := time.Now()
		due := int(now.Sub(begin).Seconds() * float64(s.Rate) / float64(s.Workers))
		if s.Lines > 0 {
			due = min(due, s.Lines)
		}
		stamp := now.Format("15:04:05.000")
		for ; n < due; n++ {
			buf = appendLine(buf[:0], stamp, worker, n)
			if err := s.Write(ctx, string(buf)); err != nil {
				return err
			}
		}
		if s.Lines > 0 && n == s.Lines {
			return nil
		}
		if err := guest.Sleep(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
}

func appendLine(buf []byte, stamp string, worker, n int) []byte {
	level := "INFO "
	switch {
	case n%1009 == 1008:
		level = "ERROR"
	case n%97 == 96:
		level = "WARN "
	}
	buf = append(append(append(buf, stamp...), ' '), level...)
	buf = strconv.AppendInt(append(buf, " worker-"...), int64(worker), 10)
	buf = fmt.Appendf(buf, " request %07d took %d ms", n, n*7919%250)
	return buf
}
