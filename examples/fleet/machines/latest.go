package machines

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/golodger/lodger/guest/flow"
)

// A Latest keeps the newest value for each key, for a loop that takes all of them at once, at
// most once per frame. So it never contains more values than keys, even if they change fast.
type Latest[K comparable, V any] struct {
	bell *flow.Mailbox[struct{}]
	mu   sync.Mutex
	news map[K]V
}

// NewLatest returns an empty Latest. Any goroutine.
func NewLatest[K comparable, V any](frame time.Duration) *Latest[K, V] {
	return &Latest[K, V]{bell: flow.NewMailbox[struct{}](&flow.MailboxOptions{Limit: 1, Frame: frame}), news: map[K]V{}}
}

// Put replaces the value for k. Any goroutine. Never waits.
func (l *Latest[K, V]) Put(k K, v V) {
	l.mu.Lock()
	l.news[k] = v
	first := len(l.news) == 1
	l.mu.Unlock()
	if first {
		l.bell.Put(struct{}{})
	}
}

// All ranges over the changes until ctx is done. In a task it parks. A pair with an error is the
// last one.
func (l *Latest[K, V]) All(ctx context.Context) iter.Seq2[map[K]V, error] {
	return func(yield func(map[K]V, error) bool) {
		for _, err := range l.bell.Batches(ctx) {
			news := l.take()
			if len(news) == 0 && err == nil { // another loop has already taken it
				continue
			}
			if !yield(news, err) || err != nil {
				return
			}
		}
	}
}

func (l *Latest[K, V]) take() map[K]V {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := l.news
	l.news = make(map[K]V, len(news))
	return news
}
