package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/bench/work"
)

func TestRowSaysWhyAPeerIsAhead(t *testing.T) {
	ahead := func(workload, peer string) loss {
		return loss{workload, oursFyne, peer, spread{1.4, 1.5, 1.6}, why(workload, peer)}
	}
	text := markdownOf([]loss{ahead("switch", "b97tsk/async on fyne.Do"), ahead("park", "b97tsk/async on fyne.Do"),
		ahead("switch", "gtk-rs, spawn_local"), ahead("turn", "somebody new")})
	require.Contains(t, text, "| switch | Lodger on Fyne | b97tsk/async on fyne.Do | 1.50 (1.40–1.60) | 1 |\n")
	require.Contains(t, text, "| park | Lodger on Fyne | b97tsk/async on fyne.Do | 1.50 (1.40–1.60) | 2 |\n")
	require.Contains(t, text, "| switch | Lodger on Fyne | gtk-rs, spawn_local | 1.50 (1.40–1.60) | 1 |\n", "the same reason is written once")
	require.Contains(t, text, "| turn | Lodger on Fyne | somebody new | 1.50 (1.40–1.60) | not explained |\n")
	require.Contains(t, text, "\n2. A task of the peer is an object")
	require.NotContains(t, text, "\n3. ")
}

func TestNobodyAheadIsSaid(t *testing.T) { require.Equal(t, "Nowhere.\n", markdownOf(nil)) }

func TestReasonIsAboutContendersAndWorkloadsThatExist(t *testing.T) {
	contenders, workloads := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		for _, r := range g.rows {
			contenders[r.contender] = true
		}
	}
	for _, table := range tables {
		for _, c := range table.columns {
			workloads[c.workload] = true
		}
	}
	workloads[work.Overload] = true
	for _, r := range reasons {
		for _, peer := range r.peers {
			require.True(t, contenders[peer], peer)
		}
		for _, workload := range r.workloads {
			require.True(t, workloads[workload], workload)
		}
	}
}
