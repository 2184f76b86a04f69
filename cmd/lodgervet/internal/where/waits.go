package where

// waits holds Lodger's calls that wait. The value is true for those that work only in tasks,
// because they show something or give structure.
var waits = map[string]bool{
	Guest + ".Sleep": false, Guest + ".Yield": false, Guest + ".Park": false,
	Guest + ".Await": false, Guest + ".Background": false, Guest + ".BackgroundFunc": false,
	Guest + ".All": false, Guest + ".First": false, Guest + ".AsCompleted": false,
	Guest + ".Task.Wait": false, Guest + ".Future.Wait": false, Guest + ".Guest.Wait": false,
	Guest + ".Queue.Close": false, Jobs + ".Set.Close": false, Loops + ".Manager.Stop": false,
	Inspect + ".Tasks": false, Inspect + ".Snapshot.Next": false, Inspect + ".Dump": false,
	Guest + ".Scope": true, Guest + ".Supervise": true, Guest + ".Join": true, Guest + ".Modal": true,
	Flow + ".Recv": false, Flow + ".Send": false, Flow + ".Each": false, Flow + ".Retry": false,
	Flow + ".Slice": false, Flow + ".Semaphore.Acquire": false, Flow + ".Semaphore.With": false,
	Flow + ".Mailbox.Send": false, Flow + ".Mailbox.Batches": false, Flow + ".Var.Until": false,
	Flow + ".Var.Values": false, Flow + ".Action.Run": false,
	FyneUI + ".Busy": true, FyneUI + ".Choose": true, FyneUI + ".Confirm": true,
	FyneUI + ".Custom": true, FyneUI + ".Inform": true, FyneUI + ".OpenFile": true,
	FyneUI + ".OpenFolder": true, FyneUI + ".Prompt": true, FyneUI + ".SaveFile": true,
	FyneUI + ".ShowError": true, FyneUI + ".Tap": true, FyneUI + ".WithWindow": true,
	FyneUI + ".Taps": true, FyneUI + ".Changes": true, FyneUI + ".Values": true, FyneUI + ".Frames": true,
	GtkHost + ".First": true, GtkHost + ".Signal": true, GtkHost + ".Signals": true, GtkHost + ".Values": true,
	GtkUI + ".Ask": true, GtkUI + ".Busy": true, GtkUI + ".Choose": true, GtkUI + ".Confirm": true,
	GtkUI + ".Custom": true, GtkUI + ".Inform": true, GtkUI + ".OpenFile": true,
	GtkUI + ".OpenFolder": true, GtkUI + ".Prompt": true, GtkUI + ".RunDialog": true,
	GtkUI + ".SaveFile": true, GtkUI + ".ShowError": true, GtkUI + ".WithWindow": true,
	GtkUI + ".Frames":  true,
	Browser + ".Event": true, Browser + ".Events": true, Browser + ".Frame": true,
	Browser + ".Frames": true, Browser + ".Await": false, Browser + ".Abortable": false,
	Bubbletea + ".Busy": true, Bubbletea + ".UI.Prompt": true, Bubbletea + ".UI.Confirm": true,
	Bubbletea + ".UI.Choose": true,
	Tview + ".Ask":           true, Ebitengine + ".Tick": true, Ebitengine + ".Ticks": true,
}

// closes holds the waits that do their work in a handler, too. They only do not wait for its end
// there, and return an error that says so.
var closes = map[string]bool{
	Guest + ".Queue.Close": true, Jobs + ".Set.Close": true, Loops + ".Manager.Stop": true,
}

// starts holds Lodger's calls that start something under a context, and return.
var starts = map[string]bool{
	Guest + ".Go": true, Guest + ".Async": true, Guest + ".After": true, Guest + ".Every": true,
	Guest + ".Cleanup": true, Flow + ".NewAction": true, Flow + ".NewProgress": true,
}

// ranges holds the waits for use with range. A cancellation ends their loops, with or without a
// last pair with an error.
var ranges = map[string]bool{
	Guest + ".AsCompleted": true, Flow + ".Each": true, Flow + ".Slice": true,
	Flow + ".Mailbox.Batches": true, Flow + ".Var.Values": true,
	FyneUI + ".Taps": true, FyneUI + ".Changes": true, FyneUI + ".Values": true, FyneUI + ".Frames": true,
	GtkHost + ".Signals": true, GtkHost + ".Values": true, GtkUI + ".Frames": true,
	Browser + ".Events": true, Browser + ".Frames": true,
}
