package headless

import (
	"testing"
	"testing/synctest"
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

// In a page a loop can't notice that another goroutine calls what only its own may call. So it
// wakes for the call.
func TestLoopWakesForACallOnAWrongGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New()
		go func() {
			synctest.Wait() // the loop sleeps
			l.RunSyncSoonNotThreadsafe(func() {})
			l.RunSyncSoonThreadsafe(l.Quit)
		}()
		require.NoError(t, l.Mainloop(func() error { return nil }))
	})
}
