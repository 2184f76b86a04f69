package flow_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/golodger/lodger/guest/flow"
)

// An instruction is one line of a little program.
type instruction struct{ code, arg int }

func instructions(data []byte, codes int) (list []instruction) {
	for i := 0; i+1 < len(data) && len(list) < 40; i += 2 {
		list = append(list, instruction{int(data[i]) % codes, int(data[i+1])})
	}
	return list
}

// A ledger has a line for each caller, which all may change.
type ledger struct {
	mu    sync.Mutex
	lines []string
}

func (l *ledger) add(line string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	return len(l.lines) - 1
}

func (l *ledger) set(n int, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines[n] = line
}

func (l *ledger) more(n int, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines[n] += fmt.Sprintf(format, args...)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprint(l.lines)
}

const (
	semAcquire = iota
	semRelease
	semCancel
	semLimit
	semTry
	semCodes
)

// FuzzSemaphore does the same with a semaphore and with a list: the same ones must hold and
// wait after each step.
func FuzzSemaphore(f *testing.F) {
	f.Add([]byte{semAcquire, 2, semAcquire, 3, semAcquire, 1, semCancel, 1, semRelease, 0, semTry, 1})
	f.Add([]byte{semLimit, 0, semAcquire, 1, semAcquire, 6, semLimit, 2, semRelease, 0, semLimit, 1, semRelease, 1})
	f.Add([]byte{semAcquire, 3, semAcquire, 3, semAcquire, 4, semAcquire, 5, semCancel, 1, semLimit, 7, semCancel, 2})
	f.Add([]byte{semTry, 0, semAcquire, 9, semAcquire, 0, semTry, 0, semRelease, 0, semRelease, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		program := instructions(data, semCodes)
		inBubble(t, func(w *world) {
			const limit = 3
			s, m := flow.NewSemaphore(limit), &semaphoreModel{limit: limit}
			var got ledger
			cancels := map[int]func(){}
			for _, in := range program {
				switch n := in.arg % 5; in.code {
				case semAcquire:
					i := got.add("waits")
					cancels[i] = w.start(in.arg, func(ctx context.Context) {
						if s.Acquire(ctx, n) == nil {
							got.set(i, "holds")
						} else {
							got.set(i, "failed")
						}
					})
					m.add(n)
				case semRelease:
					if n, ok := m.release(in.arg); ok {
						s.Release(n)
						got.set(in.arg%len(m.all), "over")
					}
				case semCancel:
					if len(m.all) > 0 {
						cancels[in.arg%len(m.all)]()
						m.cancel(in.arg % len(m.all))
					}
				case semLimit:
					s.SetLimit(n)
					m.limit = n
				case semTry:
					i := got.add("failed")
					cancels[i] = func() {}
					if s.TryAcquire(n) {
						got.set(i, "holds")
					}
					m.add(n)
					m.settle()
					m.cancel(len(m.all) - 1)
				}
				synctest.Wait()
				m.settle()
				if want := m.String(); got.String() != want {
					t.Fatalf("after %v of %v\n model: %s\n   got: %s", in, program, want, got.String())
				}
			}
			for _, cancel := range cancels {
				cancel()
			}
		})
	})
}

type semaphoreModel struct {
	limit int
	all   []*semaphoreRequest
}

type semaphoreRequest struct {
	n     int
	state string
}

func (m *semaphoreModel) add(n int) { m.all = append(m.all, &semaphoreRequest{n, "waits"}) }

func (m *semaphoreModel) cancel(i int) {
	if m.all[i].state == "waits" {
		m.all[i].state = "failed"
	}
}

func (m *semaphoreModel) release(i int) (int, bool) {
	if len(m.all) == 0 || m.all[i%len(m.all)].state != "holds" {
		return 0, false
	}
	m.all[i%len(m.all)].state = "over"
	return m.all[i%len(m.all)].n, true
}

// settle serves who comes first, as long as that goes.
func (m *semaphoreModel) settle() {
	held := 0
	for _, r := range m.all {
		if r.state == "holds" {
			held += r.n
		}
	}
	for _, r := range m.all {
		if r.state != "waits" {
			continue
		}
		if m.limit == 0 || held > 0 && held+r.n > m.limit {
			return
		}
		r.state = "holds"
		held += r.n
	}
}

func (m *semaphoreModel) String() string {
	var lines []string
	for _, r := range m.all {
		lines = append(lines, r.state)
	}
	return fmt.Sprint(lines)
}
