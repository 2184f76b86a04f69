//go:build cgo

package wrongdepth

import (
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/internal/callback"
	"github.com/golodger/lodger/hosts/headless"
)

// Hosts has the broken hosts, by the case of the kit that each must fail.
var Hosts = map[string]func() host.Mainloop{
	"rule3-constant-depth":   func() host.Mainloop { return newUneven() },
	"enterer-constant-depth": func() host.Mainloop { return newDeepEnterer() },
}

// An uneven host calls every other function through C.
type uneven struct {
	*headless.Loop
	stairs *callback.Stairs
	calls  int
}

func newUneven() *uneven { return &uneven{Loop: headless.New(), stairs: callback.NewStairs()} }

// RunSyncSoonThreadsafe implements host.Host.
func (u *uneven) RunSyncSoonThreadsafe(fn func()) {
	u.Loop.RunSyncSoonThreadsafe(func() {
		u.calls++
		u.stairs.Down(u.calls%2, fn)
	})
}

// RunSyncSoonNotThreadsafe implements host.Host.
func (u *uneven) RunSyncSoonNotThreadsafe(fn func()) { u.RunSyncSoonThreadsafe(fn) }

// A deepEnterer runs Enter at another depth than its functions.
type deepEnterer struct {
	*headless.Loop
	stairs *callback.Stairs
}

func newDeepEnterer() *deepEnterer {
	return &deepEnterer{Loop: headless.New(), stairs: callback.NewStairs()}
}

// Enter implements host.Enterer.
func (d *deepEnterer) Enter(fn func()) { d.stairs.Down(2, fn) }
