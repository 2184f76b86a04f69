package host

import (
	"testing"
)

func BenchmarkQueue(b *testing.B) {
	b.Run("turn", func(b *testing.B) { // one post, one batch of it
		q := NewQueue(nil)
		q.Begin()
		fn := func() {}
		b.ReportAllocs()
		for b.Loop() {
			q.Post(fn)
			q.Run()
		}
	})
	b.Run("batch of 100", func(b *testing.B) {
		q := NewQueue(nil)
		q.Begin()
		fn := func() {}
		b.ReportAllocs()
		for b.Loop() {
			for range 100 {
				q.Post(fn)
			}
			q.Run()
		}
	})
}
