package flow_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

const (
	boxPut = iota
	boxSend
	boxPass // time
	boxLoop // a loop begins, whose body takes arg ms; one at a time
	boxCancelLoop
	boxCancelSend
	boxClose
	boxCodes
)

// No two things happen in the model at the same time: the program does something each
// millisecond, and a frame and a body take a little more than that.
const fuzzFrame, beyond = 3*time.Millisecond + time.Microsecond, 10 * time.Nanosecond

// FuzzMailbox does the same with a mailbox and with a model that goes from moment to moment.
func FuzzMailbox(f *testing.F) {
	f.Add([]byte{boxLoop, 0, boxPut, 0, boxPut, 0, boxPass, 1, boxPut, 0, boxPass, 9, boxPut, 0, boxClose, 0, boxPass, 9})
	f.Add([]byte{boxPut, 0, boxPut, 0, boxPut, 0, boxPut, 0, boxPut, 0, boxSend, 0, boxSend, 1, boxLoop, 5, boxPass, 4, boxSend, 2, boxPass, 9})
	f.Add([]byte{boxLoop, 7, boxPut, 0, boxSend, 1, boxCancelLoop, 0, boxPut, 0, boxLoop, 0, boxPass, 5, boxSend, 0, boxClose, 0, boxPass, 9})
	f.Add([]byte{boxSend, 0, boxSend, 1, boxSend, 2, boxSend, 3, boxSend, 4, boxSend, 5, boxCancelSend, 4, boxClose, 0, boxLoop, 1, boxPass, 9, boxPass, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		program := instructions(data, boxCodes)
		inBubble(t, func(w *world) {
			const limit = 3
			box := flow.NewMailbox[int](&flow.MailboxOptions{Limit: limit, Frame: fuzzFrame})
			m := &boxModel{limit: limit}
			var got ledger
			trace, puts := got.add(""), got.add("")
			var cancels []func()
			cancelLoop := func() {}
			start := time.Now()
			for n, in := range program {
				switch in.code {
				case boxPut:
					got.more(puts, "%v ", box.Put(n))
					m.put(n)
				case boxSend:
					i := got.add("waits")
					cancels = append(cancels, w.start(in.arg, func(ctx context.Context) {
						sent, err := box.Send(ctx, n)
						got.set(i, fmt.Sprint(sent, err != nil))
					}))
					m.send(n)
				case boxPass:
					pass := time.Duration(in.arg%10) * time.Millisecond
					time.Sleep(pass)
					m.pass(pass)
				case boxLoop:
					if m.loops {
						continue
					}
					body := time.Duration(in.arg%8) * (time.Millisecond + beyond)
					cancelLoop = w.start(in.arg, func(ctx context.Context) {
						for batch, err := range box.Batches(ctx) {
							got.more(trace, "%v@%v ", batch, time.Since(start))
							if err != nil {
								return
							}
							if body > 0 {
								_ = guest.Sleep(ctx, body)
							}
						}
						got.more(trace, "over@%v ", time.Since(start))
					})
					m.loop(body)
				case boxCancelLoop:
					cancelLoop()
					m.cancelLoop()
				case boxCancelSend:
					if len(cancels) > 0 {
						cancels[in.arg%len(cancels)]()
						m.cancelSend(in.arg % len(cancels))
					}
				case boxClose:
					box.Close()
					m.closed = true
				}
				synctest.Wait()
				m.pass(0)
				if want := m.String(); got.String() != want || box.Dropped() != m.dropped {
					t.Fatalf("after %v of %v\n model: %s dropped %d\n   got: %s dropped %d", in, program, want, m.dropped, got.String(), box.Dropped())
				}
				time.Sleep(time.Millisecond)
				synctest.Wait()
				m.pass(time.Millisecond)
			}
			cancelLoop()
			for _, cancel := range cancels {
				cancel()
			}
		})
	})
}

// A boxModel is a mailbox, and the loop that takes from it, with a clock.
type boxModel struct {
	limit   int
	kept    []int
	senders []*boxSender
	closed  bool
	dropped int64

	now         time.Duration
	loops       bool
	free, frame time.Duration // when the body is over; when the next batch may come
	body        time.Duration
	trace, puts string
}

type boxSender struct {
	value int
	state string
}

func (m *boxModel) put(v int) {
	m.puts += fmt.Sprintf("%v ", !m.closed)
	if m.closed {
		return
	}
	m.kept = append(m.kept, v)
	if len(m.kept) > m.limit {
		m.kept = m.kept[1:]
		m.dropped++
	}
}

func (m *boxModel) send(v int) {
	s := &boxSender{v, "waits"}
	if m.closed {
		s.state = "false true"
	}
	m.senders = append(m.senders, s)
	m.admit()
}

func (m *boxModel) admit() {
	for _, s := range m.senders {
		if s.state == "waits" && len(m.kept) < m.limit {
			m.kept = append(m.kept, s.value)
			s.state = "true false"
		}
	}
}

func (m *boxModel) cancelSend(i int) {
	if m.senders[i].state == "waits" {
		m.senders[i].state = "false true"
	}
}

func (m *boxModel) loop(body time.Duration) {
	m.loops, m.body = true, body
	m.free, m.frame = m.now, m.now
}

func (m *boxModel) cancelLoop() {
	if m.loops {
		m.trace += fmt.Sprintf("[]@%v ", m.now)
	}
	m.loops = false
}

// pass lets time go by, in which the loop does what it can.
func (m *boxModel) pass(d time.Duration) {
	for end := m.now + d; ; {
		due := max(m.free, m.now)
		if len(m.kept) > 0 {
			due = max(due, m.frame)
		}
		if !m.loops || due > end || len(m.kept) == 0 && !m.closed {
			m.now = end
			return
		}
		m.now = due
		if len(m.kept) == 0 {
			m.trace += fmt.Sprintf("over@%v ", m.now)
			m.loops = false
			continue
		}
		m.trace += fmt.Sprintf("%v@%v ", m.kept, m.now)
		m.kept = nil
		m.admit()
		m.free, m.frame = m.now+m.body, m.now+fuzzFrame
	}
}

func (m *boxModel) String() string {
	lines := []string{m.trace, m.puts}
	for _, s := range m.senders {
		lines = append(lines, s.state)
	}
	return fmt.Sprint(lines)
}
