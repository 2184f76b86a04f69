// A GSource of our own, called from source.go; and what gotk3 lacks for signals, called from event.go.

#include <glib-object.h>
#include <stdint.h>

typedef struct lodger_source lodger_source;

lodger_source *lodger_attach(uintptr_t handle, int priority);
void lodger_adopt(lodger_source *source);
void lodger_wake(lodger_source *source);
void lodger_destroy(lodger_source *source);
void lodger_free(lodger_source *source);

void lodger_disconnect(uintptr_t object, unsigned long handler);
