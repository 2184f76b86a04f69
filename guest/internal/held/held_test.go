package held

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dump puts stacks together from lines: a state, and calls with their arguments. Every call lies
// in a file of its own package, at line 7.
func dump(goroutines ...string) *Dump {
	var b strings.Builder
	for i, g := range goroutines {
		state, calls, _ := strings.Cut(g, ": ")
		b.WriteString("goroutine " + string(rune('1'+i)) + " [" + state + "]:\n")
		for call := range strings.SplitSeq(calls, " < ") {
			b.WriteString(call + "\n\t" + fileOf(call) + ":7 +0x1\n")
		}
		b.WriteString("\n")
	}
	return Read(b.String())
}

// fileOf is where a call would be compiled.
func fileOf(call string) string {
	function, _, _ := strings.Cut(call, "(")
	switch {
	case strings.HasPrefix(call, "lodger/"):
		return library + "guest/file.go"
	case strings.HasPrefix(call, "sync.") || strings.HasPrefix(call, "time."):
		return std + "sync/file.go"
	}
	return "/you/" + strings.ReplaceAll(function, "/", "-") + ".go"
}

// library and std are where the library and Go's own were compiled.
var library, std = func() (string, string) {
	_, own, _, _ := runtime.Caller(0)
	f := runtime.FuncForPC(reflect.ValueOf(strings.Fields).Pointer())
	file, _ := f.FileLine(f.Entry())
	return strings.TrimSuffix(own, "guest/internal/held/held_test.go"), strings.TrimSuffix(file, "strings/strings.go")
}()

// Ends of stacks: a task's, a posted function's, a handler's.
const (
	inTurn  = " < lodger/guest.(*Task).call(0x1) < lodger/guest/internal/sched.(*Coro).runBeginnings(0x1)"
	inLoop  = " < main.click(0x1) < kit.Loop(0x1) < lodger/hosts/kit.Run(0x1) < main.main()"
	calling = " < lodger/guest.CallOnMain[...](0x1)"
)

func TestHolderSaysWhatItDoes(t *testing.T) {
	for state, want := range map[string]string{
		"running": "computes", "runnable": "computes", "sync.Mutex.Lock, locked to thread": "waits for a mutex",
		"sync.RWMutex.RLock": "waits for an RWMutex", "chan receive (durable), synctest bubble 1": "waits to receive from a channel",
		"sleep": "sleeps", "IO wait": "waits for a socket or a pipe", "something new": "waits: something new",
	} {
		h := dump(state + ": time.Sleep(0x1) < main.save(0x2) < main.run(0x3)" + inTurn).Task()
		require.Equal(t, want, h.Does)
		require.NotEmpty(t, h.Remedy)
		require.Equal(t, []string{"main.save", "main.save.go:7", "main.run"}, []string{h.In, h.At, h.Task})
		require.False(t, h.Inside)
	}
}

func TestHolderInAnotherModule(t *testing.T) {
	h := dump("select: fyne.io/fyne/v2.DoAndWait(0x1) < main.save(0x2)" + inTurn).Task()
	require.True(t, h.Inside)
	require.True(t, h.WaitsForItself())
	require.Contains(t, h.Does, "waits for the UI thread itself")
	h = dump("running: fyne.io/fyne/v2/app.NewWindow(0x1) < main.save(0x2)" + inTurn).Task()
	require.True(t, h.Inside)
	require.False(t, h.WaitsForItself())
	h = dump("syscall, locked to thread: glfw.CreateWindow(0x1) < fyne.io/fyne/v2/app.NewWindow(0x1) < main.save(0x2)" + inTurn).Task()
	require.Contains(t, h.Remedy, "nothing is wrong then")
	h = dump("syscall: sync.read(0x1) < main.save(0x2)" + inTurn).Task()
	require.Equal(t, "Move it to Background", h.Remedy)
}

// What a page shows of a stack ends where the program's own code does.
func TestChainIsTheProgramsCalls(t *testing.T) {
	names := func(h Holder) (list []string) {
		for _, c := range h.Chain() {
			list = append(list, c.Name())
		}
		return list
	}
	h := dump("sleep: runtime.gopark(0x1) < time.Sleep(0x1) < main.save(0x2) < lodger/guest/flow.Each(0x1) < main.run(0x3)" + inTurn).Task()
	require.Equal(t, []string{"time.Sleep", "main.save", "main.run"}, names(h))
	h = dump("chan receive, locked to thread: kit.Draw(0x1) < main.show(0x1)" + inLoop).Handler()
	require.Equal(t, []string{"kit.Draw", "main.show", "main.click"}, names(h))
	h = dump("running: main.again(0x1)" + strings.Repeat(" < main.again(0x1)", 100) + inTurn).Task()
	require.Len(t, names(h), manyCalls)
	require.Empty(t, names(Holder{}))
}

func TestHandlerIsInsideTheLoop(t *testing.T) {
	h := dump("syscall, locked to thread: main.poll()"+inLoop, "chan receive, locked to thread: time.Wait(0x1)"+inLoop).Handler()
	require.Equal(t, "main.click", h.In)
	require.Empty(t, h.Task)
	h = dump("runnable, locked to thread: kit.draw() < kit.Loop() < lodger/hosts/kit.Run() < main.main()").Handler()
	require.False(t, h.Known(), "a loop that draws is not the program's affair")
	require.False(t, dump().Task().Known())
}

// It is known who waits for the same lock, and whose arguments have the value that it lies in.
func TestWhyNamesWhoMayHoldTheLock(t *testing.T) {
	d := dump(
		"sync.Mutex.Lock: sync.(*Mutex).lockSlow(0xc000012a48) < main.(*Store).Get(0xc000012a40, 0x5) < main.show(0xc000000001)"+inTurn,
		"chan receive: lodger/guest.wait(0x1)"+calling+" < main.(*Store).Save(0xc000012a40?)",
		"select: lodger/guest.wait(0x1)"+calling+" < main.tell(0xc000099990)",
		"coroutine: lodger/guest.Sleep(0x1) < main.idle(0x2)"+inTurn,
		"sync.Mutex.Lock: sync.(*Mutex).lockSlow(0xc000012a48) < main.(*Store).Len(0xc000012a40)",
		"running: main.(*Store).Sort(0xc000012a40)",
		"running: main.work(0xc100000000)",
	)
	require.Equal(t, []string{
		"main.(*Store).Save (main..go:7) works on the same value, and likely holds the lock; it waits for the UI thread in guest.CallOnMain",
		"main.(*Store).Sort (main..go:7) works on the same value, and likely holds the lock; it computes",
		"main.tell (main.tell.go:7) may hold the lock; it waits for the UI thread in guest.CallOnMain",
		"main.(*Store).Len (main..go:7) waits for the same lock",
	}, d.Task().Why)
	require.Len(t, d.Callers(), 2)
	require.Len(t, d.Running("main.tell"), 1)
}

// Without addresses the types tell; without types, those who wait are named if they are few.
func TestWhyNamesSuspects(t *testing.T) {
	const wants = "sync.Mutex.Lock: sync.(*Mutex).lockSlow(0xc000012a48) < main.(*Store).Get(0x0?)" + inTurn
	idle := "coroutine: lodger/guest.Sleep(0x1) < main.idle(0x2)" + inTurn
	require.Equal(t, []string{
		"main.(*Store).Save.func1 (main..go:7) works on a value of the same type, and likely holds the lock; " +
			"it is a task that waits, and goes on only on the UI thread",
	}, dump(wants, "coroutine: lodger/guest.Sleep(0x1) < main.(*Store).Save.func1(0x0?)"+inTurn, idle).Task().Why)
	require.Equal(t, []string{
		"main.idle (main.idle.go:7) may hold the lock; it is a task that waits, and goes on only on the UI thread",
	}, dump(wants, idle, "coroutine, locked to thread: lodger/host.Run(0x1) < main.main()").Task().Why)
}

func TestWhyIsNotGuessed(t *testing.T) {
	waiting := "coroutine: lodger/guest.Sleep(0x1) < main.idle(0x2)" + inTurn
	d := dump("sync.Mutex.Lock: sync.(*Mutex).lockSlow(0xc000012a48) < main.get(0x1)"+inTurn, waiting, waiting, waiting, waiting)
	require.Empty(t, d.Task().Why, "many tasks wait, and nothing is known")
	caller := "select: lodger/guest.wait(0x1)" + calling + " < main.tell(0xc000099990)"
	require.Empty(t, dump("running: main.get(0x1)"+inTurn, caller).Task().Why)
	require.Equal(t, []string{"main.tell (main.tell.go:7) waits for the UI thread in guest.CallOnMain"},
		dump("chan receive: main.get(0x1)"+inTurn, caller).Task().Why)
}

func TestNamesAreThoseOfGoroutines(t *testing.T) {
	var s Self
	locked, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		s.Enter("autosave")
		defer s.Leave()
		waitHere(locked)
	}()
	require.Eventually(t, func() bool { return len(Now().Running("held.waitHere")) == 1 }, 10*time.Second, time.Millisecond)
	require.Regexp(t, `^autosave: held\.waitHere \(held_test\.go:\d+\)$`, Now().Running("held.waitHere")[0].Title())
	close(locked)
	<-done
	require.Empty(t, nameOf("1"))
}

//go:noinline
func waitHere(c chan struct{}) { <-c }
