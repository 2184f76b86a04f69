package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/bench/work"
)

// overloaded says how many milliseconds a contender's Yield took while posts did nothing.
func overloaded(s samples, house, contender string, round int, millis ...float64) {
	for _, v := range millis {
		s.add(house, round, work.Sample{Contender: contender, Workload: "overload-yield", Value: v * 1e6})
	}
}

func TestOverloadIsWrittenByItsTail(t *testing.T) {
	s := samples{}
	for i := range 200 {
		overloaded(s, "plain", oursHeadless, i/100, float64(i+1))
	}
	overloaded(s, "plain", "faiface/mainthread", 0, 7, 1, 4)
	overloaded(s, "fyne", "fyne.Do, DoAndWait", 0, 5000)
	overloaded(s, "fyne", oursFyne, 0, 3, 5000)
	s.add("trio", 0, work.Sample{Contender: "Trio, guest of GLib", Workload: "switch", Param: 2, Value: 1})
	overloaded(s, "glib", oursGLib, 0, 1)
	text := overloads(s)
	require.Contains(t, text, "| posts that do nothing | Yield | Sleep(0) | late | click | Cancel | child |\n|---|--:|--:|--:|--:|--:|--:|\n"+
		"| **No toolkit** | | | | | | |\n| Lodger, headless | 100 ms / 198 ms / 200 ms | | | | | |\n")
	require.Contains(t, text, "| faiface/mainthread | 4.00 ms / 7.00 ms / 7.00 ms |", "of few, the p99 is the worst")
	require.Contains(t, text, "| fyne.Do, DoAndWait | > 5 s |")
	require.Contains(t, text, "| Lodger on Fyne | 3.00 ms / > 5 s / > 5 s |")
	require.Contains(t, text, "| Trio, guest of GLib | – <sup>1</sup> | – <sup>1</sup> |")
	require.Contains(t, text, "\n<sup>1</sup> not measured: ")
	require.NotContains(t, text, "asyncio", "who was not there at all is named elsewhere")
	require.NotContains(t, text, "golang.design", "who was not overloaded has no row")
}

func TestOverloadHasAColumnForEverythingMeanwhile(t *testing.T) {
	require.Len(t, meanwhile, len(work.Meanwhile))
	for _, what := range work.Meanwhile {
		require.NotEmpty(t, meanwhile[what], what)
	}
}

func TestPeerThatIsAheadUnderOverloadIsNamedOnce(t *testing.T) {
	s := samples{}
	for round := range 3 {
		overloaded(s, "plain", oursHeadless, round, 1, 8)
		overloaded(s, "plain", "faiface/mainthread", round, 3, 4)
		overloaded(s, "plain", "golang.design/x/mainthread", round, 8)
		s.add("plain", round, work.Sample{Contender: oursHeadless, Workload: "overload-child", Value: 6e6})
		s.add("plain", round, work.Sample{Contender: "faiface/mainthread", Workload: "overload-child", Value: 3e6})
	}
	require.Equal(t, []loss{{"Fairness under overload, posts that do nothing: Yield, child", oursHeadless, "faiface/mainthread", spread{2, 2, 2},
		why(work.Overload, "faiface/mainthread")}}, overloadLosses(s))
}

func TestWhoNeverAnswersIsHopeless(t *testing.T) {
	s := samples{}
	r := row{"fyne", "fyne.Do, DoAndWait"}
	require.False(t, s.hopeless(r, 0), "nothing is measured yet")
	overloaded(s, r.house, r.contender, 0, 1, float64(work.Patience/time.Millisecond)-1)
	require.False(t, s.hopeless(r, 0))
	overloaded(s, r.house, r.contender, 0, float64(work.Patience/time.Millisecond), 1)
	require.True(t, s.hopeless(r, 0))
	require.False(t, s.hopeless(r, 2), "of other posts nothing is known")
}
