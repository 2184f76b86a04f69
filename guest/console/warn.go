package console

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/golodger/lodger/guest/inspect"
)

// The time after which each condition is worth a warning.
const (
	deafAfter  = 5 * time.Second  // a wait after the task's cancellation
	slowAfter  = 30 * time.Second // a wait of a task that others wait for
	placeAfter = 10 * time.Second // a function without a place in its pool
	// at most so many warnings are shown: the first ones tell what is wrong.
	manyWarnings = 20
)

// A warning is about one task, or about several that do the same in the same place.
type warning struct {
	Kind   string `json:"kind"`
	Task   int    `json:"task"`  // the number of the task that has waited longest
	Count  int    `json:"count"` // how many tasks
	For    int64  `json:"for"`   // ms
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
}

// Warnings with equal causes are one warning.
type cause struct {
	kind string
	fn   string
	at   inspect.Place
}

// warnings returns the warnings for a snapshot, the longest wait first.
func (p *past) warnings(s *inspect.Snapshot) []warning {
	found := make(map[cause]*warning)
	awaited := make(map[*inspect.Task]bool)
	each(s.Tasks, func(t *inspect.Task) {
		for _, on := range t.WaitsFor {
			awaited[on] = true
		}
	})
	each(s.Tasks, func(t *inspect.Task) {
		w, ok := p.warn(t, awaited[t])
		if !ok {
			return
		}
		w.Task, w.Count = p.ids[t.Ref], 1
		key := cause{w.Kind, t.Func, t.At}
		if same := found[key]; same != nil {
			w.Count += same.Count
			if same.For > w.For {
				same.Count = w.Count
				return
			}
		}
		found[key] = &w
	})
	list := make([]warning, 0, len(found))
	for _, w := range found {
		list = append(list, *w)
	}
	slices.SortFunc(list, func(a, b warning) int { return cmp.Or(cmp.Compare(b.For, a.For), cmp.Compare(a.Task, b.Task)) })
	return list[:min(len(list), manyWarnings)]
}

// warn says what is wrong with a task, if anything is.
func (p *past) warn(t *inspect.Task, awaited bool) (warning, bool) {
	if t.State != inspect.Waiting {
		return warning{}, false
	}
	if since, ok := p.cancelled[t.Ref]; ok && t.Err != nil {
		if deaf := min(p.now.Sub(since), t.For); deaf >= deafAfter {
			return deafWarning(t, deaf), true
		}
		return warning{}, false
	}
	for _, w := range t.Work {
		if !w.Begun && t.For >= placeAfter {
			return warning{
				Kind: "place", For: t.For.Milliseconds(),
				Text:   fmt.Sprintf("%s waits for a place in its pool for %s, so %s does not begin.", title(t), t.Verb, w.Func),
				Remedy: "Make the pool larger, or run slow functions in a separate pool (flow.NewPool, flow.WithExecutor).",
			}, true
		}
	}
	if awaited && len(t.WaitsFor) == 0 && t.For >= slowAfter {
		return warning{
			Kind: "slow", For: t.For.Milliseconds(),
			Text:   fmt.Sprintf("Other tasks wait for %s, which waits in %s, %s.", title(t), t.Verb, t.At),
			Remedy: "If that may take long, let the others wait with a deadline (context.WithTimeout); otherwise find out why its wait does not end.",
		}, true
	}
	return warning{}, false
}

func deafWarning(t *inspect.Task, deaf time.Duration) warning {
	w := warning{
		Kind: "deaf", For: deaf.Milliseconds(),
		Text: fmt.Sprintf("%s is cancelled, but still waits in %s, %s.", title(t), t.Verb, t.At),
		Remedy: "Pass the task's own ctx to that wait, and not context.Background() or context.WithoutCancel. " +
			"If it is clean-up, give it a deadline.",
	}
	if len(t.Work) > 0 {
		w.Text = fmt.Sprintf("%s is cancelled, but its background function %s goes on.", title(t), t.Work[0].Func)
		w.Remedy = "Make that function heed its ctx: pass ctx on to the functions that it calls, or check ctx.Err() in its loop."
	}
	return w
}

// title names a task.
func title(t *inspect.Task) string {
	if t.Name != "" {
		return cut(t.Name)
	}
	return t.Func
}
