package host

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQueueKeepsTheRestOfABatchThatPanics(t *testing.T) {
	for how, leave := range map[string]func(){
		"panic":  func() { panic("mine") },
		"Goexit": runtime.Goexit,
	} {
		t.Run(how, func(t *testing.T) {
			k := newToolkit()
			note, ran := notes()
			k.Begin()
			k.Post(func() { k.Post(note("c")) })
			k.Post(leave)
			k.Post(note("a"))
			k.Post(note("b"))
			gone := make(chan any)
			go func() {
				defer func() { gone <- recover() }()
				k.Run()
				t.Error("it went on")
			}()
			if how == "panic" {
				require.Equal(t, "mine", <-gone)
			} else {
				require.Nil(t, <-gone)
			}
			require.Equal(t, 2, k.wakes)
			require.Empty(t, *ran)
			require.True(t, k.Run())
			require.Equal(t, []string{"a", "b", "c"}, *ran)
		})
	}
}

func TestQueueAsksForTheRestOfABatchThatPanics(t *testing.T) {
	k := newToolkit()
	k.Begin()
	k.Post(func() { panic("mine") })
	k.Post(func() {})
	require.Panics(t, func() { k.Run() })
	require.Equal(t, 2, k.wakes)
	k.Run()
	k.Post(func() { panic("the last one") })
	require.Panics(t, func() { k.Run() })
	require.Equal(t, 3, k.wakes, "nothing is left to be asked for")
}

func TestQueueThatEndsInAPanicDropsTheRest(t *testing.T) {
	k := newToolkit()
	k.Begin()
	k.Post(func() { k.End(); panic("mine") })
	k.Post(func() { t.Error("it ran") })
	require.PanicsWithValue(t, "mine", func() { k.Run() })
	require.False(t, k.Run())
	require.Equal(t, 1, k.wakes)
	require.Empty(t, k.posted)
	require.Empty(t, k.batch)
}
