package where

import (
	"go/types"
	"strings"
)

// The packages that the checks know by name.
const (
	Lodger  = "github.com/golodger/lodger/"
	Guest   = Lodger + "guest"
	Flow    = Guest + "/flow"
	Jobs    = Guest + "/jobs"
	Loops   = Guest + "/loops"
	Inspect = Guest + "/inspect"
	FyneUI  = Lodger + "hosts/fyne"
	GtkHost = Lodger + "hosts/gtk"
	GtkUI   = GtkHost + "/gtkui"

	Headless   = Lodger + "hosts/headless"
	Browser    = Lodger + "hosts/browser"
	Bubbletea  = Lodger + "hosts/bubbletea"
	Tview      = Lodger + "hosts/tview"
	Ebitengine = Lodger + "hosts/ebitengine"

	Fyne  = "fyne.io/fyne/v2"
	Gotk3 = "github.com/gotk3/gotk3/"
)

// runs says where Lodger runs the functions that are passed to it, by the Name of the called
// function.
var runs = map[string]Place{
	Guest + ".Go": Task, Guest + ".Guest.Go": Task, Guest + ".Async": Task,
	Guest + ".After": Task, Guest + ".Every": Task, Guest + ".Start": Task,
	Guest + ".Run": Task, Guest + ".RunTask": Task, Guest + ".Scope": Task,
	Guest + ".Supervise": Task, Guest + ".CallOnMain": Task, Guest + ".Cleanup": Task,
	Guest + ".Queue.Add":  Task,
	Guest + ".Background": Background, Guest + ".BackgroundFunc": Background, Guest + ".Submit": Background,
	Guest + ".RunOnMain": Handler, Guest + ".Guest.Post": Handler, Guest + ".Modal": Handler,
	Guest + ".Future.OnDone": Handler, Guest + ".Await": InPlace,
	Loops + ".Submit": Background, Jobs + ".Set.Add": Task,
	Guest + "/guesttest.Run": Task,
	Flow + ".NewAction":      Task, Flow + ".NewProgress": Handler, Flow + ".Var.Bind": Handler,
	Flow + ".Retry": InPlace, Flow + ".Semaphore.With": InPlace, Flow + ".Var.Update": InPlace,
	FyneUI + ".Run": Task, FyneUI + ".WithWindow": Task, FyneUI + ".QuitOnClose": Task,
	FyneUI + ".AskOnClose": Task, FyneUI + ".Custom": Task, FyneUI + ".Busy": Background,
	FyneUI + "/fynetest.Run": Task,
	GtkHost + ".Run":         Task, GtkHost + ".Connect": Handler,
	GtkUI + ".Run": Task, GtkUI + ".RunApplication": Task, GtkUI + ".WithWindow": Task,
	GtkUI + ".QuitOnClose": Task, GtkUI + ".AskOnClose": Task, GtkUI + ".Custom": Task,
	GtkUI + ".Busy": Background,
	// The main functions of the other hosts are not here: see markApart.
	Bubbletea + ".Busy": Background,
	Browser + ".Event":  Handler, Browser + ".Events": Handler, Browser + ".Abortable": InPlace,
}

// elsewhere holds functions of other packages that run their arguments on a goroutine.
var elsewhere = map[string]bool{
	"time.AfterFunc": true, "runtime.SetFinalizer": true, "runtime.AddCleanup": true,
	"context.AfterFunc": true, "net/http.HandleFunc": true, "net/http.ServeMux.HandleFunc": true,
	"sync.WaitGroup.Go": true, "golang.org/x/sync/errgroup.Group.Go": true,
}

// inPlace holds packages whose functions call their arguments before they return.
var inPlace = map[string]bool{
	"sort": true, "slices": true, "strings": true, "bytes": true, "maps": true,
	"path/filepath": true, "io/fs": true,
}

// posts holds the toolkits' own calls that post to the UI thread.
var posts = map[string]bool{
	Fyne + ".Do": true, Fyne + ".DoAndWait": true,
	Gotk3 + "glib.IdleAdd": true, Gotk3 + "glib.IdleAddPriority": true,
}

// notUI holds functions of Fyne that may run their arguments off the UI thread.
var notUI = map[string]bool{
	Fyne + "/canvas.NewRaster": true, Fyne + "/canvas.NewRasterWithPixels": true,
	Fyne + "/driver.RunNative": true, Fyne + ".Lifecycle.SetOnStopped": true,
}

// events holds the methods by which Fyne tells widgets what has happened to them.
var events = map[string]bool{
	"Tapped": true, "TappedSecondary": true, "DoubleTapped": true, "Dragged": true, "Scrolled": true,
	"TypedKey": true, "TypedShortcut": true, "KeyDown": true, "KeyUp": true,
	"MouseIn": true, "MouseMoved": true, "MouseDown": true, "MouseUp": true,
}

// bareEvents are the handlers without an event of Fyne as a parameter. They count only for a type
// that embeds something of Fyne.
var bareEvents = map[string]bool{
	"TypedRune": true, "FocusGained": true, "FocusLost": true, "MouseOut": true, "DragEnd": true,
	"CreateRenderer": true,
}

// argument returns where fn runs its function arguments.
func argument(fn *types.Func) Place {
	if fn == nil || fn.Pkg() == nil {
		return Unknown
	}
	name, pkg := Name(fn), fn.Pkg().Path()
	if place, ok := runs[name]; ok {
		return place
	}
	switch {
	case elsewhere[name]:
		return Goroutine
	case inPlace[pkg], name == "sync.Once.Do":
		return InPlace
	case ofToolkit(pkg) && !notUI[name]:
		return Handler
	}
	return Unknown
}

// ofToolkit reports whether a package belongs to a toolkit that calls back on its UI thread.
func ofToolkit(pkg string) bool {
	switch pkg {
	case Fyne + "/test", Fyne + "/storage", Fyne + "/storage/repository":
		return false
	}
	return pkg == Fyne || strings.HasPrefix(pkg, Fyne+"/") || strings.HasPrefix(pkg, Gotk3)
}

// Name returns the path of a function's package, its receiver's type if it has one, and its
// name.
func Name(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		if named := Named(recv.Type()); named != nil {
			name = named.Obj().Name() + "." + name
		}
	}
	return fn.Pkg().Path() + "." + name
}

// Named returns the named type of a value, also through a pointer.
func Named(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

// isLibrary reports whether a package belongs to Lodger and is not an example.
func isLibrary(pkg string) bool {
	return pkg == Guest || strings.HasPrefix(pkg, Guest+"/") || strings.HasPrefix(pkg, Lodger+"host")
}
