package headless

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/hosts/internal/page"
)

// A function that posts itself for ever, by either method, keeps neither goroutines nor the page
// from their turns.
func TestPageHasItsTurnsBesideABusyLoop(t *testing.T) {
	for name, method := range map[string]func(*Loop, func()){
		"threadsafe":     (*Loop).RunSyncSoonThreadsafe,
		"not threadsafe": (*Loop).RunSyncSoonNotThreadsafe,
	} {
		t.Run(name, func(t *testing.T) {
			l, turns := New(), 0
			var again func()
			again = func() { method(l, again) }
			err := l.Mainloop(func() error {
				again()
				go func() {
					for range 3 {
						done := make(chan struct{})
						page.Soon(func() { close(done) })
						<-done
						turns++
					}
					time.Sleep(time.Millisecond)
					l.Quit()
				}()
				return nil
			})
			require.NoError(t, err)
			require.Equal(t, 3, turns)
		})
	}
}
