package machines

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/wire"
)

func statuses(n int) []wire.Status {
	all := make([]wire.Status, n)
	for i := range all {
		all[i] = wire.Status{Agent: fmt.Sprintf("agent-%04d", i), Started: time.Now(), Shares: []string{"share"},
			Doing: []wire.Doing{{Run: "run", Job: "job", Share: "share", Bytes: 1}}}
	}
	return all
}

// For how long a batch of a thousand statuses, the most that a thousand agents can bring in a
// frame, holds the UI thread.
func BenchmarkTakeThousand(b *testing.B) {
	r, all := NewRoster(), statuses(1000)
	for b.Loop() {
		news := make(map[string]wire.Status, len(all))
		for i := range all {
			all[i].Number++
			news[all[i].Agent] = all[i]
		}
		r.take(news, time.Now())
	}
}

// What a status costs on the goroutine of the client library.
func BenchmarkPut(b *testing.B) {
	r, all := NewRoster(), statuses(1000)
	texts := make([][]byte, len(all))
	for i := range all {
		text, err := json.Marshal(all[i])
		require.NoError(b, err)
		texts[i] = text
	}
	for i := 0; b.Loop(); i++ {
		var s wire.Status
		_ = json.Unmarshal(texts[i%len(texts)], &s)
		r.Put(s)
	}
}
