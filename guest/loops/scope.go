package loops

import (
	"context"
)

// A scope is a set of names in a context. Its parent is the scope of the context that it was
// made from.
type scope struct {
	parent *scope
	ctx    context.Context // its loops end when this is done
	loops  map[string]*Manager
}

// process is the scope of contexts without one.
var process = newScope(nil)

var scopeKey int

func newScope(parent *scope) *scope {
	return &scope{parent, context.Background(), make(map[string]*Manager)}
}

// Scoped returns a context with a new scope. The rest of the program does not see the loops that
// Create makes in it. The scope's loops end when ctx is done. If ctx has no scope, the new scope
// is a root. Any goroutine. Never waits.
func Scoped(ctx context.Context) context.Context {
	needContext(ctx)
	parent, _ := ctx.Value(&scopeKey).(*scope)
	s := newScope(parent)
	s.ctx = context.WithValue(ctx, &scopeKey, s)
	return s.ctx
}

// scopeOf returns the innermost scope of ctx.
func scopeOf(ctx context.Context) *scope {
	needContext(ctx)
	if s, ok := ctx.Value(&scopeKey).(*scope); ok {
		return s
	}
	return process
}

// needContext panics for a nil context at the call that has the mistake, before any lock is
// taken.
func needContext(ctx context.Context) {
	if ctx == nil {
		panic("loops: called with a nil context; pass one that Scoped made, or context.Background()")
	}
}

// find searches from s up to the root, and also returns the root. The registry's lock is held.
func (s *scope) find(id string) (m *Manager, root *scope) {
	for ; s != nil; s = s.parent {
		if m == nil {
			m = s.loops[id]
		}
		root = s
	}
	return m, root
}

// Lookup returns the loop with that name from the scope of ctx, or from the nearest scope above
// it. If there is none, the error is a *NotFoundError. Any goroutine. Never waits.
func Lookup(ctx context.Context, id string) (*Loop, error) {
	s := scopeOf(ctx)
	registry.Lock()
	defer registry.Unlock()
	if m, _ := s.find(id); m != nil {
		return &Loop{m: m}, nil
	}
	return nil, &NotFoundError{id}
}

// Get returns the loop with that name from the scope of ctx, or from the nearest scope above it.
// If there is none, it makes one at the root, with opts. Such a loop has no manager. It ends
// with the context of the root scope, or with the context in opts; the scope of the process
// never ends. Any goroutine. Never waits.
//
// If the context of the root scope is done, Get makes no loop and returns ErrScopeEnded. If opts
// has a Kind, the handle is of that kind. If the loop exists already and has a different kind,
// the error is an *UnknownKindError.
func Get(ctx context.Context, id string, opts *Options) (*Loop, error) {
	if id == "" {
		panic("loops: Get called without a name; use New for a loop without a name")
	}
	s := scopeOf(ctx)
	registry.Lock()
	defer registry.Unlock()
	m, root := s.find(id)
	if m == nil {
		m = New(id, opts)
		if err := m.start(root, root.ctx); err != nil {
			return nil, err
		}
	}
	if given, expected := opts.kind(), m.opts.kind(); given != "" && expected != "" && given != expected {
		return nil, &UnknownKindError{given, expected}
	}
	return &Loop{m, opts.kind()}, nil
}

// Create makes a loop in the scope of ctx, starts it, and returns its manager. The loop hides
// one with the same name in a scope above. If this scope already has a loop with that name, the
// error is an *ExistsError. If the scope's context is done, the error is ErrScopeEnded. Any
// goroutine. Never waits.
func Create(ctx context.Context, id string, opts *Options) (*Manager, error) {
	m := New(id, opts)
	if err := m.Start(ctx); err != nil {
		return nil, err
	}
	return m, nil
}
