//go:build cgo

#include "source.h"
#include "_cgo_export.h"

// A source is ready when it was woken, on the thread that adopted it, unless Go has found this place too deep.
struct lodger_source {
	GSource base;
	uintptr_t handle;    // of what Go calls
	gpointer thread;     // the only one that it may be dispatched on: any that finds the default context free may iterate it
	gint woken;          // atomic
	gboolean held;       // Go found the place too deep; prepare asks whether the next one still is
	gboolean ran;        // since the last prepare
	gboolean gives_way;  // for this iteration of the loop
};

static gboolean ready(lodger_source *s)
{
	return g_atomic_int_get(&s->woken) && g_atomic_pointer_get(&s->thread) == (gpointer)g_thread_self();
}

// A loop dispatches only what has the highest priority of all that is ready. Who runs again and again would let nothing of a
// lower priority through; so between two runs there is one iteration without us.
static gboolean prepare(GSource *base, gint *timeout)
{
	lodger_source *s = (lodger_source *)base;
	gboolean ran = s->ran;

	*timeout = -1;
	s->ran = s->gives_way = FALSE;
	if (!ready(s))
		return FALSE;
	if (s->held && !lodgerMayRun(s->handle))
		return FALSE;
	s->held = FALSE;
	if (ran) {
		s->gives_way = TRUE;
		*timeout = 0;
	}
	return !ran;
}

static gboolean check(GSource *base)
{
	lodger_source *s = (lodger_source *)base;

	return !s->held && !s->gives_way && ready(s);
}

static gboolean dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	lodger_source *s = (lodger_source *)base;

	(void)callback, (void)data;
	g_atomic_int_set(&s->woken, FALSE); // before Go takes its queue: what comes later wakes again
	s->ran = TRUE;
	if (!lodgerRun(s->handle)) {
		s->held = TRUE;
		g_atomic_int_set(&s->woken, TRUE);
	}
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs funcs = { prepare, check, dispatch, NULL, NULL, NULL };

lodger_source *lodger_attach(uintptr_t handle, int priority)
{
	GSource *base = g_source_new(&funcs, sizeof(lodger_source));
	lodger_source *s = (lodger_source *)base;

	s->handle = handle;
	lodger_adopt(s);
	g_source_set_name(base, "lodger");
	g_source_set_priority(base, priority);
	g_source_set_can_recurse(base, TRUE); // a nested loop dispatches it inside itself
	g_source_attach(base, NULL);
	return s;
}

void lodger_adopt(lodger_source *s)
{
	g_atomic_pointer_set(&s->thread, (gpointer)g_thread_self());
}

// On the loop's own thread nothing needs to be woken: it looks before it sleeps.
void lodger_wake(lodger_source *s)
{
	g_atomic_int_set(&s->woken, TRUE);
	if (!g_main_context_is_owner(NULL))
		g_main_context_wakeup(NULL);
}

void lodger_destroy(lodger_source *s)
{
	g_source_destroy(&s->base);
}

void lodger_free(lodger_source *s)
{
	g_source_unref(&s->base);
}

// A destroyed object has lost its handlers, and GLib would complain.
void lodger_disconnect(uintptr_t object, unsigned long handler)
{
	if (g_signal_handler_is_connected((gpointer)object, handler))
		g_signal_handler_disconnect((gpointer)object, handler);
}
