package loops

import (
	"errors"
	"fmt"
)

var (
	// ErrStarted: the loop was started before. A loop runs once; make another Manager for
	// another loop.
	ErrStarted = errors.New("loops: already started; a loop runs once, so make another with New")

	// ErrScopeEnded: the context of the scope is done, so its loops have ended. The error also
	// matches the context's cause.
	ErrScopeEnded = errors.New("loops: the scope has ended and takes no more loops; use a scope whose context is not done")

	// ErrNotStarted: the loop has not been started.
	ErrNotStarted = errors.New("loops: not started; call Start first")
)

// A NotFoundError says that the context's scopes have no loop with that name.
type NotFoundError struct{ ID string }

// Error names the loop and the remedy.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("loops: no loop %q in this scope or above it; make one with Create or Get, or pass a context of its scope", e.ID)
}

// An ExistsError says that this scope already has a loop with that name.
type ExistsError struct{ ID string }

// Error names the loop and the remedy.
func (e *ExistsError) Error() string {
	return fmt.Sprintf("loops: this scope already has a loop %q; use that loop with Get, or open your own scope with Scoped", e.ID)
}

// An UnknownKindError says that a protected loop refused work of a different kind.
type UnknownKindError struct{ Given, Expected string }

// Error names both kinds and the remedy.
func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("loops: work of kind %q given to a loop that takes only %q; submit through loop.For(%q)", e.Given, e.Expected, e.Expected)
}
