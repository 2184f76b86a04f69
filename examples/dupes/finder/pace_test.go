package finder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPaceOfSteadyWorkIsRightFromTheStart(t *testing.T) {
	start := time.Now()
	var p pace
	require.Zero(t, p.perSecond())
	for i := range 100 {
		p.at(start.Add(time.Duration(i)*50*time.Millisecond), float64(i)*5) // 100 a second
		if i > 0 {
			require.InDelta(t, 100, p.perSecond(), 0.001, i)
		}
	}
	left, ok := p.left(250)
	require.True(t, ok)
	require.InDelta(t, 2.5, left.Seconds(), 0.001)
}

func TestPaceFollowsAChangeWithinSeconds(t *testing.T) {
	now, amount := time.Now(), 0.0
	var p pace
	work := func(seconds int, speed float64) {
		for range seconds * 20 {
			p.at(now, amount)
			now, amount = now.Add(50*time.Millisecond), amount+speed/20
		}
	}
	work(60, 1000)
	work(1, 0)
	require.Greater(t, p.perSecond(), 500.0)
	work(14, 0)
	require.Less(t, p.perSecond(), 20.0)
}

func TestPaceSaysWhenItDoesNotKnow(t *testing.T) {
	var p pace
	_, ok := p.left(10)
	require.False(t, ok)
	now := time.Now()
	p.at(now, 0)
	p.at(now, 5) // no time has passed
	require.Zero(t, p.perSecond())
	p.at(now.Add(time.Second), 0)
	_, ok = p.left(10)
	require.False(t, ok)
}
