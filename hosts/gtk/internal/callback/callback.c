//go:build cgo

#include "callback.h"
#include "_cgo_export.h"

// It calls Go, and does nothing else.
void lodger_descend(uintptr_t handle, int levels)
{
	lodgerDescended(handle, levels);
}
