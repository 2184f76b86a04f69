package flow

import (
	"context"
	"iter"
	"sync"
)

// A Var is an observable value: a selection, the state of a connection, the text of a label.
// The newest value wins: an observer may miss values in between, but never the last one.
//
// NewVar and NewVarFunc make one; the zero Var holds T's zero value. A Var needs no guest and
// holds no goroutine, and you need not close it. A Var does not copy what its value refers to.
// If you change the target of a pointer, map or slice, the Var does not notice; set a new value
// instead.
//
// The ideas come from Kotlin's StateFlow and tokio's watch.
type Var[T any] struct {
	equal func(a, b T) bool // or nil: every Set is a change
	owned bool              // an action owns it; only the action sets it

	writing sync.Mutex // held while the value is set, also while Update's function runs; before mu

	mu      sync.Mutex
	value   T
	version uint64
	changed signal        // settled by the next change; nil while no code waits for it
	bound   []*binding[T] // replaced, never changed
}

// NewVar returns a Var that holds v. Every Set is a change, even to an equal value. Any
// goroutine.
func NewVar[T any](v T) *Var[T] { return &Var[T]{value: v} }

// NewVarFunc returns a Var that holds v and ignores a new value that equals the old one: it
// keeps the old value and notifies no observer. So two Vars that are bound to each other come
// to rest. equal is called on the goroutines that set and observe the Var, and must not use the
// Var. Any goroutine. NewVarFunc panics if equal is nil.
func NewVarFunc[T any](v T, equal func(a, b T) bool) *Var[T] {
	needFunc(equal == nil, "NewVarFunc")
	return &Var[T]{value: v, equal: equal}
}

// Get returns the newest value. Any goroutine, any UI handler. Never waits.
func (x *Var[T]) Get() T {
	v, _ := x.newest()
	return v
}

// newest returns the value and its number, from 1.
func (x *Var[T]) newest() (T, uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.value, x.version + 1
}

// Set changes the value. Any goroutine, any UI handler. Set waits only for functions of Update
// that run on other goroutines.
func (x *Var[T]) Set(v T) {
	x.needMine("Set")
	x.set(v)
}

// needMine panics for the Var of an action's Busy.
func (x *Var[T]) needMine(verb string) {
	if x.owned {
		panic("flow: " + verb + " called on the Var that an Action's Busy returns; only the action sets it")
	}
}

func (x *Var[T]) set(v T) { announce(x.write(v)) }

// write needs the defer, since the program's function for equality may panic.
func (x *Var[T]) write(v T) (changed signal, bound []*binding[T]) {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.store(v)
}

// Update sets the value to the result of fn, and returns it. fn gets the current value. Updates
// are atomic: fn is called once, and no Set comes in between. fn runs on the caller's
// goroutine. It must be quick, and must not set the same Var; it may call Get. If fn panics,
// the value does not change. Any goroutine, any UI handler; it waits as Set does.
func (x *Var[T]) Update(fn func(old T) T) T {
	needFunc(fn == nil, "Update")
	x.needMine("Update")
	v, changed, bound := x.update(fn)
	announce(changed, bound)
	return v
}

func (x *Var[T]) update(fn func(old T) T) (v T, changed signal, bound []*binding[T]) {
	x.writing.Lock()
	defer x.writing.Unlock()
	v = fn(x.value)
	changed, bound = x.store(v)
	return v, changed, bound
}

// store changes the value, and returns the observers to notify. The lock for writing is held, so
// the value may be read without the other lock.
func (x *Var[T]) store(v T) (changed signal, bound []*binding[T]) {
	if x.equal != nil && x.equal(x.value, v) {
		return nil, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.value = v
	x.version++
	changed, x.changed = x.changed, nil
	return changed, x.bound
}

// announce notifies the observers. They read the new value themselves.
func announce[T any](changed signal, bound []*binding[T]) {
	ring(changed)
	for _, b := range bound {
		b.notify()
	}
}

// Values ranges over the current value of the Var, and then over its changes, until ctx is
// done. In a task it parks; elsewhere it blocks the calling goroutine. On a UI thread outside a
// task the error wraps guest.ErrWouldDeadlock.
//
//	for v, err := range selected.Values(ctx) {
//		if err != nil {
//			return err // ctx is done; v is the newest value
//		}
//
// If the value changes several times while the loop's body runs or waits, the loop sees only
// the newest value. A pair with an error is the last one. If the body is only one call of a
// widget, use Bind instead.
func (x *Var[T]) Values(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := sight[T]{equal: x.equal}
		for {
			v, err := x.next(ctx, &seen)
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// Until waits until ok returns true for the value, and returns that value. If ok is true
// already, it returns at once. In a task it parks; elsewhere it blocks the calling goroutine.
// On a UI thread outside a task the error wraps guest.ErrWouldDeadlock. ok is called on the
// caller's goroutine.
//
//	if _, err := paused.Until(ctx, func(on bool) bool { return !on }); err != nil {
//		return err
//	}
//
// As in Values, Until may miss a value that changes again before it checks. When ctx is done,
// Until returns the error of ctx and the newest value.
func (x *Var[T]) Until(ctx context.Context, ok func(v T) bool) (T, error) {
	needFunc(ok == nil, "Until")
	for v, err := range x.Values(ctx) {
		if err != nil || ok(v) {
			return v, err
		}
	}
	return x.Get(), nil // unreachable: Values ends only with an error
}

// next waits for a value that was not seen before.
func (x *Var[T]) next(ctx context.Context, seen *sight[T]) (T, error) {
	_, err := mayWait(ctx, "flow.(*Var).Values")
	for err == nil {
		v, version, changed := x.after(seen.version)
		switch {
		case changed != nil:
			err = await(ctx, changed)
		case seen.news(v, version):
			return v, done(ctx)
		}
	}
	return x.Get(), err
}

// after returns the newest value and its number. If the number is still version, it returns the
// signal to wait for instead of the value.
func (x *Var[T]) after(version uint64) (v T, newest uint64, changed signal) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if version != x.version+1 {
		return x.value, x.version + 1, nil
	}
	if x.changed == nil {
		x.changed = newSignal()
	}
	return v, version, x.changed
}

// A sight is the value that an observer has seen last.
type sight[T any] struct {
	equal   func(a, b T) bool
	version uint64 // 0: nothing yet
	last    T      // set only if the Var has an equal function
}

// news records that the observer has seen v, and reports whether v is new to it. A value that
// has changed and changed back is not new.
func (s *sight[T]) news(v T, version uint64) bool {
	news := s.version == 0 || s.version != version && (s.equal == nil || !s.equal(s.last, v))
	s.version = version
	if s.equal != nil {
		s.last = v
	}
	return news
}

// A binding is a function that is called on the UI thread after changes.
type binding[T any] struct {
	notify func()
	seen   sight[T] // UI thread only
}
