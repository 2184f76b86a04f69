// Package host is a stub: the names and types of the real one, as far as the tests need them.
package host

type Mainloop interface {
	Mainloop(startGuest func() error) error
}
