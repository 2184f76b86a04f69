// Package page asks a web page for a turn, in programs for js/wasm. It is the common part of the
// hosts in a page.
package page
