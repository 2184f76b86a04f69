package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/bench/work"
)

// measured has one slice of switches for each contender without a toolkit.
func measured(values map[string]float64) samples {
	s := samples{}
	for contender, v := range values {
		s.add("plain", 0, work.Sample{Contender: contender, Workload: "switch", Param: 2, Value: v})
	}
	return s
}

func TestTableSaysWhyAFieldIsEmpty(t *testing.T) {
	s := measured(map[string]float64{oursHeadless: 150, coroutine: 100})
	s.add("plain", 0, work.Sample{Contender: "faiface/mainthread", Workload: "switch", Param: 2, Why: "it sleeps"})
	text := tables[0].markdown(s)
	require.Contains(t, text, "| Lodger, headless | 150 ns | 1.50 (1.50–1.50) |")
	require.Contains(t, text, "| iter.Pull, bare | 100 ns | baseline |")
	require.Contains(t, text, "| faiface/mainthread | – <sup>2</sup> | |")
	require.Contains(t, text, "<sup>2</sup> it sleeps.")
	require.NotContains(t, text, "golang.design", "who was not there at all is named elsewhere")
}

func TestPeerThatIsAheadIsNamed(t *testing.T) {
	s := measured(map[string]float64{oursHeadless: 150, "faiface/mainthread": 100, "golang.design/x/mainthread": 149, coroutine: 1})
	require.Equal(t, []loss{{"Switch, tasks: 2", oursHeadless, "faiface/mainthread", spread{1.5, 1.5, 1.5}, ""}}, tables[0].losses(s))
}

func TestFiguresHaveThreeDigits(t *testing.T) {
	require.Equal(t, []string{"0.00 ns", "99.9 ns", "100 ns", "1.00 µs", "12.3 ms", "1234 s"},
		[]string{nanos(0), nanos(99.94), nanos(99.96), nanos(999.9), nanos(12.34e6), nanos(1234e9)})
	require.Equal(t, "1 000 000", thousands(1_000_000))
	require.Equal(t, []string{"0.0012", "0.014", "0.50", "12.3", "123"}, []string{times(0.0012), times(0.0141), times(0.5), times(12.34), times(123.4)})
}
