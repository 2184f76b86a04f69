package host

// A Thread names one OS thread for as long as the thread lives. The zero Thread is no thread.
//
// A thread identifies a UI, not a goroutine: a task is a coroutine, which has its own goroutine
// on the same thread. Hosts compare Threads to implement [Threader].
type Thread uint64

// CurrentThread returns the calling OS thread. It returns the zero Thread where Go's standard
// library can't tell: on js/wasm, which has only one thread, and on the smaller Unix systems.
// The answer stays valid only while the goroutine is locked to its thread. It costs a system
// call. Any goroutine. Never waits.
func CurrentThread() Thread { return currentThread() }
