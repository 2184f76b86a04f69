#include <stdlib.h>
#include "window.h"

static GtkApplication *app;
static GtkWidget *window, *label, *bar, *start, *stop;

static void clicked(GtkButton *button, gpointer what)
{
	demoClicked(GPOINTER_TO_INT(what));
}

// The window stays until the tasks have unwound.
static gboolean close_request(GtkWindow *w, gpointer data)
{
	demoClicked(DEMO_CLOSE);
	return TRUE;
}

static GtkWidget *button(const char *text, int what)
{
	GtkWidget *b = gtk_button_new_with_label(text);

	g_signal_connect(b, "clicked", G_CALLBACK(clicked), GINT_TO_POINTER(what));
	gtk_widget_set_hexpand(b, TRUE);
	return b;
}

static void activate(GtkApplication *a, gpointer data)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

	window = gtk_application_window_new(a);
	gtk_window_set_title(GTK_WINDOW(window), "Primes");
	gtk_window_set_default_size(GTK_WINDOW(window), 420, 160);
	g_signal_connect(window, "close-request", G_CALLBACK(close_request), NULL);
	label = gtk_label_new("Press Start.");
	bar = gtk_progress_bar_new();
	start = button("Start", DEMO_START);
	stop = button("Stop", DEMO_STOP);
	gtk_widget_set_margin_start(box, 18);
	gtk_widget_set_margin_end(box, 18);
	gtk_widget_set_margin_top(box, 18);
	gtk_widget_set_margin_bottom(box, 18);
	gtk_box_append(GTK_BOX(row), start);
	gtk_box_append(GTK_BOX(row), stop);
	gtk_box_append(GTK_BOX(box), label);
	gtk_box_append(GTK_BOX(box), bar);
	gtk_box_append(GTK_BOX(box), row);
	gtk_window_set_child(GTK_WINDOW(window), box);
	gtk_widget_set_sensitive(stop, FALSE);
	gtk_window_present(GTK_WINDOW(window));
}

gboolean demo_open(void)
{
	if (!gtk_init_check())
		return FALSE;
	app = gtk_application_new("org.golodger.primes", G_APPLICATION_NON_UNIQUE);
	g_signal_connect(app, "activate", G_CALLBACK(activate), NULL);
	// g_application_run would do these two, and then iterate. The host iterates instead.
	if (!g_application_register(G_APPLICATION(app), NULL, NULL))
		return FALSE;
	g_application_activate(G_APPLICATION(app));
	return TRUE;
}

void demo_show(char *text, double fraction, gboolean running)
{
	gtk_label_set_text(GTK_LABEL(label), text);
	gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(bar), fraction);
	gtk_widget_set_sensitive(start, !running);
	gtk_widget_set_sensitive(stop, running);
}

void demo_click(int what)
{
	if (what == DEMO_CLOSE)
		gtk_window_close(GTK_WINDOW(window));
	else
		g_signal_emit_by_name(what == DEMO_START ? start : stop, "clicked");
}

char *demo_text(void)
{
	return g_strdup(gtk_label_get_text(GTK_LABEL(label)));
}

gboolean demo_shot(char *file)
{
	static GdkPaintable *paintable; // shows what the window draws from now on
	GtkSnapshot *snapshot;
	GskRenderNode *node;
	GdkTexture *texture;

	if (!paintable) {
		paintable = gtk_widget_paintable_new(window);
		return FALSE;
	}
	snapshot = gtk_snapshot_new();
	gdk_paintable_snapshot(paintable, snapshot, gtk_widget_get_width(window), gtk_widget_get_height(window));
	node = gtk_snapshot_free_to_node(snapshot);
	if (!node)
		return FALSE;
	texture = gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node, NULL);
	gdk_texture_save_to_png(texture, file);
	g_object_unref(texture);
	gsk_render_node_unref(node);
	g_clear_object(&paintable);
	return TRUE;
}

void demo_close(void)
{
	gtk_window_destroy(GTK_WINDOW(window));
	g_object_unref(app);
}

void demo_free(char *text) {
	free(text);
}
