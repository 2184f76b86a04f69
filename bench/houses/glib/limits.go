package main

// #cgo pkg-config: glib-2.0
// #cgo LDFLAGS: -lpthread
// #include "limits.h"
import "C"

// Lower limits for every scheduler: a turn of the loop for a source that does nothing, and two
// threads that wake each other.

func dispatches(n int) { C.dispatches(C.int(n)) }

func eventfdTrips(n int, _ func()) { C.eventfd_trips(C.int(n)) }

func futexTrips(n int, _ func()) { C.futex_trips(C.int(n)) }
