package uiblock

import (
	"net"
	"sync"
	"time"
	"uiblock/helper"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// A parameter says whether a function waits.
func stop(wait bool, wg *sync.WaitGroup) {
	if wait {
		wg.Wait()
	}
}

func stopNow(wg *sync.WaitGroup) { stop(false, wg) }

func passOn(wait bool, wg *sync.WaitGroup) { stop(wait, wg) }

func send(action string) {
	switch action {
	case "play":
		time.Sleep(1)
	}
	if action == "stop" {
		return
	}
	net.Dial("tcp", "example.org:80")
}

func changed(wait bool, wg *sync.WaitGroup) {
	wait = !wait
	if wait {
		wg.Wait()
	}
}

func again(wait bool, n int, wg *sync.WaitGroup) {
	if n > 0 {
		again(true, n-1, wg)
	}
	stop(wait, wg)
}

func parameters(b *widget.Button, wg *sync.WaitGroup, wait bool) {
	b.OnTapped = func() {
		stop(false, wg)     // near miss
		stopNow(wg)         // near miss
		passOn(false, wg)   // near miss
		send("stop")        // near miss
		stop(true, wg)      // want `stop blocks the UI thread in a handler \(WaitGroup.Wait at calls.go:16\)`
		stop(wait, wg)      // want `stop blocks`
		passOn(true, wg)    // want `passOn blocks`
		send("play")        // want `send blocks the UI thread in a handler \(time.Sleep at calls.go:27\)`
		send("pause")       // want `send blocks the UI thread in a handler \(net.Dial at calls.go:32\)`
		changed(false, wg)  // want `changed blocks`
		again(false, 1, wg) // want `again blocks`
	}
}

// What is sent to a channel with room can be received at once.
func subscribe() (<-chan int, func()) {
	ch := make(chan int, 1)
	ch <- 1
	return ch, func() { close(ch) }
}

func unsent() chan int { return make(chan int, 1) }

func maybe(n int) chan int {
	ch := make(chan int, 1)
	if n > 1 {
		return make(chan int)
	}
	ch <- 1
	return ch
}

func received2(b *widget.Button) {
	b.OnTapped = func() {
		first, _ := subscribe()
		<-first // near miss
		<-first // want `a receive from a channel`
		filled := helper.Filled()
		<-filled // near miss
		empty := unsent()
		<-empty // want `a receive from a channel`
		other := maybe(1)
		<-other // want `a receive from a channel`
		looped, _ := subscribe()
		for range 2 {
			<-looped // want `a receive from a channel`
		}
		net.Dial("udp", "192.0.2.1:80")    // near miss: it sends nothing
		net.Dial("udp", "example.org:80")  // want `net.Dial blocks`
		net.Dial("tcp", "192.0.2.1:80")    // want `net.Dial blocks`
		net.Dial("udp", b.Text+":80")      // want `net.Dial blocks`
		net.Dial("udp6", "[2001:db8::]:1") // near miss
	}
}

func selected(l *widget.Label) {
	fyne.DoAndWait(l.Refresh)
}

func selects(l *widget.Label) { selected(l) }

// A DoAndWait is reported once, for the first handler that reaches it.
func onceOnly(a, b *widget.Button, l *widget.Label) {
	a.OnTapped = func() { selects(l) } // want `selects blocks the UI thread in a handler \(fyne.DoAndWait at calls.go:107\)`
	b.OnTapped = func() {
		selected(l)
		fyne.DoAndWait(l.Refresh) // want `fyne.DoAndWait blocks`
	}
}
