// The window of the demo: a GtkApplication in plain C. All of it is called on one thread.

#include <gtk/gtk.h>

enum { DEMO_START, DEMO_STOP, DEMO_CLOSE };

gboolean demo_open(void);                                         // FALSE: there is no display
void demo_show(char *text, double fraction, gboolean running); // what the tasks have to say
void demo_click(int what);                                        // as a user does
char *demo_text(void);                                            // what the label shows
void demo_free(char *text); // of C.CString, or demo_text
gboolean demo_shot(char *file);                                   // a picture, as PNG; FALSE: not yet
void demo_close(void);

// In Go: a button was clicked, or the close button.
void demoClicked(int what);
