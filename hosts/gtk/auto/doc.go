// Package auto makes GLib's loop known to host.Open as "gtk". Import it blank, in programs that
// choose their toolkit at run time:
//
//	import _ "github.com/golodger/lodger/hosts/gtk/auto"
//
// The loop is a bare GMainLoop, which serves windows as well, once the program has called
// gtk.InitCheck. Without cgo the package is empty.
package auto
