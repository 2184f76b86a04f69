package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStepsThatHaveNotRunAgainKeepTheirRows(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 26, 12, minute, 0, 0, time.Local) }
	names := windows.steps("", "")
	old := []result{
		{What: names[0].what, Built: true, On: at(1), Took: 5 * time.Second},
		{What: names[1].what, Passed: 1554, Skipped: 2, Failed: 3, Err: "", On: at(2), Took: 10*time.Minute + 49*time.Second},
		{What: names[2].what, Passed: 7, Err: "exit status 1", On: at(3), Took: time.Second},
	}
	page := document([]report{{Lane: "windows", Results: old}, {Lane: "web", Missing: true}})
	require.Equal(t, old, windows.shown(page))
	require.Empty(t, web.shown(page))

	again := result{What: names[2].what, Passed: 788, On: at(4)}
	all := complete([]report{{Lane: "windows", Results: []result{again}}}, page)
	require.Len(t, all, len(lanes))
	require.Equal(t, []result{old[0], old[1], again}, all[1].Results)
	require.True(t, all[0].Missing)
	require.Equal(t, document(all), document(complete(nil, document(all))))

	late := report{Lane: "windows", Results: []result{{What: names[0].what, Built: true, On: at(0)}}}
	require.Equal(t, at(1), complete([]report{late}, page)[1].Results[0].On, "the newer one stays")
}
