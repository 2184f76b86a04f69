package guest

import (
	"os"
	"runtime/debug"
	"slices"
)

// long is whether the tests that grow with the time they are given get much of it.
var long = os.Getenv("LODGER_LONG") != ""

// Raced is whether this is a build for the race detector, in which memory and time say nothing,
// and each coroutine leaves 10 kB and more behind in the detector: crowds are smaller there.
var Raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()
