//go:build unix

package hosttest

import (
	"os"
	"syscall"

	"github.com/golodger/lodger/host"
)

func init() {
	// What a toolkit's C does when it is used wrongly.
	brokenHosts["aborts in open"] = brokenHost{
		open: func() (host.Mainloop, error) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGABRT)
			select {}
		},
		breaks: "opens", seen: "crashed in C (SIGABRT)",
	}
}
