//go:build !windows

package fynehost

// Only Windows needs these: see modal_windows.go.

func (h *Host) enter(fn func()) { fn() }
func (h *Host) beginBeat()      {}
func (h *Host) endBeat()        {}
