package guest

import (
	"os"
	"runtime/debug"
	"slices"
)

// long is whether the tests that grow with the time they are given get much of it.
var long = os.Getenv("LODGER_LONG") != ""

// raced is whether this is a build for the race detector, in which memory and time say nothing.
var raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()
