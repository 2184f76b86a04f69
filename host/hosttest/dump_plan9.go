package hosttest

import "os"

// dumpSignal ends the process. The notes that print the goroutines are not portable there.
var dumpSignal = os.Kill
