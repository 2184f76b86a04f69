#include <stdint.h>

void lodger_descend(uintptr_t handle, int levels);
