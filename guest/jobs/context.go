package jobs

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// An ownerless context has the values and the cancellation of a context of a guest, but no
// scope. So what guest.AsyncOn starts with it belongs to the guest itself, which is what jobs
// need: a scope would wait for them.
type ownerless struct{ context.Context }

func (o ownerless) Value(key any) any {
	if key == scopeKey {
		return nil
	}
	return o.Context.Value(key)
}

// scopeKey is the key by which package guest finds the scope of a context.
var scopeKey = learnScopeKey()

type spy struct {
	context.Context
	key any
}

func (s *spy) Value(key any) any { s.key = key; return nil }

func learnScopeKey() any {
	s := &spy{Context: context.Background()}
	guest.FromContext(s)
	return s.key
}

var jobKey int

// jobOf returns the job whose function got ctx, or nil.
func jobOf(ctx context.Context) *job {
	j, _ := ctx.Value(&jobKey).(*job)
	return j
}

// IDFrom returns the job that the function which got ctx runs for. Any goroutine.
func IDFrom(ctx context.Context) (ID, bool) {
	if j := jobOf(ctx); j != nil {
		return j.id, true
	}
	return 0, false
}
