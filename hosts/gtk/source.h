// The GSource of this package, called from source.go, and functions for signals that gotk3
// lacks, called from event.go.

#pragma once

#include <glib-object.h>
#include <stdint.h>

// The result of a run, from Go.
enum { LODGER_TOO_DEEP, LODGER_DONE, LODGER_WANTS_ROOM };

// A source is ready when it was woken, on the thread that adopted it, unless Go has found this
// place too deep.
typedef struct {
	GSource base;
	uintptr_t handle;    // stands for the runner in Go
	// the only thread that may dispatch it: any thread that finds the default context free may
	// iterate that
	gpointer thread;
	gint woken;          // atomic; Go sets it
	gboolean held;       // Go found the place too deep; prepare asks again at the next place
	gboolean wants_room; // Go ran here, but must run again at the first less deep place
	gboolean gives_way;  // for this iteration of the loop
	// since when another thread has been iterating although Go has woken the source; 0: it is
	// not; -1: that was reported
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
	int values;           // how many values it has; -1 if there is no such signal
	// the type of the first value, if that is invalid after the handlers have returned, or
	// gotk3 can't handle it
	const char *fleeting;
} lodger_signal;

// Looks up a signal. It frees the name.
lodger_signal lodger_signal_query(uintptr_t object, char *name);

// Reports whether another thread iterates the default context.
int lodger_elsewhere(void);

// Functions that source.go exports. The address sanitizer leaves cgo's side of them alone;
// internal/callback/callback.h says why.
__attribute__((no_sanitize_address)) gboolean lodgerRun(uintptr_t handle);
__attribute__((no_sanitize_address)) gboolean lodgerMayRun(uintptr_t handle);
__attribute__((no_sanitize_address)) gboolean lodgerHasRoom(uintptr_t handle);
__attribute__((no_sanitize_address)) void lodgerAstray(void);
