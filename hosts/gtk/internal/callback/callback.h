#include <stdint.h>

void lodger_descend(uintptr_t handle, int levels);

// cgo writes the C side of an exported Go function. The address sanitizer must leave it alone:
// a panic in Go skips its frame, and the redzones around its variables would stay poisoned. The
// next C function on that stack would be blamed (hosts/gtk/DESIGN.md). For the same reason a C
// function that calls Go has no array, and no variable whose address is taken.
__attribute__((no_sanitize_address)) void lodgerDescended(uintptr_t handle, int levels);
