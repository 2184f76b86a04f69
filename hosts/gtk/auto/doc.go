// Package auto registers GLib's loop with package host, so that host.Open("gtk") works. Import
// it blank in programs that choose their toolkit at run time:
//
//	import _ "github.com/golodger/lodger/hosts/gtk/auto"
//
// The loop is a bare GMainLoop. It also serves windows after the program has called
// gtk.InitCheck. Without cgo the package is empty.
package auto
