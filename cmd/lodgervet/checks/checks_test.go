package checks_test

import (
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/golodger/lodger/cmd/lodgervet/checks"
)

func TestChecks(t *testing.T) {
	for name, a := range map[string]*analysis.Analyzer{
		"uiblock": checks.UIBlock, "bound": checks.UIBlock, "offthread": checks.OffThread, "offfyne": checks.OffThread, "offplain": checks.OffThread,
		"waitctx": checks.WaitCtx, "waiterr": checks.WaitErr, "deferred": checks.Deferred,
		"taskend": checks.TaskEnd, "flood": checks.Flood,
	} {
		t.Run(name, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), a, name)
		})
	}
}

// All checks run side by side on what they share. The race detector looks on.
func TestChecksShare(t *testing.T) {
	all := &analysis.Analyzer{Name: "all", Doc: "requires all checks", Requires: checks.All,
		Run: func(*analysis.Pass) (any, error) { return nil, nil }}
	ignored := &ignoresWants{}
	analysistest.Run(ignored, analysistest.TestData(), all, "uiblock", "bound", "offthread", "migrate", "migratewhy", "flood")
	if ignored.failed != "" {
		t.Error(ignored.failed)
	}
}

// ignoresWants takes the errors of analysistest, which are missing diagnostics here.
type ignoresWants struct{ failed string }

func (i *ignoresWants) Errorf(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !strings.Contains(text, "no diagnostic was reported") {
		i.failed = text
	}
}

// With the flag why, migrate reports what it leaves, and why.
func TestMigrateSaysWhy(t *testing.T) {
	if err := checks.Migrate.Flags.Set("why", "true"); err != nil {
		t.Fatal(err)
	}
	defer checks.Migrate.Flags.Set("why", "false")
	analysistest.Run(t, analysistest.TestData(), checks.Migrate, "migratewhy")
}

func TestAnalyzersAreValid(t *testing.T) {
	if err := analysis.Validate(checks.All); err != nil {
		t.Fatal(err)
	}
}

// Each check has a page with What, Why, Bad and Good, and the index names it.
func TestEachCheckHasItsPage(t *testing.T) {
	index, err := os.ReadFile("../docs/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range checks.All {
		page, err := os.ReadFile("../docs/" + path.Base(a.URL))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"# " + a.Name + ": ", "**What.**", "**Why.**", "**Bad**", "**Good**"} {
			if !strings.Contains(string(page), part) {
				t.Errorf("%s has no %s", a.URL, part)
			}
		}
		if !strings.Contains(string(index), "["+a.Name+"]("+path.Base(a.URL)+")") {
			t.Errorf("the index does not name %s", a.Name)
		}
	}
}
