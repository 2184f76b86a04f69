package host

import "syscall"

func currentThread() Thread { return Thread(syscall.Gettid()) }
