package checks_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/golodger/lodger/cmd/lodgervet/checks"
)

func TestChecks(t *testing.T) {
	for name, a := range map[string]*analysis.Analyzer{
		"uiblock": checks.UIBlock, "offthread": checks.OffThread, "offfyne": checks.OffThread,
		"waitctx": checks.WaitCtx, "waiterr": checks.WaitErr, "deferred": checks.Deferred,
		"taskend": checks.TaskEnd, "flood": checks.Flood,
	} {
		t.Run(name, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), a, name)
		})
	}
}

func TestAnalyzersAreValid(t *testing.T) {
	if err := analysis.Validate(checks.All); err != nil {
		t.Fatal(err)
	}
}
