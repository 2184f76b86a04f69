package uiblock

import (
	"os/exec"
	"runtime"
	"time"

	"fyne.io/fyne/v2/widget"
)

const debug = false

// Near misses: what a constant condition excludes never runs. The tests run on Linux.
func dead(b *widget.Button, n int) {
	b.OnTapped = func() {
		if debug {
			time.Sleep(1)
		}
		if runtime.GOOS == "plan9" && n > 1 {
			time.Sleep(1)
		} else if n > 2 {
			time.Sleep(1) // want `time.Sleep blocks`
		}
		if !debug {
			time.Sleep(1) // want `time.Sleep blocks`
		} else {
			time.Sleep(1)
		}
		if debug || n > 1 {
			time.Sleep(1) // want `time.Sleep blocks`
		}
		switch runtime.GOOS {
		case "plan9":
			time.Sleep(1)
		case "linux", "darwin", "windows":
			time.Sleep(1) // want `time.Sleep blocks`
		default:
			time.Sleep(1)
		}
		switch runtime.GOOS {
		case "plan9":
			time.Sleep(1)
			fallthrough
		default:
			time.Sleep(1) // want `time.Sleep blocks`
		}
		shell() // nothing runs
		open()  // want `open blocks the UI thread in a handler \(Cmd.Run at dead.go:63\)`
	}
}

func shell() {
	if runtime.GOOS != "plan9" {
		return
	}
	exec.Command("rc").Run()
}

func open() {
	if runtime.GOOS == "plan9" {
		return
	}
	exec.Command("xdg-open").Run()
}

// A goto may lead behind a return.
func jumps(n int) {
	if n > 1 {
		goto wait
	}
	if !debug {
		return
	}
wait:
	time.Sleep(1)
}

type machine struct{}

func (machine) stop(wait bool) {
	if wait {
		time.Sleep(1)
	}
}

func (m machine) all(force ...bool) {
	if len(force) > 0 {
		time.Sleep(1)
	}
}

func more(b *widget.Button, m machine) {
	b.OnTapped = func() {
		jumps(2)              // want `jumps blocks`
		m.stop(false)         // near miss
		m.stop(true)          // want `stop blocks`
		machine.stop(m, true) // want `stop blocks`
		m.all(false)          // want `all blocks`
		stopped := m.stop     // a variable that is set once
		stopped(false)        // near miss
		func(wait bool) {     // its parameter is not looked at
			if wait {
				time.Sleep(1) // want `time.Sleep blocks`
			}
		}(false)
	}
}
