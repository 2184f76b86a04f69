//go:build cgo

package gtkhost

import (
	"encoding/binary"
	"syscall"
)

// one is what an eventfd is told.
var one = binary.NativeEndian.AppendUint64(nil, 1)

// ring rings the bell. It can't fail but for a bell that rings already.
func ring(fd int) { _, _ = syscall.Write(fd, one) }
