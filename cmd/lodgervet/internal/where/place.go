package where

// A Place is where a function runs.
type Place int

const (
	Unknown    Place = iota // nothing says where
	Task                    // on the UI thread, as a task: it may wait
	Handler                 // on the UI thread, outside a task
	Background              // off the UI thread, with a context from a guest
	Goroutine               // off the UI thread, unknown to any guest
	InPlace                 // at the place of the call
)

// OnUI reports whether the place is the UI thread.
func (p Place) OnUI() bool { return p == Task || p == Handler }

// OffUI reports whether the place is certainly another thread.
func (p Place) OffUI() bool { return p == Background || p == Goroutine }

// String returns the name of the place for a diagnostic.
func (p Place) String() string {
	switch p {
	case Task:
		return "a task"
	case Handler:
		return "a handler"
	case Background:
		return "a background function"
	case Goroutine:
		return "a goroutine"
	}
	return "a function"
}
