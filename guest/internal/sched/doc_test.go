package sched

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each guarantee in the package comment names its own test.
func TestGuaranteesHaveTestsOfTheirNames(t *testing.T) {
	files := token.NewFileSet()
	doc, err := parser.ParseFile(files, "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	_, guarantees, found := strings.Cut(doc.Doc.Text(), "# What it guarantees")
	require.True(t, found)
	guarantees, _, _ = strings.Cut(guarantees, "\n# ")

	tests := make(map[string]bool)
	names, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				tests[fn.Name.Name] = true
			}
		}
	}
	reference := regexp.MustCompile(`\((Test\w+)\)`)
	bullets := strings.Split(guarantees, "\n  - ")[1:]
	require.NotEmpty(t, bullets)
	for _, bullet := range bullets {
		named := reference.FindAllStringSubmatch(bullet, -1)
		require.NotEmpty(t, named, "no test is named for: %s", bullet)
		for _, match := range named {
			require.True(t, tests[match[1]], "doc.go names %s, which is no test of this package", match[1])
		}
	}
}
