package host

import "syscall"

var getCurrentThreadID = syscall.NewLazyDLL("kernel32.dll").NewProc("GetCurrentThreadId")

func currentThread() Thread {
	id, _, _ := getCurrentThreadID.Call()
	return Thread(id)
}
