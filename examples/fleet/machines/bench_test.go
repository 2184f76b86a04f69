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

// How long does a batch of a thousand statuses hold the UI thread? That is the most that a
// thousand agents can bring in a frame.
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

// How much does a status cost on the goroutine of the client library?
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
