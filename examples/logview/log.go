// Package logview is a live log viewer without its window. It collects lines from any
// goroutine, up to a hundred thousand a second, and keeps the newest ones. It has a filter and
// a pause. examples/logview/fyne and examples/logview/gtk show it.
package logview

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A Log contains the lines, and decides which of them the window shows: its rows. UI thread only,
// except for Lines.
type Log struct {
	// Lines accepts new lines, by Put or Send, on any goroutine.
	Lines *flow.Mailbox[string]
	// Status says how many lines have arrived, and how many were dropped.
	Status *flow.Var[string]

	changed func()
	all     *Ring
	shown   *Ring  // all, or a copy from when the log was paused
	filter  string // text that the rows contain
	found   []int  // numbers of the lines in shown that match; unused without a filter
	want    query  // the user's latest query; the rows follow soon
	find    *flow.Action[query]

	received, measured int // lines so far; lines when the rate was measured
	since              time.Time
	rate               int
}

// New returns a log that keeps limit lines, for the window of ctx. It calls changed whenever the
// rows change: at most once per frame, and after the user's clicks.
func New(ctx context.Context, limit int, box *flow.MailboxOptions, changed func()) *Log {
	l := &Log{
		Lines:   flow.NewMailbox[string](box),
		Status:  flow.NewVar(""),
		changed: changed,
		all:     NewRing(limit),
		since:   time.Now(),
	}
	l.shown = l.all
	l.want.ring = l.all
	l.find = flow.NewAction(ctx, l.search, flow.Restart)
	l.tell()
	return l
}

// Collect takes new lines, batch by batch, until ctx is done or Lines is closed. In a task.
func (l *Log) Collect(ctx context.Context) error {
	ticks := guest.Every(ctx, time.Second, l.measure, nil)
	defer ticks.Cancel(nil)
	for batch, err := range l.Lines.Batches(ctx) {
		l.add(batch)
		if err != nil {
			return err
		}
	}
	l.tell()
	return nil
}

func (l *Log) add(batch []string) {
	l.received += len(batch)
	first := l.all.End()
	l.all.Add(batch...)
	if l.Paused() {
		return
	}
	if l.filter != "" {
		for i, text := range batch {
			if strings.Contains(text, l.filter) {
				l.found = append(l.found, first+i)
			}
		}
		l.forget()
	}
	l.changed()
}

// forget removes the lines from the rows that the ring has dropped.
func (l *Log) forget() {
	gone, _ := slices.BinarySearch(l.found, l.shown.First())
	l.found = l.found[gone:]
}

// measure counts the lines of the last second.
func (l *Log) measure(context.Context) error {
	now := time.Now()
	l.rate = int(float64(l.received-l.measured)/now.Sub(l.since).Seconds() + 0.5)
	l.measured, l.since = l.received, now
	l.tell()
	return nil
}

func (l *Log) tell() {
	text := fmt.Sprintf("%d lines/s, %d so far, %d dropped", l.rate, l.received, l.Lines.Dropped())
	if l.Paused() {
		text += fmt.Sprintf("; paused, %d more", l.all.End()-l.shown.End())
	}
	l.Status.Set(text)
}

// Filter shows only the lines that contain text, or all lines for "". Call it as the user types.
// An older search never shows its rows.
func (l *Log) Filter(text string) {
	l.want.text = text
	l.find.Call(l.want)
}

// A query selects the lines of a ring that contain a text.
type query struct {
	ring *Ring
	text string
}

// search searches the lines without freezing the window. The old rows stay until it is done. Its
// loop also sees lines that arrive meanwhile. After the last line it does not wait again, so no
// line is missed.
func (l *Log) search(ctx context.Context, q query) error {
	var found []int
	if q.text != "" {
		for line, err := range flow.Slice(ctx, q.ring.Lines()) {
			if err != nil {
				return err
			}
			if strings.Contains(line.Text, q.text) {
				found = append(found, line.Number)
			}
		}
	}
	l.shown, l.filter, l.found = q.ring, q.text, found
	l.forget()
	l.changed()
	l.tell()
	return nil
}

// Paused reports whether the rows are frozen.
func (l *Log) Paused() bool { return l.shown != l.all }

// Follow shows the newest lines again, or with false freezes the rows. Lines that arrive
// meanwhile are kept.
func (l *Log) Follow(on bool) {
	switch following := l.want.ring == l.all; {
	case on == following:
		return
	case on:
		l.want.ring = l.all
	default:
		l.shown = l.all.Clone()
		l.want.ring = l.shown
	}
	l.find.Call(l.want)
}

// Clear forgets all lines.
func (l *Log) Clear() {
	following := l.want.ring == l.all
	l.all = NewRing(l.all.limit)
	l.shown, l.found = l.all, nil
	if !following {
		l.shown = l.all.Clone()
	}
	l.want.ring = l.shown
	l.find.Call(l.want)
	l.changed()
}

// Received returns how many lines have arrived so far.
func (l *Log) Received() int { return l.received }

// Len returns how many rows there are.
func (l *Log) Len() int {
	if l.filter == "" {
		return l.shown.End() - l.shown.First()
	}
	return len(l.found)
}

// Row returns a row; 0 is the oldest.
func (l *Log) Row(i int) string {
	if l.filter == "" {
		return l.shown.At(l.shown.First() + i)
	}
	return l.shown.At(l.found[i])
}

// Writer returns a function that writes a line. With send it waits for room. Otherwise it drops
// the oldest waiting line. Any goroutine.
func (l *Log) Writer(send bool) func(ctx context.Context, line string) error {
	return func(ctx context.Context, line string) (err error) {
		if send {
			_, err = l.Lines.Send(ctx, line)
		} else {
			l.Lines.Put(line)
		}
		return err
	}
}
