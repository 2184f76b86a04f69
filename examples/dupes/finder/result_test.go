package finder

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// example is a result with a bit of everything.
func example() *Result {
	m := Model{
		Phase: Finished, Elapsed: 1234 * time.Millisecond, Folders: 3, Found: Tally{9, 5000}, Read: 4000,
		Groups: []*Group{
			{Size: 10, Sum: Sum{1}, Paths: []string{"d/z", "d/b"}},
			{Size: 1500, Sum: Sum{2}, Paths: []string{"e", "bad\xff"}},
			{Size: 5, Sum: Sum{3}, Paths: []string{"c", "b", "a"}},
			{Size: 0, Sum: Sum{4}, Paths: []string{"<0>", "0"}},
		},
		Duplicates: 5, Wasted: 1520,
	}
	m.note(Note{Kind: HardLink, Path: "h", Other: "bad\xff"}, Note{Kind: Unreadable, Path: "u\n", Why: "permission denied"})
	for _, link := range []string{"5", "4", "3", "2", "1"} {
		m.note(Note{Kind: Symlink, Path: "link" + link})
	}
	return newResult(m, []string{"d", "bad\xff"}, false)
}

func TestResultIsSorted(t *testing.T) {
	r := example()
	var first []string
	for _, g := range r.Groups {
		first = append(first, g.Paths[0])
	}
	require.Equal(t, []string{"bad\xff", "a", "d/b", "0"}, first, "by what they waste, then by path")
	require.Equal(t, []string{"a", "b", "c"}, r.Groups[1].Paths)
	require.Equal(t, Unreadable, r.Notes[0].Kind)
	require.Equal(t, "link1", r.Notes[1].Path)
}

func TestSortingAResultLeavesTheModelAlone(t *testing.T) {
	m := Model{Groups: []*Group{{Size: 1, Paths: []string{"b", "a"}}}, Notes: []Note{{Path: "z"}, {Path: "y"}}}
	newResult(m, nil, false)
	require.Equal(t, []string{"b", "a"}, m.Groups[0].Paths)
	require.Equal(t, "z", m.Notes[0].Path)
}

const exampleText = `2 files of 1.5 kB, 1.5 kB wasted
  "bad\xff"
  e

3 files of 5 B, 10 B wasted
  a
  b
  c

2 files of 10 B, 10 B wasted
  d/b
  d/z

2 files of 0 B, 0 B wasted
  0
  <0>

4 groups, 5 duplicates, 1.5 kB wasted; 9 files, 5.0 kB searched in 1.23s
unreadable: 1
  "u\n": permission denied
symbolic links, not followed: 5
  link1
  link2
  link3
  and 2 more
further names of hard-linked files: 1
  h is "bad\xff"
`

func TestTextReport(t *testing.T) {
	var text strings.Builder
	require.NoError(t, example().WriteText(&text, false))
	require.Equal(t, exampleText, text.String())

	text.Reset()
	require.NoError(t, example().WriteText(&text, true))
	require.Equal(t, strings.Replace(exampleText, "  and 2 more\n", "  link4\n  link5\n", 1), text.String())

	text.Reset()
	require.NoError(t, newResult(Model{}, nil, true).WriteText(&text, false))
	require.Equal(t, "Interrupted; this is what was found so far.\n"+
		"0 groups, 0 duplicates, 0 B wasted; 0 files, 0 B searched in 0s\n", text.String())
}

func TestJSONReport(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, example().WriteJSON(&out))
	require.Contains(t, out.String(), `"<0>"`, "paths are easy to read")

	var d document
	decoder := json.NewDecoder(&out)
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&d))
	require.False(t, decoder.More(), "one document")

	require.Equal(t, []string{"d", "bad\ufffd"}, d.Roots)
	require.Equal(t, "bad\xff", string(d.RootsBase64[1]))
	require.False(t, d.Cancelled)
	require.InDelta(t, 1.234, d.Seconds, 1e-9)
	require.Len(t, d.Groups, 4)
	require.Equal(t, documentGroup{1500, Sum{2}.String(), 1500, []string{"bad\ufffd", "e"}, [][]byte{[]byte("bad\xff"), []byte("e")}}, d.Groups[0])
	require.Nil(t, d.Groups[1].PathsBase64)
	require.Equal(t, map[string]int64{"unreadable": 1, "symlink": 5, "hardlink": 1}, d.NoteCounts)
	require.Len(t, d.Notes, 7)
	require.Equal(t, documentNote{Kind: "hardlink", Path: "h", Other: "bad\ufffd", OtherBase64: []byte("bad\xff")}, d.Notes[6])
}

func TestJSONReportOfNothingHasLists(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, newResult(Model{}, []string{"."}, true).WriteJSON(&out))
	require.Contains(t, out.String(), `"groups": []`)
	require.Contains(t, out.String(), `"notes": []`)
	require.Contains(t, out.String(), `"cancelled": true`)
}
