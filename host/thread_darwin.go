package host

import "syscall"

func currentThread() Thread {
	id, _, _ := syscall.Syscall(syscall.SYS_THREAD_SELFID, 0, 0, 0)
	return Thread(id)
}
