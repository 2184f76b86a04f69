// A GSource of our own. All is called from source.go.

#include <glib.h>
#include <stdint.h>

typedef struct lodger_source lodger_source;

lodger_source *lodger_attach(uintptr_t handle, int priority);
void lodger_adopt(lodger_source *source);
void lodger_wake(lodger_source *source);
void lodger_destroy(lodger_source *source);
void lodger_free(lodger_source *source);
