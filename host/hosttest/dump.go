//go:build !plan9

package hosttest

import "syscall"

// dumpSignal makes the Go runtime print what every goroutine does and end the process.
const dumpSignal = syscall.SIGQUIT
