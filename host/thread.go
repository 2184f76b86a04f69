package host

// A Thread names one OS thread, for as long as it lives. The zero Thread is no thread.
//
// The identity of a UI is its thread and never a goroutine: a task is a coroutine, with a
// goroutine of its own, on the same thread. Hosts compare Threads to answer [Threader].
type Thread uint64

// CurrentThread returns the calling OS thread. It is the zero Thread where Go's standard
// library can't tell (js/wasm, where there is only one, and the smaller Unix systems). Any
// goroutine; the answer keeps its meaning only while the goroutine is locked to its thread. It
// costs a system call.
func CurrentThread() Thread { return currentThread() }
