package host

// A Thread names one OS thread for as long as the thread lives. The zero Thread is no thread.
//
// A thread identifies a UI, not a goroutine: a task is a coroutine, which has its own goroutine
// on the same thread. Hosts compare Threads to implement [Threader].
type Thread uint64

// CurrentThread returns the calling OS thread on Linux, Android, macOS, iOS and Windows. On all
// other systems it returns the zero Thread. That includes js/wasm, which has only one thread.
// The answer stays valid only while the goroutine is locked to its thread. It costs a system
// call. Any goroutine. Never waits.
func CurrentThread() Thread { return currentThread() }
