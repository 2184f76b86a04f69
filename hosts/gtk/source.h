// A GSource of our own, called from source.go; and what gotk3 lacks for signals, called from
// event.go.

#pragma once

#include <glib-object.h>
#include <stdint.h>

// What Go says of a run.
enum { LODGER_TOO_DEEP, LODGER_DONE, LODGER_WANTS_ROOM };

// A source is ready when it was woken, on the thread that adopted it, unless Go has found this
// place too deep.
typedef struct {
	GSource base;
	uintptr_t handle;    // of what Go calls
	// the only one that it may be dispatched on: any that finds the default context free may
	// iterate it
	gpointer thread;
	gint woken;          // atomic; Go sets it
	gboolean held;       // Go found the place too deep; prepare asks whether the next one still is
	gboolean wants_room; // Go ran here, but is to run again at the first place less deep
	gboolean gives_way;  // for this iteration of the loop
	// since when it is another thread that iterates, though Go has woken us; 0 not, -1 this has
	// been told
	gint64 astray;
} lodger_source;

lodger_source *lodger_attach(uintptr_t handle, int priority);
void lodger_adopt(lodger_source *source);
void lodger_destroy(lodger_source *source);
void lodger_free(lodger_source *source);

int lodger_bell(void);
void lodger_wakeup(void);

void lodger_disconnect(uintptr_t object, unsigned long handler);

typedef struct {
	int values;           // how many come with it; -1 if there is no such signal
	// the type of the first one, if that is nothing after the handlers have returned, or
	// nothing for gotk3
	const char *fleeting;
} lodger_signal;

// What is known of a signal. It frees the name.
lodger_signal lodger_signal_query(uintptr_t object, char *name);

// Whether another thread iterates the default context.
int lodger_elsewhere(void);

// What source.go exports. The address sanitizer leaves cgo's side of it alone;
// internal/callback/callback.h says why.
__attribute__((no_sanitize_address)) gboolean lodgerRun(uintptr_t handle);
__attribute__((no_sanitize_address)) gboolean lodgerMayRun(uintptr_t handle);
__attribute__((no_sanitize_address)) gboolean lodgerHasRoom(uintptr_t handle);
__attribute__((no_sanitize_address)) void lodgerAstray(void);
