package checks_test

import (
	"bytes"
	"cmp"
	"flag"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/golodger/lodger/cmd/lodgervet/checks"
)

var update = flag.Bool("update", false, "write the golden files anew; look at them afterwards")

// The fixed code equals the golden files, needs no gofmt, compiles, and needs no more fixes.
func TestMigrateFixes(t *testing.T) {
	fixed := apply(t, analysistest.Run(t, analysistest.TestData(), checks.Migrate, "migrate", "migrateblind"))
	dir := copied(t)
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		text := fixed[name]
		clean, err := format.Source(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if !bytes.Equal(clean, text) {
			t.Errorf("%s: gofmt would change\n%s\nto\n%s", name, text, clean)
		}
		golden := filepath.Join("testdata/src/migrate", filepath.Base(name)+".golden")
		if *update {
			write(t, golden, text)
		}
		if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(want, text) {
			t.Errorf("%s differs from %s (%v):\n%s", name, golden, err, text)
		}
		text = regexp.MustCompile(`[ \t]*// want .*`).ReplaceAll(text, nil)
		write(t, filepath.Join(dir, "src/migrate", filepath.Base(name)), text)
	}
	if len(fixed) != 8 {
		t.Errorf("%d files were fixed, want 8", len(fixed))
	}
	analysistest.Run(t, dir, checks.Migrate, "migrate")
}

// apply applies the first fix of each diagnostic to the files' text.
func apply(t *testing.T, results []*analysistest.Result) map[string][]byte {
	edits := map[string][]analysis.TextEdit{}
	fixed := map[string][]byte{}
	for _, r := range results {
		for _, d := range r.Diagnostics {
			for _, e := range d.SuggestedFixes[0].TextEdits {
				file := r.Pass.Fset.File(e.Pos)
				edits[file.Name()] = append(edits[file.Name()], e)
			}
		}
		for name, list := range edits {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, done := fixed[name]; !done {
				fixed[name] = edited(r, text, list)
			}
		}
	}
	return fixed
}

func edited(r *analysistest.Result, text []byte, list []analysis.TextEdit) []byte {
	slices.SortStableFunc(list, func(a, b analysis.TextEdit) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), bytes.Compare(a.NewText, b.NewText))
	})
	list = slices.CompactFunc(list, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && bytes.Equal(a.NewText, b.NewText)
	})
	var out []byte
	last := 0
	for _, e := range list {
		file := r.Pass.Fset.File(e.Pos)
		out = append(append(out, text[last:file.Offset(e.Pos)]...), e.NewText...)
		last = file.Offset(e.End)
	}
	return append(out, text[last:]...)
}

// copied returns a copy of the stubs that the packages import.
func copied(t *testing.T) string {
	dir := t.TempDir()
	for _, part := range []string{"github.com", "fyne.io", "migrate/other"} {
		root := filepath.Join("testdata/src", part)
		if err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			rel, _ := filepath.Rel("testdata", name)
			write(t, filepath.Join(dir, rel), text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func write(t *testing.T, name string, text []byte) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
