package wire

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
)

func TestPathsOfAnyBytesArriveAsTheyAre(t *testing.T) {
	for _, name := range []string{"", "a", "ü", "a\nb", `"quoted"`, "\xff", "a\xc3", "\x00", `\`, "�", "<&>"} {
		text, err := json.Marshal(Path(name))
		require.NoError(t, err)
		var got Path
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, Path(name), got)
	}
	require.Error(t, new(Path).UnmarshalText([]byte(`"open`)))
}

func FuzzPath(f *testing.F) {
	f.Add("a\xff")
	f.Fuzz(func(t *testing.T, name string) {
		text, err := json.Marshal(Path(name))
		require.NoError(t, err)
		var got Path
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, Path(name), got)
	})
}

func TestFilesAndNotesArriveAsTheyAre(t *testing.T) {
	f := finder.File{Path: "p", Size: 1, Changed: 2, Device: 3, Number: 4, Links: true}
	require.Equal(t, f, FromFile(f).File())
	n := finder.Note{Kind: finder.HardLink, Path: "a", Other: "b", Why: "c"}
	require.Equal(t, n, FromNote(n).Note())
}

func TestNoPartIsTooLongForAMessage(t *testing.T) {
	require.Equal(t, [][]File{nil}, Cut[File](nil))
	// four times as long in quotes, and longer still in JSON
	long := File{Path: Path(strings.Repeat("\xff", 4096))}
	var files []File
	for range 200 {
		files = append(files, long)
	}
	got := 0
	parts := Cut(files)
	for _, p := range parts {
		require.NotEmpty(t, p)
		text, err := json.Marshal(Answer{Files: p})
		require.NoError(t, err)
		require.Less(t, len(text), 1<<20)
		got += len(p)
	}
	require.Equal(t, len(files), got)
	require.Greater(t, len(parts), 3)
}

func TestStatusIsNewerByItsNumberAndByItsAgentsStart(t *testing.T) {
	first := time.Now()
	old, next := Status{Started: first, Number: 7}, Status{Started: first, Number: 8}
	anew := Status{Started: first.Add(time.Second), Number: 1}
	require.True(t, next.After(&old))
	require.False(t, old.After(&next))
	require.False(t, old.After(&old))
	require.True(t, anew.After(&next))
	require.False(t, next.After(&anew))
}
