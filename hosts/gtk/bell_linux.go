//go:build cgo

package gtkhost

import (
	"encoding/binary"
	"syscall"
)

// one is the value that is written to the eventfd.
var one = binary.NativeEndian.AppendUint64(nil, 1)

// ring rings the bell. It can fail only if the bell rings already.
func ring(fd int) { _, _ = syscall.Write(fd, one) }
