package loops

import (
	"context"
)

// A scope is a set of names, in a context. Contexts are the lineage: a scope's parent is the
// scope of the context that it was made from.
type scope struct {
	parent *scope
	ctx    context.Context // what its loops end with
	loops  map[string]*Manager
}

// process is the scope of contexts without one.
var process = newScope(nil)

var scopeKey int

func newScope(parent *scope) *scope {
	return &scope{parent, context.Background(), make(map[string]*Manager)}
}

// Scoped returns a context with a scope of its own, in which Create makes loops that the rest
// of the program does not see. The scope's loops end when ctx is done. If ctx knows no scope,
// this one is a root. Any goroutine. Never waits.
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

// needContext refuses a nil context at the call, where the mistake is, and before any lock.
func needContext(ctx context.Context) {
	if ctx == nil {
		panic("loops: called with a nil context; pass one that Scoped made, or context.Background()")
	}
}

// find looks from s up to the root, which it returns too. The registry's lock is held.
func (s *scope) find(id string) (m *Manager, root *scope) {
	for ; s != nil; s = s.parent {
		if m == nil {
			m = s.loops[id]
		}
		root = s
	}
	return m, root
}

// Lookup returns the loop of that name, in the scope of ctx or the nearest above it. If there
// is none, the error is a *NotFoundError. Any goroutine. Never waits.
func Lookup(ctx context.Context, id string) (*Loop, error) {
	s := scopeOf(ctx)
	registry.Lock()
	defer registry.Unlock()
	if m, _ := s.find(id); m != nil {
		return &Loop{m: m}, nil
	}
	return nil, &NotFoundError{id}
}

// Get returns the loop of that name, in the scope of ctx or the nearest above it; if there is
// none, it makes one at the root, with opts. Such a loop has no manager: it ends with the root
// scope's context (or that of opts), and that of the process never does. Any goroutine. Never
// waits.
//
// If the root scope's context is done, no loop is made, and the error is ErrScopeEnded. With a
// Kind in opts the handle is of that kind; if the loop is there already and is protected for
// another, the error is an *UnknownKindError.
func Get(ctx context.Context, id string, opts *Options) (*Loop, error) {
	if id == "" {
		panic("loops: Get called without a name; for a loop without one use New")
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

// Create makes a loop in the scope of ctx itself, which hides one of the same name above it,
// starts it, and returns its manager. If there is one in this very scope, the error is an
// *ExistsError; if the scope's context is done, ErrScopeEnded. Any goroutine. Never waits.
func Create(ctx context.Context, id string, opts *Options) (*Manager, error) {
	m := New(id, opts)
	if err := m.Start(ctx); err != nil {
		return nil, err
	}
	return m, nil
}
