// Package gtkui is what package gtkhost has for programs with windows. Without cgo it is empty.
package gtkui
