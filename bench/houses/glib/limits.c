#define _GNU_SOURCE
#include <glib.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limits.h"

static gboolean always_ready(gpointer left)
{
	return --*(int *)left > 0;
}

// A context of its own, so that the loop's other sources cost nothing.
void dispatches(int n)
{
	GMainContext *context = g_main_context_new();
	GSource *source = g_idle_source_new();
	int left = n;

	g_source_set_callback(source, always_ready, &left, NULL);
	g_source_attach(source, context);
	while (left > 0)
		g_main_context_iteration(context, TRUE);
	g_source_unref(source);
	g_main_context_unref(context);
}

static int ask, answer;
static int trips;

static void pass(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof one) < 0)
		g_error("eventfd: write");
}

static void take(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof count) < 0)
		g_error("eventfd: read");
}

static void *eventfd_answers(void *unused)
{
	for (int i = 0; i < trips; i++) {
		take(ask);
		pass(answer);
	}
	return unused;
}

void eventfd_trips(int n)
{
	pthread_t other;

	trips = n;
	ask = eventfd(0, 0);
	answer = eventfd(0, 0);
	pthread_create(&other, NULL, eventfd_answers, NULL);
	for (int i = 0; i < n; i++) {
		pass(ask);
		take(answer);
	}
	pthread_join(other, NULL);
	close(ask);
	close(answer);
}

static int ball; // 0: here, 1: there

static void hit(int to)
{
	__atomic_store_n(&ball, to, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &ball, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void await(int here)
{
	while (__atomic_load_n(&ball, __ATOMIC_SEQ_CST) != here)
		syscall(SYS_futex, &ball, FUTEX_WAIT_PRIVATE, !here, NULL, NULL, 0);
}

static void *futex_answers(void *unused)
{
	for (int i = 0; i < trips; i++) {
		await(1);
		hit(0);
	}
	return unused;
}

void futex_trips(int n)
{
	pthread_t other;

	trips = n;
	ball = 0;
	pthread_create(&other, NULL, futex_answers, NULL);
	for (int i = 0; i < n; i++) {
		hit(1);
		await(0);
	}
	pthread_join(other, NULL);
}
