// Lodgervet finds mistakes in programs that use Lodger, Fyne or gotk3 before they run.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/golodger/lodger/cmd/lodgervet/checks"
)

func main() { multichecker.Main(checks.All...) }
