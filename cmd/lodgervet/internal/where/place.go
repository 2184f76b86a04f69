package where

// A Place is where a function runs.
type Place int

const (
	Unknown    Place = iota // nothing in sight says it
	Task                    // on the UI thread, as a task: it may wait
	Handler                 // on the UI thread, outside a task
	Background              // off the UI thread, with a context that a guest has made for it
	Goroutine               // off the UI thread, and no guest knows of it
	InPlace                 // wherever the call is
)

// OnUI reports whether the place is the UI thread.
func (p Place) OnUI() bool { return p == Task || p == Handler }

// OffUI reports whether the place is surely another thread.
func (p Place) OffUI() bool { return p == Background || p == Goroutine }

// String names the place as a diagnostic does.
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
