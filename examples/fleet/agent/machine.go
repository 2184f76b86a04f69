package agent

import (
	"hash/fnv"
	"os"
	"sync"
)

// thisMachine distinguishes this machine's disks from those of other machines, which may have the
// same numbers.
var thisMachine = sync.OnceValue(func() uint64 {
	name, _ := os.Hostname()
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return h.Sum64()
})
