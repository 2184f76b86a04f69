//go:build cgo

#include "source.h"
#include "_cgo_export.h"

#include <stdlib.h>
#ifdef __linux__
#include <sys/eventfd.h>
#include <unistd.h>
#endif

static gboolean at_home(lodger_source *s)
{
	return g_atomic_pointer_get(&s->thread) == (gpointer)g_thread_self();
}

// Another thread may iterate the context for a moment. If that lasts, the loop runs there and
// this source never runs. Then Go must report that.
static void stray(lodger_source *s, gint *timeout)
{
	const gint moment = 200; // ms
	gint64 now = g_get_monotonic_time();

	if (s->astray < 0)
		return;
	if (!s->astray)
		s->astray = now;
	if (now - s->astray < moment * G_TIME_SPAN_MILLISECOND) {
		*timeout = moment;
		return;
	}
	s->astray = -1;
	lodgerAstray();
}

// A loop dispatches only the ready sources with the highest priority. A source that is always
// ready lets no source of a lower priority through. So after a series of runs that has lasted
// for share, there is one iteration without them. Doing that after each run would double the
// price of a turn. All sources of this kind give way in the same iteration: if two took turns,
// no iteration would be left. Only the thread that owns the context runs this code.
static struct {
	gint64 iteration;   // the current one, by its time
	gint64 since;       // when the first run of the series was prepared
	gboolean ran;       // a source ran in the previous iteration
	gboolean gives_way; // in this iteration
} ours;

static void begin_iteration(GSource *base)
{
	const gint64 share = 200; // µs, short beside a turn of a busy guest
	gint64 now = g_source_get_time(base); // the same during a whole iteration

	if (now == ours.iteration)
		return;
	if (!ours.ran)
		ours.since = now;
	ours.gives_way = now - ours.since >= share;
	ours.iteration = now;
	ours.ran = FALSE;
}

static gboolean prepare(GSource *base, gint *timeout)
{
	lodger_source *s = (lodger_source *)base;

	*timeout = -1;
	s->gives_way = FALSE;
	begin_iteration(base);
	if (s->wants_room && at_home(s) && lodgerHasRoom(s->handle)) {
		s->wants_room = FALSE;
		g_atomic_int_set(&s->woken, TRUE);
	}
	if (!g_atomic_int_get(&s->woken)) {
		s->astray = 0;
		return FALSE;
	}
	if (!at_home(s)) {
		stray(s, timeout);
		return FALSE;
	}
	s->astray = 0;
	if (s->held && !lodgerMayRun(s->handle))
		return FALSE;
	s->held = FALSE;
	if (!ours.gives_way)
		return TRUE;
	s->gives_way = TRUE;
	*timeout = 0;
	return FALSE;
}

static gboolean check(GSource *base)
{
	lodger_source *s = (lodger_source *)base;

	return !s->held && !s->gives_way && g_atomic_int_get(&s->woken) && at_home(s);
}

static gboolean dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	lodger_source *s = (lodger_source *)base;

	(void)callback, (void)data;
	g_atomic_int_set(&s->woken, FALSE); // before Go takes its queue, so that later posts wake again
	ours.ran = TRUE;
	s->wants_room = FALSE;
	switch (lodgerRun(s->handle)) {
	case LODGER_TOO_DEEP:
		s->held = TRUE;
		g_atomic_int_set(&s->woken, TRUE);
		break;
	case LODGER_WANTS_ROOM:
		s->wants_room = TRUE;
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

void lodger_destroy(lodger_source *s)
{
	g_source_destroy(&s->base);
}

void lodger_free(lodger_source *s)
{
	g_source_unref(&s->base);
}

// The bell ends a loop's sleep. It is a file descriptor, so that Go can ring it without a
// call to C (depth.go says why). It is checked before all other sources, and dispatches
// nothing.
#ifdef __linux__
typedef struct {
	GSource base;
	GPollFD fd;
} bell_source;

static gboolean drain(GSource *base)
{
	bell_source *b = (bell_source *)base;
	uint64_t rung;

	if (b->fd.revents && read(b->fd.fd, &rung, sizeof rung) < 0)
		b->fd.revents = 0; // the bell has not rung
	return FALSE;
}

static GSourceFuncs bell_funcs = { NULL, drain, NULL, NULL, NULL, NULL };

int lodger_bell(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	GSource *base;

	if (fd < 0)
		return -1;
	base = g_source_new(&bell_funcs, sizeof(bell_source));
	((bell_source *)base)->fd = (GPollFD){ fd, G_IO_IN, 0 };
	// not g_source_add_unix_fd, which would have it dispatched
	g_source_add_poll(base, &((bell_source *)base)->fd);
	g_source_set_name(base, "lodger's bell");
	g_source_set_priority(base, G_PRIORITY_HIGH);
	g_source_set_can_recurse(base, TRUE);
	g_source_attach(base, NULL);
	g_source_unref(base);
	return fd;
}
#else
int lodger_bell(void)
{
	return -1;
}
#endif

// For systems without a bell.
void lodger_wakeup(void)
{
	g_main_context_wakeup(NULL);
}

// A destroyed object has lost its handlers, and GLib would complain.
void lodger_disconnect(uintptr_t object, unsigned long handler)
{
	if (g_signal_handler_is_connected((gpointer)object, handler))
		g_signal_handler_disconnect((gpointer)object, handler);
}

lodger_signal lodger_signal_query(uintptr_t object, char *name)
{
	lodger_signal known = { -1, NULL };
	GSignalQuery query;
	GQuark detail;
	guint id;
	gboolean found = g_signal_parse_name(name, G_OBJECT_TYPE((gpointer)object), &id, &detail, TRUE);

	free(name);
	if (!found)
		return known;
	g_signal_query(id, &query);
	known.values = query.n_params;
	if (query.n_params > 0) {
		GType type = query.param_types[0] & ~G_SIGNAL_TYPE_STATIC_SCOPE;

		switch (G_TYPE_FUNDAMENTAL(type)) {
		case G_TYPE_BOXED: // gotk3 does not copy it
		case G_TYPE_POINTER:
		case G_TYPE_PARAM: // gotk3 panics
			known.fleeting = g_type_name(type);
		}
	}
	return known;
}

int lodger_elsewhere(void)
{
	if (!g_main_context_acquire(NULL))
		return TRUE;
	g_main_context_release(NULL);
	return FALSE;
}
