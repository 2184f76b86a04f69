// A GSource of our own, called from source.go; and what gotk3 lacks for signals, called from event.go.

#pragma once

#include <glib-object.h>
#include <stdint.h>

// A source is ready when it was woken, on the thread that adopted it, unless Go has found this place too deep.
typedef struct {
	GSource base;
	uintptr_t handle;    // of what Go calls
	gpointer thread;     // the only one that it may be dispatched on: any that finds the default context free may iterate it
	gint woken;          // atomic; Go sets it
	gboolean held;       // Go found the place too deep; prepare asks whether the next one still is
	gboolean ran;        // since the last prepare
	gboolean gives_way;  // for this iteration of the loop
} lodger_source;

lodger_source *lodger_attach(uintptr_t handle, int priority);
void lodger_adopt(lodger_source *source);
void lodger_destroy(lodger_source *source);
void lodger_free(lodger_source *source);

int lodger_bell(void);
void lodger_wakeup(void);

void lodger_disconnect(uintptr_t object, unsigned long handler);

// How many values come with a signal; -1 if there is no such signal. It frees the name.
int lodger_signal_values(uintptr_t object, char *signal);

// Whether another thread iterates the default context.
int lodger_elsewhere(void);
