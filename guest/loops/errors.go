package loops

import (
	"errors"
	"fmt"
)

var (
	// ErrStarted: a loop runs once; make another Manager for another loop.
	ErrStarted = errors.New("loops: already started; a loop runs once, make another with New")

	// ErrScopeEnded: the context of the scope is done, and its loops with it. The error also
	// matches the context's cause.
	ErrScopeEnded = errors.New("loops: the scope has ended and takes no more loops; make them in a scope whose context lives")

	// ErrNotStarted: the loop has not been started.
	ErrNotStarted = errors.New("loops: not started; call Start first")
)

// A NotFoundError says that no loop of that name lives in the context's scopes.
type NotFoundError struct{ ID string }

// Error names what was looked for, and the remedy.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("loops: no loop %q in this scope or above it; make it with Create or Get, or pass a context of its scope", e.ID)
}

// An ExistsError says that a loop of that name lives in this very scope.
type ExistsError struct{ ID string }

// Error names the loop, and the remedy.
func (e *ExistsError) Error() string {
	return fmt.Sprintf("loops: there is a loop %q in this scope already; use it with Get, or open a scope of your own with Scoped", e.ID)
}

// An UnknownKindError says that a protected loop refused work of another kind than its own.
type UnknownKindError struct{ Given, Expected string }

// Error names both kinds, and the remedy.
func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("loops: work of kind %q given to a loop that takes only %q; submit through loop.For(%q)", e.Given, e.Expected, e.Expected)
}
