package main

// A fault is one mistake in the code that the tests have to notice: a text that is replaced by
// another one. The text stands in the file once.
type fault struct {
	name   string
	why    string // what goes wrong
	file   string
	text   string
	fault  string
	tests  string // the package whose tests notice it, of any module; "": its own, and guest
	only   string // a pattern for tests, where all of them take too long
	assert bool   // a test that hangs does not count: an assertion must kill it
	screen bool   // the tests need windows; each fault has a screen of its own
}

const (
	gtkCallbacks = "./hosts/gtk/internal/callback"
	fyneWindows  = "./hosts/fyne"
	gtkWindows   = "./hosts/gtk/gtkui"
	fleet        = "./examples/fleet"
	fleetAgent   = "./examples/fleet/agent"
	fleetWire    = "./examples/fleet/wire"
	fleetUI      = "./examples/fleet/machines"
)

var faults = []fault{
	{
		name: "abandoned-failure-silent", why: "A background function that was abandoned fails, or panics, and nothing reports it.",
		file: "guest/background.go", text: "	defer j.left()\n", fault: "", assert: true,
	},
	{
		name: "act-fails-with-its-handler", why: "A test ends because a handler has panicked, although OnError has told the test about it.", tests: "./hosts/fyne/fynetest",
		file: "hosts/fyne/fynetest/act.go", text: "	case acted && u.ctx.Err() == nil:\n", assert: true,
	},
	{
		name: "action-drops-in-silence", why: "Run waits forever for a call that the policy has dropped.",
		file: "guest/flow/action.go", text: "			a.waiting[0].refuse(bridge.Cancelled(ErrRestarted))\n",
	},
	{
		name: "action-fails-its-scope", why: "When a run of an action fails, the window's other tasks are cancelled.",
		file: "guest/flow/action.go", text: "		Apart: true,\n", assert: true,
	},
	{
		name: "action-log-under-the-lock", why: "An action holds its lock while the guest logs that a start was refused.", tests: "./guest/flow",
		file: "guest/flow/action.go", text: "		Quiet: true,\n",
	},
	{
		name: "action-refuses-all", why: "Run is refused while the action runs, although the caller is not in that run.",
		file: "guest/flow/action.go", text: "	return run != nil && bridge.Circle(ctx, run)\n", fault: "	return run != nil\n", assert: true,
	},
	{
		name: "action-replaced-has-failed", why: "A call that a later one has replaced under Latest counts as a failure.", tests: "./guest/flow",
		file: "guest/flow/action.go", text: "refuse(bridge.Cancelled(ErrRestarted))", fault: "refuse(ErrRestarted)",
	},
	{
		name: "action-restarts-beside", why: "A run goes on although a later call has replaced it.",
		file: "guest/flow/action.go", text: "			r.task.Cancel(ErrRestarted) //", fault: "			//", assert: true,
	},
	{
		name: "action-restarts-early", why: "A run that a goroutine has started begins before the replaced run has unwound.",
		file: "guest/flow/action.go", text: "if replaces || ctx.Err() != nil {", fault: "if ctx.Err() != nil {", assert: true,
	},
	{
		name: "action-takes-all-that-wait", why: "A waiting call is lost.",
		file: "guest/flow/action.go", text: "a.waiting[0], a.waiting = none, a.waiting[1:]", fault: "a.waiting[0], a.waiting = none, nil", assert: true,
	},
	{
		name: "action-waits-for-itself", why: "An action that calls its own Run waits forever.",
		file: "guest/flow/action.go", text: "	if a.waitsForItself(ctx) {\n", fault: "	if a.waitsForItself(ctx) && false {\n", assert: true,
	},
	{
		name: "adopt-after-end", why: "A scope that has ended takes a task.",
		file: "guest/scope.go", text: "if live <= 0 || live >= sealed {", fault: "if live >= sealed {",
	},
	{
		name: "answer-displaces-failure", why: "The answer to a cancellation displaces a failure.",
		file: "guest/failure.go", text: "	if s.err == nil {\n		s.err = c\n", fault: "	if true {\n		s.err = c\n",
	},
	{
		name: "any-goroutine-waits", why: "A wait on another goroutine is taken for a wait of the running task.",
		file: "guest/wait.go", text: "		if !p.Hosts(thread) {\n			continue\n		}\n		if !place.StillOn(thread) {\n			return nil\n		}\n",
	},
	{
		name: "any-thread", why: "The pump runs on any thread on which the host calls it.",
		file: "guest/internal/place/place.go", text: "	case !p.mayBe(thread):\n		return WrongThread\n",
		fault: "	case p.thread.Load() == 0 && !p.mayBe(thread):\n		return WrongThread\n",
	},
	{
		name: "any-wait-is-visited", why: "Looking at a task that yields resumes it.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/coro.go", text: "	c.open = false\n", assert: true,
	},
	{
		name: "any-wakeup", why: "A wake-up that was not asked for runs the pump.",
		file: "guest/internal/sched/turn.go", text: "if p.client.Admit() && p.inbox.expects(nth) {", fault: "if p.client.Admit() {",
	},
	{
		name: "arrivals-share-a-number", why: "What arrives after the pump has looked is noted as if the pump had seen it.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/inbox.go", text: "	case l == a.known:\n", fault: "	case false && l == a.known:\n",
	},
	{
		name: "ask-fails-its-scope", why: "When a window's question fails, the window's other tasks are cancelled.", tests: fyneWindows,
		file: "hosts/fyne/close.go", text: "Start:  windows.ApartFrom(ctx, ask, w.Close),", fault: "Start:  func(fn func(ctx context.Context) error) *guest.Task { return guest.Go(ctx, fn) },", assert: true,
	},
	{
		name: "asked-long-ago", why: "A wake-up counts as lost although it has just been asked for.",
		file: "guest/internal/sched/watchdog.go",
		text: "	if w.turns == b.turns && w.standing == b.standing {\n		same = w.same + 1\n	}\n", fault: "	same = w.same + 1\n",
	},
	{
		name: "askers-thread", why: "A wake-up that runs inside the call that asked for it makes the caller's thread the loop's thread.",
		file:  "guest/internal/place/place.go",
		text:  "	case p.asks(thread): // first, or the asker's thread would be taken for the loop's\n		return Inline\n	case !p.mayBe(thread):\n		return WrongThread\n",
		fault: "	case !p.mayBe(thread):\n		return WrongThread\n	case p.asks(thread):\n		return Inline\n",
	},
	{
		name: "await-takes-back-answered", why: "An answer arrives together with a cancellation, and its question is still taken back.",
		file: "guest/await.go", text: "	case !f.end.settle(err, nil): // not by a look: an answer may come at any moment\n		return f.outcome(err)\n", assert: true,
	},
	{
		name: "background-begins-cancelled", why: "A background function begins although its context is done.",
		file: "guest/background.go", text: "	if ctxError(j.ctx) != nil || !j.begun.take() {", fault: "	if !j.begun.take() {", assert: true,
	},
	{
		name: "background-begins-twice", why: "A withdrawn function runs, or a function that its executor calls twice runs twice.",
		file: "guest/background.go", text: "|| !j.begun.take() {\n		return //", fault: "|| !j.begun.take() && false {\n		return //",
	},
	{
		name: "background-elsewhere-begins-cancelled", why: "In a pool, a background function begins although its context is done.",
		file: "guest/background.go", text: "		case ctx.Err() != nil || !begun.take():", fault: "		case !begun.take():", assert: true,
	},
	{
		name: "background-ends-early", why: "Background returns while its function still runs.",
		file: "guest/background.go", text: "		return forever, nil // the task knows of the cancellation", fault: "		return nil, err",
	},
	{
		name: "background-in-place-forgets-named-after", why: "A log names a function of Background on a goroutine by itself.", tests: "./guest/inspect", only: "TestLogsNameBackgroundFunctionsAfterTheCallersFunction",
		file: "guest/background.go", text: "g.worked(ctx, pcAs(name, pc), err)", fault: "g.worked(ctx, pcAs(nil, pc), err)", assert: true,
	},
	{
		name: "background-passes-for-a-task", why: "A background function's wait is taken for one of its task.",
		file: "guest/context.go", text: "	case &taskKey, &bridge.NameKey:\n", fault: "	case &bridge.NameKey:\n", assert: true,
	},
	{
		name: "backlog-told-again", why: "A backlog is reported at the end of each turn.",
		file: "guest/internal/sched/backlog.go", text: "	case !b.told && now",
		fault: "	case now",
	},
	{
		name: "batch-is-no-snapshot", why: "Entries that become ready in a batch run in it, and controls are applied between its steps.",
		file: "guest/internal/sched/batch.go", text: "		b.own, b.others = p.own.n, p.others.n\n", fault: "		b.own, b.others = min(1, p.own.n), min(1, p.others.n)\n",
	},
	{
		name: "batches-count-posts", why: "Posted functions count as batches of tasks, so a test with many posts fails.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/shuffle.go", text: "if len(tasks) > 0 && p.steer.Batch != nil && !told {", fault: "if p.steer.Batch != nil && (!told || true) {",
	},
	{
		name: "binding-echoes", why: "A Var reports a value back to the binding that has set it.", tests: fyneWindows,
		file: "hosts/fyne/vars.go", text: "	if b.news(v) {\n		b.toItem(v)\n	}\n", fault: "	b.toItem(v)\n", assert: true,
	},
	{
		name: "blocked-thread-is-a-held-title-bar", why: "A handler that blocks is logged as a title bar that the user holds.", tests: fyneWindows,
		file: "hosts/fyne/still.go", text: " && s.beats >= heldBeats", fault: "", assert: true,
	},
	{
		name: "broken-context-stays-subscribed", why: "A wait that a program's own context breaks off leaves its coroutine in the scope's list.",
		file: "guest/wait.go", text: "		after = context.AfterFunc(ctx, t.waiter().wakeFirst)\n		if s != nil && s.g == t.scope.g {\n			// a cancellation of s that reaches ctx ends the wait in the same batch\n			s.subscribe(c, ctx)\n		}\n", fault: "		if s != nil && s.g == t.scope.g {\n			s.subscribe(c, ctx)\n		}\n		after = context.AfterFunc(ctx, t.waiter().wakeFirst)\n",
	},
	{
		name: "broken-errors-reach-the-scheduler", why: "A mistake in an error's own Is, As or Unwrap ends the guest.",
		file: "guest/errors.go", text: "	if p := ask(err); p != nil {\n		return p\n	}\n", fault: "", assert: true,
	},
	{
		name: "cancel-at-the-next-batch", why: "Cancel on the UI thread returns before the task is cancelled.",
		file: "guest/guest.go", text: "		g.pump.ApplyPrompt()\n",
	},
	{
		name: "cancel-behind-the-batch", why: "A cancellation from a goroutine waits until a long batch has ended.",
		file: "guest/internal/sched/turn.go", text: "		p.ApplyPrompt()\n",
	},
	{
		name: "cancel-stops-at-scope", why: "A cancellation does not reach nested scopes.",
		file: "guest/scope.go", text: "		if child.follows(s) {", fault: "		if child.follows(s) && child.first == nil {",
	},
	{
		name: "cancellation-hides-a-failure", why: "What cancelled work says beside its cancellation passes for an answer.", assert: true,
		file: "guest/errors.go", text: "	return ok && own.said == nil && (own == c ||", fault: "	return ok && (own == c ||",
	},
	{
		name: "cancellation-makes-contexts", why: "A quit makes a standard context for each task.",
		file: "guest/fate.go", text: "by != nil && by != f.why {", fault: "by != nil {",
	},
	{
		name: "cancellation-taken-apart", why: "Each task of a cancelled tree costs memory, and a larger stack.", assert: true,
		file: "guest/errors.go", text: "	return ok && own.said == nil && (own == c ||", fault: "	return ok && false && (own == c ||",
	},
	{
		name: "cancelled-under-a-foreign-context", why: "A scope below a derived context is cancelled late.",
		file: "guest/fate.go", text: "	if f := s.foreign.fate.Load(); f != nil {\n", fault: "	if f := s.fate.Load(); f != nil {\n",
	},
	{
		name: "chain-takes-what-it-drops", why: "The failure of a task that is chained to a settled future is silent.",
		file: "guest/callback.go", text: "		return taken\n", fault: "		return true\n", assert: true,
	},
	{
		name: "check-leaves-the-keyboard", why: "A user can change the entry while it is being checked.", tests: fyneWindows,
		file: "hosts/fyne/keys.go", text: "	s.Show()\n	s.canvas.Focus(s)\n", fault: "	s.Show()\n", assert: true,
	},
	{
		name: "check-loses-the-focus", why: "After a click beside the entry, the keyboard reaches the entry while it is being checked.", tests: fyneWindows,
		file: "hosts/fyne/keys.go", text: "		go currentLoop().do(s.regain)\n", assert: true,
	},
	{
		name: "circle-not-seen", why: "A circle of tasks that wait for each other is not found.",
		file: "guest/cycle.go", text: "x.end.eachWaiter(func(y *Task) { found = next(y) || found })", fault: "x.end.eachWaiter(func(y *Task) {})",
	},
	{
		name: "claim-twice", why: "A function begins although it was withdrawn.",
		file: "guest/claim.go", text: "return c.taken.CompareAndSwap(false, true)", fault: "c.taken.Store(true); return true",
	},
	{
		name: "clean-up-first-in-first", why: "Clean-ups run in the order in which they were registered.",
		file: "guest/cleanup.go", text: "	last = c.list[n-1]\n	c.list[n-1] = cleanup{}\n	c.list = c.list[:n-1]\n", fault: "	last = c.list[0]\n	c.list = c.list[1:]\n",
	},
	{
		name: "clean-up-lost", why: "A scope ends although it has clean-ups to run.",
		file: "guest/cleanup.go", text: "	if !ok {\n		s.left(", fault: "	if ok {\n		s.left(",
	},
	{
		name: "clean-up-unshielded", why: "A cancellation reaches the clean-up.",
		file: "guest/cleanup.go", text: "c := cleanup{context.WithoutCancel(ctx), fn}", fault: "c := cleanup{ctx, fn}",
	},
	{
		name: "clean-up-while-tasks-live", why: "A clean-up runs while the scope's function or its tasks still run.",
		file: "guest/scope.go", text: "if n%holding == 0 && n%sealed != 0 {", fault: "if n >= holding && n%sealed != 0 && (n%holding == 0 || s.joins != joinsNothing) {",
	},
	{
		name: "close-takes-posts", why: "Posts are accepted after the last drain.", assert: true,
		file: "guest/internal/sched/inbox.go", text: "	b.closed = true\n",
	},
	{
		name: "closed-window-fails", why: "A program counts as failed if its main returns the error of a closed window.",
		file: "guest/errors.go", text: "		return same(e, ErrWindowClosed) || ok", fault: "		return ok", assert: true,
	},
	{
		name: "closed-window-hides-a-panic", why: "A panic together with the error of a closed window does not count as a failure.",
		file: "guest/errors.go", text: "		case *cancellation, *PanicError:\n", fault: "		case *cancellation:\n", assert: true,
	},
	{
		name: "closed-window-takes-nil-for-an-answer", why: "WithWindow fails although fn has returned nil.",
		file: "hosts/internal/apart/apart.go", text: "	if done && ctx.Err() == nil {", fault: "	if done && false {", assert: true,
	},
	{
		name: "closed-window-takes-the-quit-for-nil", why: "WithWindow returns nil although the program quits.",
		file: "hosts/internal/apart/apart.go", text: "	if done && ctx.Err() == nil {", fault: "	if done {", assert: true,
	},
	{
		name: "console-admits-any-host", why: "A page whose host name resolves to this machine can read the console.",
		file: "guest/console/guard.go", text: "if !g.hosts[r.Host] {", fault: "if r.Host == \"\" {", tests: "./guest/console", assert: true,
	},
	{
		name: "console-admits-any-method", why: "A form on another site's page can send requests to the console.",
		file: "guest/console/guard.go", text: "r.Method == http.MethodGet && ", fault: "", tests: "./guest/console", assert: true,
	},
	{
		name: "console-admits-any-origin", why: "A page of another origin can read the console.",
		file: "guest/console/guard.go", text: "if origin != \"http://\"+r.Host {", fault: "if origin == \"\" {", tests: "./guest/console", assert: true,
	},
	{
		name: "console-admits-any-site", why: "A page on another port can load parts of the console.",
		file: "guest/console/guard.go", text: "site != \"same-origin\" && site != \"none\"", fault: "site == \"\"", tests: "./guest/console", assert: true,
	},
	{
		name: "console-admits-any-token", why: "Every program on the machine can read the console.",
		file: "guest/console/guard.go", text: "known && found && ", fault: "(known || found) && ", tests: "./guest/console", assert: true,
	},
	{
		name: "console-busier-than-watched", why: "The timeline says that 170 % of the time was spent in turns.", tests: "./guest/console",
		file: "guest/console/turns.go", text: "		c.blind = c.blind && part < grain //", fault: "		//", assert: true,
	},
	{
		name: "console-calls-an-unended-turn-idle", why: "The console shows as idle the turn in which it has stopped to watch.", tests: "./guest/console",
		file: "guest/console/record.go", text: "	if does != bridge.Idle {\n", fault: "	if does != bridge.Idle && false {\n", assert: true,
	},
	{
		name: "console-calls-blind-idle", why: "The console shows as idle what no page has looked at.", tests: "./guest/console",
		file: "guest/console/record.go", text: "	r.turns.until(now, true)\n", fault: "	r.turns.until(now, false)\n", assert: true,
	},
	{
		name: "console-drops-a-slower-step", why: "A faster step replaces a slower one.", tests: "./guest/console",
		file: "guest/console/steps.go", text: "	if l.places[fastest].step.For >= s.For {\n", fault: "	if false {\n", assert: true,
	},
	{
		name: "console-handler-looks-short", why: "A handler that froze the window for seconds is no taller in the timeline than one grain.", tests: "./guest/console",
		file: "guest/console/turns.go", text: "			c.held = max(c.held, lasts)\n", fault: "			c.held = max(c.held, min(part, lasts))\n", assert: true,
	},
	{
		name: "console-keeps-an-unseen-snapshot", why: "The console keeps the last snapshot although no page looks.",
		file: "guest/console/viewer.go", text: "v.latest, v.past.shot, v.stacks = nil, nil, \"\"", fault: "v.stacks = \"\"", tests: "./guest/console", assert: true,
	},
	{
		name: "console-outlives-its-guest", why: "A console still listens after its guest has ended.",
		file: "guest/console/console.go", text: "\tcase <-g.Done():\n\tcase <-c.done:", fault: "\tcase <-c.done:", tests: "./guest/console", assert: true,
	},
	{
		name: "console-piles-up", why: "While the thread is held, each request for a snapshot adds one more that waits.",
		file: "guest/console/viewer.go", text: "l.ended.IsZero() || time.Since", fault: "!l.ended.IsZero() && time.Since", tests: "./guest/console", assert: true,
	},
	{
		name: "console-says-held-too-long", why: "The console says that the thread is held although it has answered.", tests: "./guest/console",
		file: "guest/console/viewer.go", text: "	case <-l.done: // it may have begun long ago, when the thread was held\n		return l, l.err\n", assert: true,
	},
	{
		name: "console-takes-all-connections", why: "Strangers can use up the program's file descriptors.",
		file: "guest/console/server.go", text: "\t\t\t_ = c.Close()\n\t\t}\n\t}", fault: "\t\t\treturn c, nil\n\t\t}\n\t}", tests: "./guest/console", assert: true,
	},
	{
		name: "console-watches-on", why: "The console watches a guest that no page looks at.", tests: "./guest/console",
		file: "guest/console/record.go", text: "r.idle.Reset(max(attention, 2*next))", fault: "r.idle.Reset(max(100*attention, 2*next))", assert: true,
	},
	{
		name: "context-followed-beside-the-twin", why: "A scope whose context is the program's own type is cancelled with another error than that context's.",
		file: "guest/context.go", text: "context.AfterFunc(tw.ctx, func() {\n		c := ", fault: "context.AfterFunc(s.ctx, func() {\n		c := ",
	},
	{
		name: "controls-after-the-batch", why: "A cancellation waits until nothing is ready.",
		file: "guest/internal/sched/batch.go", text: "	for len(p.controls) > 0 {", fault: "	for len(p.controls) > 0 && p.ready() == 0 {",
	},
	{
		name: "cover-goes-with-a-dialog", why: "The \"closing\" sign disappears together with a dialog below it that a task removes.", tests: fyneWindows,
		file: "hosts/fyne/closing.go", text: "		questions[c.window] = append(questions[c.window], c.question)\n", assert: true,
	},
	{
		name: "cover-hides-a-new-pop-up", why: "The \"closing\" sign hides a pop-up that the program itself shows.", tests: fyneWindows,
		file: "hosts/fyne/closing.go", text: "	return !known\n", fault: "	return false && known\n", assert: true,
	},
	{
		name: "cover-hides-a-question", why: "The \"closing\" sign hides a question of a clean-up, so neither ever ends.", tests: fyneWindows,
		file: "hosts/fyne/closing.go", text: "		if q.unanswered() {", fault: "		if false {", assert: true,
	},
	{
		name: "cover-is-lost", why: "The \"closing\" sign disappears together with a dialog of the program, and does not come back.", tests: fyneWindows,
		file: "hosts/fyne/closing.go", text: "slices.Contains(overlays.List(), c.overlay)", fault: "c.overlay != nil", assert: true,
	},
	{
		name: "deadline-behind-posts", why: "The end of a context waits behind all posts of other goroutines.",
		file: "guest/wait.go", text: "t.waiter().wakeFirst", fault: "t.waiter().wake",
	},
	{
		name: "depth-not-looked-at", why: "The depth of C callbacks is checked only once.", tests: gtkCallbacks,
		file: "guest/internal/place/depth.go", text: "if d.known && d.at == 0 && calls == d.cCalls {", fault: "if d.known && d.at == 0 {",
	},
	{
		name: "derived-context-ends-late", why: "A wait does not see that a context above it is done by itself.",
		file: "guest/fate.go", text: "	return f.why == nil && f.std.ctx.Err() == nil\n", fault: "	return f.why == nil\n",
	},
	{
		name: "dismissed-work-keeps-the-window", why: "GTK closes no window below a dialog whose work ignores its cancellation.", tests: gtkWindows, only: "GivesWay", screen: true,
		file: "hosts/gtk/gtkui/busy.go", text: "		dismissed(p.dialog)\n", assert: true,
	},
	{
		name: "displaced-failure-silent", why: "A failure that an earlier one displaces is not returned, and is reported nowhere.",
		file: "guest/failure.go", text: "			s.unheard(s.err, nil) // it came later\n", assert: true,
	},
	{
		name: "done-before-drain", why: "The guest ends before all accepted posts have run.",
		file: "guest/internal/sched/turn.go", text: "if p.phase == closed && p.ready() == 0 {", fault: "if p.phase == closed {",
	},
	{
		name: "done-twice", why: "Finish ends an ended guest again.",
		file: "guest/end.go", text: "	g.need(\"Finish\")\n	if g.over() {\n		return g.life.report\n	}\n", fault: "	g.need(\"Finish\")\n",
	},
	{
		name: "earlier-quit-asks-itself", why: "After a second QuitOnClose, the first one still asks its question.", tests: fyneWindows,
		file: "hosts/fyne/close.go", text: "	if last := closeHooks[h.window]; last != nil {", fault: "	if last := closeHooks[h.window]; false {", assert: true,
	},
	{
		name: "early-and-late-mixed", why: "Before the first turn the two sides are told apart, although the loop's goroutine is not known yet.",
		file: "guest/internal/sched/inbox.go", text: "	if b.apart && lies == something {",
		fault: "	if lies == something {",
	},
	{
		name: "end-overtakes-progress", why: "The end of a task overtakes progress that other goroutines have reported for it.",
		file: "guest/internal/sched/turn.go", text: "	if p.others.n == 0 {\n		last()",
		fault: "	if true {\n		last()",
	},
	{
		name: "failure-cancels-nothing", why: "A failure does not cancel the other tasks of its scope.",
		file: "guest/failure.go", text: "		s.cancel(&cancellation{err: context.Canceled, cause: u.Err})\n", fault: "		_ = context.Canceled\n",
	},
	{
		name: "failure-cancels-silently", why: "A failure cancels other tasks, and the log does not say so.",
		file: "guest/failure.go", text: "	if len(others) == 0 && waiting == 0 {", fault: "	if len(others) < 1000 {",
	},
	{
		name: "failure-looks-like-a-quit", why: "A failure after a cancellation counts as a result of the cancellation.",
		file: "guest/errors.go", text: "failed: !c.matches(said)}", fault: "failed: c.matches(said) && false}",
	},
	{
		name: "fate-overwritten", why: "What a context says of its end changes: the twin is done for one reason, and the scope for another.",
		file: "guest/fate.go", text: "		if s.fate.CompareAndSwap(f, &fate{why: why, std: tw}) {\n", fault: "		if s.fate.Store(&fate{why: why, std: tw}); true {\n",
	},
	{
		name: "finish-in-a-handler", why: "Finish in a handler of the program's own loop does not unwind the tasks.", tests: gtkCallbacks,
		file: "guest/end.go", text: "		if !panicking() {\n			panic(finishInLoop)\n		}\n		return false", fault: "		return false",
	},
	{
		name: "finish-in-an-embedded-loop", why: "Finish in a function of a loop that the program runs itself ends the guest under the running loop.", tests: "./hosts/headless",
		file: "hosts/headless/loop.go", text: "return l.running }", fault: "return false }", assert: true,
	},
	{
		name: "finish-keeps-the-root", why: "After the loop's end the tasks are not cancelled.",
		file: "guest/end.go", text: "	g.root.cancel(&cancellation{err: context.Canceled, cause: ErrHostGone})\n",
	},
	{
		name: "finished-by-its-cause", why: "A context says DeadlineExceeded, and Canceled after the end of its task.",
		file: "guest/fate.go", text: "c.err == finished.err && ",
	},
	{
		name: "first-batch-cut", why: "Posts from before the first turn do not all run before later ones.",
		file: "guest/internal/sched/batch.go", text: "	if !p.batch.early {\n",
		fault: "	if p.batch.left() > 0 {\n",
	},
	{
		name: "flag-off-after-drain", why: "The flag is cleared after the queue was drained, and not under the same lock.",
		file: "guest/internal/sched/inbox.go", text: "	b.see()\n",
		fault: "	for range 1000 { // or only a machine with many cores would notice\n		b.mu.Unlock()\n		b.mu.Lock()\n	}\n	b.see()\n",
	},
	{
		name: "fleet-answers-stay", why: "The servers keep the answers of a search that is over.", tests: fleet, only: "TestTwoSearchesAtATime",
		file: "examples/fleet/wire/answer.go", text: "	return l.purge(ctx, l.answers, \"fleet.answer.\"+run)\n", fault: "	return nil\n", assert: true,
	},
	{
		name: "fleet-beats-while-it-hangs", why: "An agent keeps a job that makes no progress.", tests: fleetAgent,
		file: "examples/fleet/agent/agent.go", text: "if steps := w.steps.Load(); steps != before {", fault: "if steps := w.steps.Load(); steps != before || true {", assert: true,
	},
	{
		name: "fleet-cancel-goes-unheard", why: "An agent goes on reading for a search that is over.", tests: fleet, only: "TestCancelReachesAllAgents",
		file: "examples/fleet/agent/run.go", text: "					w.cancel(errRunOver)\n", assert: true,
	},
	{
		name: "fleet-cancel-is-forgotten", why: "A cancellation while the servers are away is lost.", tests: fleet, only: "TestCancelWhileTheServersAreAway",
		file: "examples/fleet/machines/search.go", text: "		go func() { _ = s.fleet.link.EndRun(context.Background(), s.id) }()\n", assert: true,
	},
	{
		name: "fleet-cuts-late", why: "A list is longer than a message may be.", tests: fleetWire,
		file: "examples/fleet/wire/cut.go", text: "const room = 300_000", fault: "const room = 3_000_000", assert: true,
	},
	{
		name: "fleet-late-answers-stay", why: "An answer that comes after the end of its search stays in the stream for a day.", tests: fleet, only: "TestLateAnswersAreDeleted",
		file: "examples/fleet/agent/run.go", text: "				delete(a.answered, s.Run)\n				a.drop(ctx, s.Run)\n", fault: "				delete(a.answered, s.Run)\n", assert: true,
	},
	{
		name: "fleet-late-window", why: "A window that opens late does not show the agents that are there already.", tests: fleetUI,
		file: "examples/fleet/machines/roster.go", text: "	r.changed = append(r.changed, fn)\n	fn()\n", fault: "	r.changed = append(r.changed, fn)\n", assert: true,
	},
	{
		name: "fleet-lost-search-waits", why: "A search waits forever for jobs that the servers have lost.", tests: fleet, only: "TestServersThatComeBackEmpty",
		file: "examples/fleet/wire/answer.go", text: "				lost()\n",
	},
	{
		name: "fleet-mixes-tries", why: "Parts of answers from two agents are joined to one answer.", tests: fleetUI,
		file: "examples/fleet/machines/asked.go", text: "	t := k.tries[a.Try]\n", fault: "	a.Try = \"\"\n	t := k.tries[a.Try]\n", assert: true,
	},
	{
		name: "fleet-never-gives-up", why: "A file that kills its reader kills all readers.", tests: fleet, only: "TestJobThatNoAgentSurvives",
		file: "examples/fleet/agent/answer.go", text: "	case w.Try > tries:\n", fault: "	case w.Try > 1000*tries:\n",
	},
	{
		name: "fleet-old-status", why: "A late status replaces a newer one.", tests: fleetUI,
		file: "examples/fleet/machines/roster.go", text: "} else if !s.After(&a.Status) {", fault: "} else if false {", assert: true,
	},
	{
		name: "fleet-share-within-a-share", why: "For a file in a share within a share, the outer share is asked.", tests: fleetUI,
		file: "examples/fleet/machines/share.go", text: "for n := len(path); n > 0; n-- {", fault: "for n := 1; n <= len(path); n++ {", assert: true,
	},
	{
		name: "fleet-silence-is-life", why: "An agent that no longer reports is never marked as lost.", tests: fleetUI,
		file: "examples/fleet/machines/roster.go", text: "if !a.Lost && now.Sub(a.Heard) > silence {", fault: "if !a.Lost && now.Sub(a.Heard) > 100*silence {", assert: true,
	},
	{
		name: "fleet-streams-stay-lost", why: "After the servers have come back empty, an agent gets no jobs.", tests: fleet, only: "TestServersThatComeBackEmpty",
		file: "examples/fleet/wire/work.go", text: "		err = cmp.Or(q.open(ctx), err)\n", fault: "		err = cmp.Or(ctx.Err(), err)\n",
	},
	{
		name: "fleet-unquoted-paths", why: "A name that begins with a quote arrives changed.", tests: fleetWire,
		file: "examples/fleet/wire/path.go", text: ` && (p == "" || p[0] != '"')`, assert: true,
	},
	{
		name: "fleet-watch-given-up", why: "After the servers were away, an agent learns about no cancellation.", tests: fleet, only: "TestCancelWhileTheServersAreAway",
		file: "examples/fleet/wire/watch.go", text: "err == nil; w, err = l.watch(all, all) {", fault: "err == nil; err = context.Canceled {", assert: true,
	},
	{
		name: "fleet-wrong-folder", why: "A share whose folder ends with a separator seems to have no files.", tests: fleet, only: "TestShareMayEndInASeparator",
		file: "examples/fleet/agent/share.go", text: "		return s.Dir + \".\"\n", fault: "		return s.Dir\n", assert: true,
	},
	{
		name: "follows-a-done-context", why: "A widget follows a Var although its window is closed.", tests: fyneWindows,
		file: "hosts/fyne/vars.go", text: "	if isDone(ctx) {\n		return\n	}\n	v.Bind(ctx, fn)\n", fault: "	v.Bind(ctx, fn)\n", assert: true,
	},
	{
		name: "forced-out-panics-lost", why: "The panic of a task that the guest forces out is in no error.",
		file: "guest/coro.go", text: "	case err != nil:\n	case c.refused", fault: "	case c.refused", only: "TestPanicOfATaskThatIsForcedOutIsNotLost", assert: true,
	},
	{
		name: "foreign-clock", why: "A caller in a synctest bubble sets a timer for a guest outside the bubble.",
		file: "guest/internal/sched/watchdog.go", text: "now < 0 || now > aLifetime {", fault: "now > aLifetime {",
	},
	{
		name: "foreign-context-unasked", why: "A scope below a derived context is cancelled late.",
		file: "guest/fate.go", text: " && (s.foreign == nil || s.foreign.fate.Load() == nil)",
	},
	{
		name: "free-submissions-forget-named-after", why: "A log names a function of Submit without a guest by itself.", tests: "./guest/inspect", only: "TestLogsNameBackgroundFunctionsAfterTheCallersFunction",
		file: "guest/submit.go", text: "pcAs(name, reflect.ValueOf(fn).Pointer())", fault: "pcAs(nil, reflect.ValueOf(fn).Pointer())", assert: true,
	},
	{
		name: "free-submissions-hear-nothing", why: "The end of its context does not reach a function of Submit without a guest.",
		file: "guest/submit.go", text: "	if ctx.Done() != nil {\n", fault: "	if ctx.Done() == nil {\n",
	},
	{
		name: "goexit-unmarked", why: "A Goexit in a task ends the host's goroutine.",
		file: "guest/internal/sched/coro.go", text: "		if !done {\n			panic(exited{c})\n		}\n",
	},
	{
		name: "gone-tells-no-begin", why: "When every wait is refused, the error of a function that never ran does not say so.",
		file: "guest/background.go", text: "		return errGone\n", fault: "		return err\n", assert: true,
	},
	{
		name: "guest-comes-first", why: "When others have used half of a turn, the guest itself goes first even beyond its own half.",
		file: "guest/internal/sched/share.go", text: "	case s.used[own] < s.half && (s.first == own",
		fault: "	case (s.first == own",
	},
	{
		name: "guesttest-yields-for-ever", why: "A test that only yields hangs.", tests: "./guest/guesttest",
		file: "guest/guesttest/batches.go", text: "c.n-batchesAtOnce, c.after-batchesAfter", fault: "c.n-2*batchesAtOnce, c.after-batchesAfter",
	},
	{
		name: "half-forgotten", why: "A side that has used more than its half goes first again in the next turn.",
		file: "guest/internal/sched/share.go", text: "	if behind && s.used[others] >= half {",
		fault: "	if behind && s.used[others] < 0 {",
	},
	{
		name: "hang-batches-unseen", why: "A test whose tasks still run is reported as hanging.", tests: "./guest/guesttest",
		file: "guest/guesttest/batches.go", text: "	c.seen.Add(1)\n",
	},
	{
		name: "hang-durable-blamed", why: "A goroutine that waits in virtual time is blamed for a hang.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "g.bubble != bubble || g.durable():", fault: "g.bubble != bubble:",
	},
	{
		name: "hang-forgets", why: "Goroutines that wait one after another are reported as hanging.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "before == nil || before[key]", fault: "before == nil || before[key] || true",
	},
	{
		name: "hang-other-bubble", why: "A goroutine of another test is blamed for a hang.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "g.bubble != bubble || g.durable():", fault: "g.durable():",
	},
	{
		name: "hang-repeated", why: "The same hang is reported again and again.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "		w.report(blocked)\n	}\n", fault: "		w.report(blocked)\n		w.timer.Reset(w.each)\n		return\n	}\n",
	},
	{
		name: "hang-stale-durable", why: "Go 1.25 counts a goroutine in a system call as durably blocked, and so no hang is reported.", tests: "./guest/guesttest",
		file: "guest/guesttest/stacks.go", text: `plain == "syscall" || (goroutine{state: plain}).mayRun()`, fault: "false",
	},
	{
		name: "hang-unreported", why: "A test that hangs reports nothing.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "			fmt.Fprint(os.Stderr, r.hangReport(limit, blocked))\n", fault: "			_ = os.Stderr\n",
	},
	{
		name: "hang-watcher-stays", why: "The watcher for hangs outlives its test.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "	w.over = true\n	pending := w.timer.Stop()\n	w.mu.Unlock()\n", fault: "	pending := true\n	w.mu.Unlock()\n",
	},
	{
		name: "hang-while-computing", why: "A test that computes is reported as hanging.", tests: "./guest/guesttest",
		file: "guest/guesttest/hang.go", text: "		case g.mayRun():\n			return nil, true\n", fault: "		case g.mayRun():\n",
	},
	{
		name: "heap-forgets-a-child", why: "The heap looks at only three of four children.",
		file: "guest/internal/sched/timer.go", text: "j < min(first+4, len(heap))", fault: "j < min(first+3, len(heap))",
	},
	{
		name: "hook-of-a-later-call-is-emptied", why: "The end of an earlier AskOnClose removes the hook of a later one.", tests: fyneWindows,
		file: "hosts/fyne/close.go", text: "	if closeHooks[h.window] != h {\n		return\n	}\n", assert: true,
	},
	{
		name: "idle-coroutines-stay", why: "Idle coroutines are still parked after the end.",
		file: "guest/internal/sched/turn.go", text: "		p.stopCoros()\n",
	},
	{
		name: "inline-before-the-loop", why: "A host that calls inline before the first turn is not detected.",
		file: "guest/internal/place/place.go", text: "	if !p.bound.Load() || Marked() {", fault: "	if known == 0 || Marked() {",
	},
	{
		name: "inline-host", why: "The pump runs inside the call that asks for a wake-up.",
		file: "guest/client.go", text: "inside the call that asked for it\")\n		return false\n", fault: "inside the call that asked for it\")\n",
	},
	{
		name: "job-asked-again", why: "A call of RunNow that a run has already served starts another run.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "		wanted = len(j.asked) > 0\n", fault: "		wanted = true\n",
	},
	{
		name: "job-awaited-and-reported", why: "A failure is reported although a caller waits for the run.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: " && len(asked) == 0 && !j.report", fault: " && !j.report",
	},
	{
		name: "job-begins-after-pause", why: "A run begins although Pause has returned.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "	wanted := rhythm == j.rhythm\n", fault: "	wanted := true\n",
	},
	{
		name: "job-cancel-unheard", why: "CancelRun does not cancel the run.", tests: "./guest/jobs",
		file: "guest/jobs/now.go", text: "		case j.running != nil:\n			j.running.cancel(cause)\n", fault: "		case j.running != nil:\n",
	},
	{
		name: "job-cancelled-fails", why: "A cancelled run counts as a failure.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "	case cancelled:\n		kind = Cancelled\n",
	},
	{
		name: "job-failure-lost-at-the-end", why: "The failure of a job is lost when the guest ends.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "		err = j.named(r.Err)\n",
	},
	{
		name: "job-hook-hides-the-failure", why: "When a policy panics, the failure of the attempt is lost.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "errors.Join(left, err)", fault: "left", assert: true,
	},
	{
		name: "job-hook-unprotected", why: "A run whose policy panics never ends, and Close waits forever.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "	left := protected(ctx, func(", fault: "	left := func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }(ctx, func(",
	},
	{
		name: "job-owned-by-a-scope", why: "A waiting job keeps the scope of its set alive.",
		file: "guest/jobs/job.go", text: "Run: fn, PC: pc, Own: true", fault: "Run: fn, PC: pc", assert: true,
	},
	{
		name: "job-removed-untold", why: "When a job is removed between two runs, its end is not reported.", tests: "./guest/jobs",
		file: "guest/jobs/run.go", text: "	if rhythm == more {\n		s := j.set", fault: "	if rhythm == more && j.state != gone {\n		s := j.set",
	},
	{
		name: "job-unawaited-request", why: "A run goes on although the RunNow that waits for it was cancelled.", tests: "./guest/jobs",
		file: "guest/jobs/now.go", text: "		j.running.cancel(cause)\n		return true\n	}\n	_, begun", fault: "		return true\n	}\n	_, begun",
	},
	{
		name: "jobs-close-cancels", why: "Close cancels running runs.", tests: "./guest/jobs",
		file: "guest/jobs/close.go", text: "		j.retire(ErrClosed)\n", fault: "		j.retire(ErrClosed)\n		j.cancel(ErrClosed)\n",
	},
	{
		name: "jobs-close-in-a-job", why: "A job that closes its set waits for itself.", tests: "./guest/jobs",
		file: "guest/jobs/close.go", text: "	if own {", fault: "	if own && false {",
	},
	{
		name: "jobs-close-retries", why: "A run of a closed set is retried.", tests: "./guest/jobs",
		file: "guest/jobs/job.go", text: "		j.running.giveUp()\n",
	},
	{
		name: "jobs-close-returns-early", why: "Close returns before all runs have ended.", tests: "./guest/jobs",
		file: "guest/jobs/close.go", text: "s.closed && s.busy == 0", fault: "s.closed",
	},
	{
		name: "jobs-closed-takes-more", why: "A closed set accepts a job.", tests: "./guest/jobs",
		file: "guest/jobs/jobs.go", text: "	if s.closed {\n		return 0", fault: "	if false {\n		return 0",
	},
	{
		name: "jobs-log-under-the-lock", why: "A set holds its lock while the guest logs that a start was refused.", tests: "./guest/jobs",
		file: "guest/jobs/now.go", text: "	err = fmt.Errorf(\"jobs: RunNow(%d): %w\", id, err)\n", fault: "	s.lock()\n	defer s.mu.Unlock()\n	err = fmt.Errorf(\"jobs: RunNow(%d): %w\", id, err)\n",
	},
	{
		name: "jobs-open-while-the-guest-ends", why: "A set takes a job that can never run, since the guest ends.", tests: "./guest/jobs",
		file: "guest/task.go", text: "bridge.Over = func(g any) bool { return g.(*Guest).life.is(ending) }", fault: "bridge.Over = func(g any) bool { return g.(*Guest).life.is(closing) }", assert: true,
	},
	{
		name: "jobs-refuse-without-a-reason", why: "After the guest's end RunNow does not say that the set is closed.", tests: "./guest/jobs",
		file: "guest/jobs/now.go", text: "	if !bridge.Accepted(t) {", fault: "	if !bridge.Accepted(t) && false {", assert: true,
	},
	{
		name: "join-forgets-a-done-context", why: "Join under a context that is done returns nil if no child is left.",
		file: "guest/structure.go", text: "ctx != context.Context(s) {\n		err = ctxError(ctx)\n", fault: "ctx != context.Context(s) {\n		_ = ctxError(ctx)\n",
	},
	{
		name: "join-is-not-woken", why: "A Join waits forever.",
		file: "guest/scope.go", text: "few == 0 || few == 1 && s.joins != joinsNothing", fault: "few == 0",
	},
	{
		name: "join-of-none-keeps-the-thread", why: "A loop of Join without children freezes the window.",
		file: "guest/structure.go", text: "	t.checkpoint()\n	for s.live", fault: "	for s.live", assert: true,
	},
	{
		name: "join-outlives-the-guest", why: "A task that calls Join again and again outlives its guest.",
		file: "guest/structure.go", text: "	if err != nil {\n		return t.refuse(err)\n	}\n	return nil\n", fault: "	return err\n",
	},
	{
		name: "join-spins", why: "A cancellation that does not end Join wakes it again and again.",
		file: "guest/structure.go", text: "deaf := plain == s || !s.calm() && s.cancelled() != nil", fault: "deaf := plain == s",
	},
	{
		name: "joined-failure-hidden", why: "A failure that is joined to a cancellation error is lost.",
		file: "guest/errors.go", text: "!slices.ContainsFunc(errs, func(err error) bool { return !is(err) })", fault: "slices.ContainsFunc(errs, is)", assert: true,
	},
	{
		name: "label-stays", why: "A coroutine keeps the pprof label of a task that has ended.",
		file: "guest/seen.go", text: "{ self.Leave(); name.Leave() }", fault: "{ self.Leave() }", tests: "./guest/inspect",
	},
	{
		name: "last-comes-first", why: "The entries of one side change places between two batches.",
		file: "guest/internal/sched/inbox.go", text: "		to.others.take(&b.others)\n",
		fault: "		if to.others.n > 0 && b.others.n > 0 {\n			to.others.precede(&b.others)\n		}\n		to.others.take(&b.others)\n",
	},
	{
		name: "last-failure-wins", why: "A later failure replaces the first one.",
		file: "guest/failure.go", text: "	if s.failed {\n		s.failedAgain", fault: "	if false {\n		s.failedAgain",
	},
	{
		name: "last-resort-counts-a-freeze", why: "A click that was made in a freeze ends the program.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/lastresort.go", text: "now.Sub(r.last) >= Glance/2", fault: "true", assert: true,
	},
	{
		name: "last-resort-counts-a-late-press", why: "A click meant for a question that has gone ends the program.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/lastresort.go", text: "looksUntilReady && time.Since(r.last) < frozen", fault: "looksUntilReady", assert: true,
	},
	{
		name: "last-resort-in-a-question", why: "The button that ends the program appears right after the user's answer.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/lastresort.go", text: "		r.looks = 0\n", assert: true,
	},
	{
		name: "last-resort-right-after-a-question", why: "A second click on a dialog's button ends the program.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/lastresort.go", text: "asked || posed != r.posed", fault: "asked", assert: true,
	},
	{
		name: "last-resort-waits-for-a-dismissed-form", why: "A form that the user has dismissed, and whose check never ends, keeps the program for ever.", tests: fyneWindows, only: "QuitNow",
		file: "hosts/fyne/custom.go", text: "d.question.heard = p == windows.Dismiss", fault: "d.question.heard = false", assert: true,
	},
	{
		name: "late-clean-up-unshielded", why: "The guest's end cancels a clean-up that was registered after its scope's end.",
		file: "guest/cleanup.go", text: "lateCtx{c.ctx, &s.g.own}", fault: "c.ctx", assert: true,
	},
	{
		name: "late-start-silent", why: "A start on a scope that has ended is not reported.",
		file: "guest/task.go", text: "	parent.g.lateStart(t.pc())\n	return false\n", fault: "	return false\n", assert: true,
	},
	{
		name: "library-unknown-in-the-cache", why: "A user's stack shows lines of a host that comes from the module cache.", tests: "./internal/stacks",
		file: "internal/stacks/whose.go", text: "(version == \"\" || version[0] == '@')", fault: "version == \"\"", assert: true,
	},
	{
		name: "life-goes-back", why: "The life of a guest can go from any phase to any other.",
		file: "guest/life.go", text: "	if !slices.Contains(transitions[was], p) {", fault: "	if !slices.Contains(transitions[was], p) && p > gone {",
	},
	{
		name: "log-after-the-observer", why: "An observer that blocks hides the report of a held thread.", tests: "./guest/inspect",
		file: "guest/slow.go", text: "	defer g.tell(slowEvent(h, d))\n", fault: "	g.tell(slowEvent(h, d))\n", assert: true,
	},
	{
		name: "look-wakes", why: "Looking at a waiting task ends its wait.", assert: true,
		file: "guest/internal/sched/coro.go", text: "		c.pump.visit()\n		c.yield(struct{}{})\n	}\n",
		fault: "		c.pump.visit()\n	}\n", tests: "./guest/inspect",
	},
	{
		name: "lost-async-errors", why: "The unobserved error of an Async task is dropped.",
		file: "guest/failure.go", text: "			s.lose(t)\n",
	},
	{
		name: "mailbox-out-of-order", why: "A full mailbox delivers the newest value before the oldest.",
		file: "guest/flow/batches.go", text: "slices.Concat(batch[oldest:], batch[:oldest])", fault: "slices.Concat(batch[:oldest], batch[oldest:])",
	},
	{
		name: "main-not-apart", why: "A failed handler ends the program.",
		file: "hosts/internal/apart/apart.go", text: "	o.Supervise = true\n", assert: true,
	},
	{
		name: "modal-lost-for-ever", why: "When the host has lost a modal call, the guest never asks for it again.",
		file: "guest/modal.go", text: "	if q.asked != 0 && now-q.asked < modalOverdue {", fault: "	if q.asked != 0 {",
	},
	{
		name: "modal-returns-early", why: "When its context is done, Modal spins while its function still runs.", assert: true,
		file: "guest/modal.go", text: "		if m.called {\n			until = forever\n		}\n",
	},
	{
		name: "modal-second-unasked", why: "While a modal call runs, the guest does not ask for the next one.",
		file: "guest/modal.go", text: "	g.modals.request(g)\n	m.called = true", fault: "	m.called = true",
	},
	{
		name: "modal-under-the-pump", why: "A modal call is made inside a task's nested loop.",
		file: "guest/modal.go", text: "	if g.pump.InTurn() || g.life.is(ended) {", fault: "	if g.life.is(ended) {",
	},
	{
		name: "moved-hooks-stay", why: "A hook that was removed is kept until the future is settled.",
		file: "guest/settle.go", text: "		rest.one[0] = nil // they have moved\n", fault: "		_ = rest\n",
	},
	{
		name: "name-forges-lines", why: "A line break in a name forges a line of a dump.", tests: "./guest/inspect",
		file: "guest/inspect/name.go", text: "	name = oneLine(name)\n", assert: true,
	},
	{
		name: "name-inherited", why: "A task inherits the name of the task that has started it.",
		file: "guest/seen.go", text: "!ok || s != nil && s.Value(&bridge.NameKey) == any(name)", fault: "!ok", tests: "./guest/inspect",
	},
	{
		name: "named-functions-pass-the-name-on", why: "A task that a named background function starts has that name, too.", tests: "./guest/inspect", only: "TestWhatANamedFunctionStartsDoesNotInheritTheName",
		file: "guest/context.go", text: "	case &taskKey, &bridge.NameKey:\n", fault: "	case &taskKey:\n", assert: true,
	},
	{
		name: "names-outlive-tasks", why: "A coroutine keeps the name of a task that has ended.",
		file: "guest/seen.go", text: "return func() { self.Leave(); name.Leave() }", fault: "return func() { name.Leave() }", tests: "./guest/inspect", assert: true,
	},
	{
		name: "needed-coroutines-end", why: "Idle coroutines are ended although they are needed again and again.",
		file: "guest/internal/sched/pool.go", text: "		p.unneeded.least = min(p.unneeded.least, n-1)\n",
	},
	{
		name: "nested-is-a-stall", why: "A nested loop is also reported as a stall.",
		file: "guest/internal/sched/watchdog.go", text: "same == int(stalled/lostAfter) && w.nested != b.turns", fault: "same == int(stalled/lostAfter)",
	},
	{
		name: "nested-loop-unnamed", why: "A nested loop in a task is not reported.",
		file: "guest/client.go", text: "		g.nested()\n",
	},
	{
		name: "never-abandoned", why: "A background function that ignores its cancellation delays the end forever.",
		file: "guest/background.go", text: "abandoned := g.forced() || err != nil && g.life.pressed >= impatient", fault: "abandoned := false",
	},
	{
		name: "nil-pointers-as-causes", why: "A nil pointer in the cause of a cancellation ends the guest, or the code that prints the error.",
		file: "guest/errors.go", text: "	if isNilPointer(cause) {", fault: "	if false {", assert: true,
	},
	{
		name: "nil-pointers-as-errors", why: "A nil pointer in an error ends the guest.",
		file: "guest/coro.go", text: "			err = sound(err)\n",
	},
	{
		name: "no-budget", why: "The pump never gives the thread back.", assert: true,
		file: "guest/internal/sched/clock.go", text: "	if c.steps > 0 && c.now < c.end {", fault: "	if true {",
	},
	{
		name: "no-force", why: "After the loop's end a shielded wait is served without limit.", assert: true,
		file: "guest/end.go", text: "		g.life.pressed = forcing\n",
	},
	{
		name: "no-inherited-cancel", why: "A task that starts in a cancelled scope is not cancelled.",
		file: "guest/scope.go", text: "	if c := o.known(); c != nil && s.follows(o) {\n		s.cancel(c)\n	} else if", fault: "	if",
	},
	{
		name: "no-look-at-turns", why: "The watchdog does not ask for a wake-up in a turn that does not end, so a nested loop is not found.",
		file: "guest/internal/sched/watchdog.go", text: "	ask := same > 0 && b.standing == asked || same == 1 && b.standing == running\n", fault: "	ask := same > 0 && b.standing == asked\n",
	},
	{
		name: "no-lostAfter", why: "The pump never asks again for a wake-up that the host has lost.",
		file: "guest/internal/sched/watchdog.go", text: "	ask := same > 0 && b.standing == asked || same == 1", fault: "	ask := same == 1",
	},
	{
		name: "no-patience", why: "The watchdog asks a dead host without end, and virtual time runs away.",
		file: "guest/internal/sched/watchdog.go", text: "	if same < inVain {\n		b.watch()\n		w.same = same\n	}\n", fault: "	b.watch()\n	w.same = same\n",
	},
	{
		name: "no-recover-in-post", why: "A panic in a posted function is not recovered.",
		file: "guest/internal/sched/coro.go", text: "			c.code = posted\n",
	},
	{
		name: "no-recover-in-task", why: "A panic in a task is not recovered.",
		file: "guest/task.go", text: "	t.coro.Entered()\n",
	},
	{
		name: "no-retry", why: "A host that the watchdog has given up is never asked again.",
		file: "guest/internal/sched/watchdog.go", text: "	if b.standing != asked || !b.watch() {", fault: "	if b.standing != asked || b != nil {",
	},
	{
		name: "no-retry-at-the-end", why: "A host that the watchdog has given up in the last turns is never asked again.",
		file: "guest/internal/sched/inbox.go", text: "	if !b.closed {\n		b.controls = append(b.controls, c)\n	}\n", fault: "	if b.closed {\n		b.mu.Unlock()\n		return\n	}\n	b.controls = append(b.controls, c)\n",
	},
	{
		name: "no-step-count", why: "In virtual time the pump never gives the thread back.", assert: true,
		file: "guest/internal/sched/clock.go", text: "	if c.steps > 0 && c.now < c.end {", fault: "	if c.now < c.end {",
	},
	{
		name: "no-sweep", why: "Deadlines of waits that ended early are never swept out.",
		file: "guest/internal/sched/timer.go", text: "	if len(ts.heap) > 64 && len(ts.heap) > 2*ts.sleeping {", fault: "	if false && len(ts.heap) > 2*ts.sleeping {",
	},
	{
		name: "no-unsubscribe", why: "A wait that has ended stays in its scope's list.",
		file: "guest/wait.go", text: "	c.unsubscribe()\n",
	},
	{
		name: "not-begun-is-no-quit", why: "A function that could not begin before the loop ended makes a quit a failure.",
		file: "guest/errors.go", text: "				case same(err, ErrNotBegun):\n				case saysOnly(err, is):", fault: "				case saysOnly(err, is):", assert: true,
	},
	{
		name: "objection-drops-a-dismissal", why: "A user who dismisses a dialog in the moment in which its check objects has to do it again.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/checked.go", text: "					press, problem = p, nil\n", assert: true, fault: "					_ = p\n",
	},
	{
		name: "objection-of-the-loops-end", why: "A dialog shows the end of the loop as an objection of its check.",
		file: "hosts/internal/windows/checked.go", text: " || errors.Is(problem, guest.ErrHostGone)", fault: "", assert: true,
	},
	{
		name: "observer-hears-the-step-before", why: "The time of a wait includes what the task did before it.", tests: "./guest/inspect",
		file: "guest/wait.go", text: "since := t.scope.g.pump.Since()", fault: "since := t.scope.g.pump.Now()", assert: true,
	},
	{
		name: "observer-misses-goexit", why: "A task that ends by Goexit is reported as successful.",
		file: "guest/observe.go", text: "g.pump.Since()-begun, err; !returned {", fault: "g.pump.Since()-begun, err; false && !returned {", tests: "./guest/inspect", assert: true,
	},
	{
		name: "observer-panics-on", why: "An observer that has panicked is called again and again.",
		file: "guest/observe.go", text: "			g.observers.remove(o)\n", fault: "", tests: "./guest/inspect", assert: true,
	},
	{
		name: "observer-stays", why: "An observer is called after it was stopped.",
		file: "guest/observe.go", text: "return other == one", fault: "return one == nil", tests: "./guest/inspect", assert: true,
	},
	{
		name: "one-lane", why: "The posts of other goroutines are in one queue with the guest's own entries.",
		file: "guest/internal/sched/inbox.go", text: "		return &b.others, b.latest\n",
		fault: "		return &b.own, b.latest\n",
	},
	{
		name: "one-wakeup", why: "There is one wake-up instead of two that alternate, so a host that repeats it multiplies it.",
		file: "guest/internal/sched/inbox.go", text: "	b.nth ^= 1\n",
	},
	{
		name: "options-context-ends-late", why: "The end of Options.Context reaches a wait only with the guest's next turn.",
		file: "guest/guest.go", text: "	if g.root.ctx.Done() != nil { //", fault: "	if false { //",
	},
	{
		name: "others-forgotten", why: "Other goroutines that got no part of a turn do not go first in the next one.",
		file: "guest/internal/sched/share.go", text: "	} else if behind && s.used[own] >= half {", fault: "	} else if behind && s.used[own] < 0 {",
	},
	{
		name: "others-starve", why: "A batch of the guest's own entries does not end when others should go first.",
		file: "guest/internal/sched/batch.go", text: "		return b.others == 0 && !b.early && p.othersWait()",
		fault: "		return false",
	},
	{
		name: "over-is-a-cancellation", why: "A scope that has ended counts as cancelled if a context was derived from it.",
		file: "guest/fate.go", text: "s.fate.Store(&fate{std: f.std, over: true})", fault: "s.fate.Store(&fate{std: f.std})",
	},
	{
		name: "overtaken-unasked", why: "A scope is cancelled for another reason than the context above it, which was done before.",
		file: "guest/fate.go", text: "by != nil && by != f.why {", fault: "by != nil && by != f.why && false {",
	},
	{
		name: "own-nil-pointer-is-sound", why: "A nil pointer of the guest's own error type counts as an error.",
		file: "guest/errors.go", text: "if c, ok := err.(*cancellation); ok && c != nil {\n		return err", fault: "if _, ok := err.(*cancellation); ok {\n		return err",
	},
	{
		name: "own-order-by-chance", why: "The guest itself goes first even while it keeps up.",
		file: "guest/internal/sched/batch.go", text: "	case p.own.peek().tag.before(p.others.peek().tag):",
		fault: "	case p.own.n > 0:",
	},
	{
		name: "own-share-unkept", why: "The guest itself gets no share of a turn.",
		file: "guest/internal/sched/share.go", text: "		return own\n",
		fault: "		return neither\n",
	},
	{
		name: "own-work-unseen", why: "A long batch of others does not end when the guest itself has something to do.",
		file: "guest/internal/sched/batch.go", text: "		return b.own == 0 && !b.early && p.ownWaits()",
		fault: "		return false",
	},
	{
		name: "panic-hides-failures", why: "A panic of a scope's function hides the other failures.",
		file: "guest/structure.go", text: "			s.unheard(err, nil) //", fault: "			_ = s //", assert: true,
	},
	{
		name: "panicked-post-hides-a-fault", why: "After a posted function, a panic of the pump is taken for one of a posted function.",
		file: "guest/internal/sched/coro.go", text: "			p.callPosted(e.what.(callback))\n			c.code = internal\n", fault: "			p.callPosted(e.what.(callback))\n",
	},
	{
		name: "panicked-post-without-a-name", why: "A long posted function that panics is reported under another's name.", only: "^TestStepEndedByAPanicHasItsName$",
		file: "guest/internal/sched/coro.go", text: "				p.ran = e.what // now, in case it panics\n", fault: "				_ = e\n",
	},
	{
		name: "panicked-task-hides-a-fault", why: "After a task, a panic of the pump is taken for the task's.",
		file: "guest/internal/sched/coro.go", text: "	c.code = internal\n	c.pump.current = nil\n", fault: "	c.pump.current = nil\n",
	},
	{
		name: "panicked-task-loses-the-next", why: "What comes after a panic in the same batch is lost.",
		file: "guest/internal/sched/coro.go", text: "	p.beginning, ok = p.nextBeginning()\n	return ok\n", fault: "	p.beginning, ok = p.nextBeginning()\n	return false\n",
	},
	{
		name: "panicked-task-without-a-name", why: "A long step of a task that panics is reported under another's name.", only: "^TestStepEndedByAPanicHasItsName$",
		file: "guest/internal/sched/coro.go", text: "		if p.watched {\n			p.ran = what\n", fault: "		if _ = what; false {\n			p.ran = what\n",
	},
	{
		name: "panics-stay-with-the-coroutine", why: "A task that ends by a Goexit reports the panic of the task before it in the same coroutine.",
		file: "guest/coro.go", text: "		c.extra.err = nil\n", fault: "		_ = c\n", tests: "./guest/inspect", only: "TestObserverHearsEachRunAndEachEnd", assert: true,
	},
	{
		name: "patience-for-ever", why: "A task that ignores its cancellation keeps the thread.", assert: true,
		file: "guest/wait.go", text: "func (t *Task) refuse(err error) error {\n	t.checkpoint()\n", fault: "func (t *Task) refuse(err error) error {\n",
	},
	{
		name: "place-of-the-library", why: "A task whose function is guest.Park shows a line of the library.", tests: "./guest/inspect",
		file: "guest/inspect/reader.go", text: " || bridge.OfLibrary(runtime.Frame{File: file})", assert: true,
	},
	{
		name: "pool-begins-before-it-returns", why: "In a pool, all functions of a long line are half done at the same time.",
		file: "guest/flow/pool.go", text: "			p.back.push(s)\n", fault: "			p.fresh.push(s)\n", assert: true,
	},
	{
		name: "pool-begins-while-overdrawn", why: "After cancelled waits a pool runs more functions than its limit for good.",
		file: "guest/flow/pool.go", text: "	for p.busy--; p.busy < p.workers; {\n", fault: "	for p.busy = min(p.busy, p.workers) - 1; p.busy < p.workers; {\n", assert: true,
	},
	{
		name: "pool-counts-each-wait", why: "A function whose goroutines wait gives back more places than it has.",
		file: "guest/flow/pool.go", text: "	if !s.seated {\n", fault: "	if !s.seated && s.waits < 2 {\n", assert: true,
	},
	{
		name: "pool-keeps-cancelled-in-line", why: "A function that went on without a place takes one when its turn comes, and never gives it back.",
		file: "guest/flow/pool.go", text: "	s.step()\n	if s.came != nil {", fault: "	if s.came != nil {", assert: true,
	},
	{
		name: "pool-keeps-the-cancelled", why: "A cancelled wait in a pool lasts until a place is free.",
		file: "guest/flow/pool.go", text: "	case <-ctx.Done():\n		s.overdraw()\n", assert: true,
	},
	{
		name: "pool-keeps-the-place", why: "A function that waits for the UI keeps its place in the pool.",
		file: "guest/executor.go", text: "	p.Lend()\n	return func() { p.Return(ctx, last) }", fault: "	return func() {}", assert: true,
	},
	{
		name: "pool-seats-who-waits", why: "A goroutine comes back and keeps the place for which another goroutine of its function waits.",
		file: "guest/flow/pool.go", text: "		if s.waits == 0 {\n", fault: "		if true {\n",
	},
	{
		name: "pool-without-end", why: "Idle coroutines are kept without a limit.",
		file: "guest/internal/sched/pool.go", text: "return len(p.idle) < maxIdle", fault: "return true", assert: true,
	},
	{
		name: "pool-without-limit", why: "A pool runs any number of functions at the same time.",
		file: "guest/flow/pool.go", text: "	if p.busy >= p.workers {", fault: "	if p.busy < 0 {",
	},
	{
		name: "pool-yields-to-and-fro", why: "Two functions that yield keep all others out of the pool.",
		file: "guest/executor.go", text: "return lend(ctx, true) }", fault: "return lend(ctx, false) }", assert: true,
	},
	{
		name: "preferences-saved-too-early", why: "Preferences that deferred calls set while the app quits are lost.", tests: "./hosts/fyne/fynetest",
		file: "hosts/fyne/ending.go", text: "	e.saveNow()\n	stopped := e.stopped\n", fault: "	if len(e.hosts) > 0 {\n		e.saveNow()\n	}\n	stopped := e.stopped\n", assert: true,
	},
	{
		name: "probe-never-rests", why: "Looks at the stacks stop the world all the time.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/probe.go", text: "	q.rest = now + took + min(restFor*took, longestRest)\n", fault: "	_ = took\n", assert: true,
	},
	{
		name: "probe-takes-one-step-for-another", why: "The stack of one step is shown for the next.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/probe.go", text: "	if q.held == h && h == (held{b.turns, b.standing}) { // and", fault: "	if true { // and", assert: true,
	},
	{
		name: "program-vanishes", why: "When the loop ends in the middle of main, nothing is logged.",
		file: "guest/end.go", text: "if g.life.is(cancelled) || g.main.coro == nil || g.main.coro.idle {", fault: "if true {",
	},
	{
		name: "progress-after-closing", why: "Progress is shown in a window that has closed meanwhile, behind a scope that has ended.",
		file: "guest/notice.go", text: "		ctx = s.ctx\n", fault: "		return false\n", assert: true,
	},
	{
		name: "progress-after-result", why: "Posts of a short background function come after its result.",
		file: "guest/background.go", text: "	g.pump.RequeueBehindOthers(&t.coro.Coro)\n	t.coro.Park()\n",
	},
	{
		name: "progress-lost-with-its-scope", why: "The last progress of a part of the work is lost, because that part has ended.",
		file: "guest/notice.go", text: "if c := s.cancelled(); c != nil && c != finished {", fault: "if c := s.cancelled(); c != nil {", assert: true,
	},
	{
		name: "pump-panics-on", why: "A panic of the pump itself goes up into the host's loop.",
		file: "guest/internal/sched/turn.go", text: "			p.fault(v)\n", fault: "			panic(v)\n",
	},
	{
		name: "question-bears-our-name", why: "The report of a failed question names a line of the library.", tests: "./hosts/internal/windows",
		file: "hosts/internal/windows/start.go", text: "inspect.NamedAfter(ctx, ask)", fault: "ctx", assert: true,
	},
	{
		name: "queue-closes-backwards", why: "Close cancels the last function first.",
		file: "guest/queue.go", text: "slices.Backward(waiting)", fault: "slices.All(waiting)", assert: true,
	},
	{
		name: "queue-drains", why: "A post from a posted function runs in the same turn, so the toolkit gets no turn.",
		file: "host/queue.go", text: "		fn()\n	}\n	return !q.ended.Load()\n", fault: "		fn()\n		if q.next == len(q.batch) {\n			q.take()\n		}\n	}\n	return !q.ended.Load()\n", assert: true,
	},
	{
		name: "queue-forgets-its-end", why: "Posts after the loop's end are kept forever.", tests: "./hosts/headless",
		file: "host/queue.go", text: "	if !q.ended.Load() {\n		q.posted", fault: "	if true {\n		q.posted", assert: true,
	},
	{
		name: "queue-log-under-the-lock", why: "A queue holds its lock while it logs that a start was refused.", tests: "./guest",
		file: "guest/queue.go", text: "		g.lateStart(t.pc()) // without", fault: "		q.mu.Lock()\n		defer q.mu.Unlock()\n		g.lateStart(t.pc()) // without",
	},
	{
		name: "recv-leaks", why: "The goroutine of a receive is left behind.",
		file: "guest/flow/recv.go", text: "		r.giveUp()\n		got = answer",
		fault: "		got = answer",
	},
	{
		name: "recv-loses-a-value", why: "A value that was received together with a cancellation is dropped.",
		file: "guest/flow/recv.go", text: "		got = answer(ctx, true, r.end)\n",
	},
	{
		name: "refusals-never-forgotten", why: "Refused waits slow down a task that also waits properly in between.",
		file: "guest/wait.go", text: "	c.idle, c.ignored = false, 0\n", fault: "	c.idle = false\n", assert: true,
	},
	{
		name: "refusals-slow-down-soon", why: "A cancelled task that waits for many children is slowed down.",
		file: "guest/wait.go", text: "const maxIgnored = 10_000\n", fault: "const maxIgnored = 100\n", assert: true,
	},
	{
		name: "replay-counts-no-mark", why: "A run that differs from the run to be repeated is not reported.",
		file: "guest/guesttest/choices.go", text: "	case r.marks[at-1] != mark:\n", fault: "	case at < 0:\n", assert: true,
	},
	{
		name: "replay-does-not-settle", why: "A shuffled run depends on how fast goroutines are.",
		file: "guest/internal/sched/steer.go", text: "func (p *Pump) settleStep() {\n	if p.steered() {", fault: "func (p *Pump) settleStep() {\n	if false {", assert: true,
	},
	{
		name: "replay-forgets-workers", why: "Background functions that do the same thing can't be told apart.",
		file: "guest/steer.go", text: "			begin()\n", fault: "			_ = begin\n", assert: true, tests: "./guest/guesttest",
	},
	{
		name: "replay-in-any-order", why: "Posts are not repeated in the recorded order.",
		file: "guest/guesttest/arrivals.go", text: "		followed, left[window[:end]] = append(followed, next[0]), next[1:]\n", fault: "		followed, left[window[:end]] = append(followed, order[len(followed)]), next[1:]\n", assert: true,
	},
	{
		name: "replay-names-no-root", why: "The command that repeats a run names no package if the module's path has no dot.",
		file: "guest/guesttest/shuffle.go", text: "if path == \"\" || path", fault: "if slash == 0 || path", assert: true, tests: "./guest/guesttest",
	},
	{
		name: "replay-numbers-no-coroutine", why: "Results that arrive together can't be told apart.",
		file: "guest/client.go", text: "len(c.steering.numbers) + 1", fault: "0", assert: true, tests: "./guest/guesttest",
	},
	{
		name: "replay-takes-in-early", why: "A shuffled run depends on whether a goroutine was faster than the step that started it.",
		file: "guest/internal/sched/turn.go", text: "		p.drainTo(false)\n", fault: "		p.takeIn()\n", assert: true,
	},
	{
		name: "report-waits", why: "A handler gets an empty report of a loop that has ended.",
		file: "guest/loops/manager.go", text: "	report, _, _ := m.ended.Result()\n", fault: "	report, _ := m.ended.Wait(context.Background())\n",
	},
	{
		name: "rest-without-looking", why: "The pump falls asleep without a last look at the queue.",
		file: "guest/internal/sched/inbox.go", text: "	if more || b.lie() != 0 {", fault: "	if more {",
	},
	{
		name: "result-overtakes-last-posts", why: "With a cancellation, the result of a background function overtakes its last posts.",
		file: "guest/background.go", text: "j.end.isSettled() && j.ctx.Err() == nil", fault: "j.end.isSettled()",
	},
	{
		name: "result-overtakes-posts", why: "When one side goes first, a result overtakes the posts of a CallOnMain in its function.",
		file: "guest/notice.go", text: "	if g.pump.Overtook() {",
		fault: "	if false {",
	},
	{
		name: "result-overtakes-progress", why: "A result steps back behind what it has overtaken, but still runs before the last progress if the turn has ended meanwhile.",
		file: "guest/notice.go", text: "		g.pump.RequeueBehindOthers(c)\n		c.Park()\n", fault: "",
	},
	{
		name: "retry-after-cancel", why: "A cancelled Retry tries again.",
		file: "guest/flow/retry.go", text: "if err == nil || ctx.Err() != nil {", fault: "if err == nil {",
	},
	{
		name: "run-keeps-a-failure", why: "The failure of an action's run is silent, since the code that waited for it has given up.", tests: "./guest/flow",
		file: "guest/flow/action.go", text: "	if err == nil || out.Resolve(struct{}{}) {", fault: "	if true {", assert: true,
	},
	{
		name: "second-failure-silent", why: "The second failure of a scope is not returned, and is reported nowhere.",
		file: "guest/failure.go", text: "	case isPanic(err):\n", fault: "	case isPanic(err) && false:\n",
	},
	{
		name: "semaphore-keeps-a-cancelled-place", why: "On a busy UI thread, a cancelled request holds up all others.",
		file: "guest/flow/semaphore.go", text: "cancelled := a.ctx.Err() != nil", fault: "cancelled := false", assert: true,
	},
	{
		name: "semaphore-leaks-a-slot", why: "A wait that is cancelled just after it has got a slot keeps the slot.",
		file: "guest/flow/semaphore.go", text: "	if a == nil || a.held {", fault: "	if a == nil {",
	},
	{
		name: "send-lends-in-its-answer", why: "In a pool, a cancelled Send lasts until a place is free.",
		file: "guest/flow/send.go", text: "	if task {\n", fault: "	if true {\n", assert: true,
	},
	{
		name: "send-not-told", why: "A value was sent together with a cancellation, but is reported as not sent.",
		file: "guest/flow/send.go", text: "		result = answer(ctx, task, s.end)\n", fault: "		_ = answer(ctx, task, s.end)\n",
	},
	{
		name: "seq-overflows", why: "After four thousand million waits, a task that waits looks like one that has ended.", assert: true,
		file: "guest/internal/sched/coro.go", text: "{ c.seq = max(c.seq+1, 1) }", fault: "{ c.seq++ }",
	},
	{
		name: "settled-future-is-asked", why: "OnCancel's function is called for a future that was settled before.",
		file: "guest/promise.go", text: "	p.closed, p.stops = true, nil\n", fault: "	p.stops = nil\n",
	},
	{
		name: "settled-wait-lends", why: "A wait for a settled result lends its place in the pool.",
		file: "guest/wait.go", text: "	if e.isSettled() {\n		return nil // keep", fault: "	if e.isSettled() && false {\n		return nil // keep", assert: true,
	},
	{
		name: "settling-drops-the-note", why: "An error that is looked at after the future has failed is reported as lost, too.",
		file: "guest/settle.go", text: "	if rest.done != nil || rest.lost != nil {\n", fault: "	if rest.done != nil {\n",
	},
	{
		name: "slice-holds-on", why: "A Slice never yields.",
		file: "guest/flow/slice.go", text: "			if task {", fault: "			if task && ctx == nil {",
	},
	{
		name: "slow-handler-silent", why: "A handler that holds the thread is not logged.",
		file: "guest/internal/sched/sampler.go", text: "		held = ByHost\n", tests: "./guest",
	},
	{
		name: "slow-steps-unseen", why: "After a slow step the clock is still read as rarely as before.",
		file: "guest/internal/sched/clock.go", text: "		c.stride = 1\n",
	},
	{
		name: "slow-turn-always", why: "Short turns are reported as slow.",
		file: "guest/internal/sched/sampler.go", text: "s.turns == b.turns && s.standing", fault: "s.standing", tests: "./guest",
	},
	{
		name: "slow-turn-silent", why: "A long turn is not reported.",
		file: "guest/internal/sched/sampler.go", text: "		held = ByTurn\n", tests: "./guest",
	},
	{
		name: "slow-turns-rarely", why: "After a slow turn, the next freeze goes unreported for a long time.",
		file: "guest/internal/sched/sampler.go", text: "perGoroutine  = 2 * time.Millisecond", fault: "perGoroutine  = 2 * time.Second", tests: "./guest", assert: true,
	},
	{
		name: "snapshot-hangs-at-the-end", why: "A request for a snapshot is never answered if the guest ends.",
		file: "guest/snapshot.go", text: "func() bool { return l.into.Reject(ErrFinished) }", fault: "func() bool { return false }", tests: "./guest/inspect", assert: true,
	},
	{
		name: "snapshot-is-stale", why: "A task is shown at a place that it has left.",
		file: "guest/snapshot.go", text: "last.Wait == b.Wait && ", fault: "", tests: "./guest/inspect", assert: true,
	},
	{
		name: "stacks-show-arguments", why: "A stack shows the arguments of its calls.",
		file: "internal/stacks/parse.go", text: `return c.Name() + " (" + c.At() + ")"`, fault: `return c.Name() + "(" + c.Args + ") (" + c.At() + ")"`,
		tests: "./internal/stacks", assert: true,
	},
	{
		name: "stale-wakeup", why: "A late wake-up for an earlier wait ends a later one.",
		file: "guest/internal/sched/turn.go", text: "c = e.resumes(); c.seq != e.seq {", fault: "c = e.resumes(); c.seq == 0 {",
	},
	{
		name: "step-takes-the-last-name", why: "A step that ended by Goexit gets the name of what ran before it.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/turn.go", text: "			p.ran = nil\n", assert: true,
	},
	{
		name: "steps-unmeasured", why: "Slow steps of one side go unnoticed behind fast steps of the other.",
		file: "guest/internal/sched/clock.go", text: "	c.side, c.stride, c.left = s, 1, 1\n", fault: "	c.side = s\n",
	},
	{
		name: "submission-without-a-twin", why: "What the context of a submitted function says of its end changes when its task is cancelled.",
		file: "guest/context.go", text: "		_ = w.Context.Done() // makes the twin, so that what is told now stays the reason\n		err = w.Context.Err()\n", fault: "		err = w.waiter.scope.ctx.Err()\n",
	},
	{
		name: "submissions-forget-named-after", why: "A log names a function of Submit by itself.", tests: "./guest/inspect", only: "TestLogsNameBackgroundFunctionsAfterTheCallersFunction",
		file: "guest/submit.go", text: "pcAs(j.name, reflect.ValueOf(fn).Pointer())", fault: "pcAs(nil, reflect.ValueOf(fn).Pointer())", assert: true,
	},
	{
		name: "submitted-functions-have-no-name", why: "Profiles do not show the name of a function of Submit.", tests: "./guest/inspect", only: "TestProfilesShowTheNamesOfBackgroundFunctions",
		file: "guest/submit.go", text: "&t.scope, ownName(ctx, parent)\n", fault: "&t.scope, nil\n", assert: true,
	},
	{
		name: "supervised-stays-open", why: "Tasks are accepted while the guest ends.",
		file: "guest/end.go", text: "	g.own.live.Add(sealed)\n", fault: "	g.own.live.Add(0)\n",
	},
	{
		name: "suspects-of-any-type", why: "Any method on a waiting stack is reported to hold the lock.",
		file: "guest/internal/held/why.go", text: `of != "" && receiver(c) == of`, fault: `of != "" && receiver(c) != ""`, tests: "./guest/internal/held", assert: true,
	},
	{
		name: "suspects-without-end", why: "Of many waiting tasks, each is reported to hold the lock.",
		file: "guest/internal/held/why.go", text: "case l.few && inTask(g):", fault: "case inTask(g):", tests: "./guest/internal/held", assert: true,
	},
	{
		name: "sweep-the-living", why: "Sweeping removes the wrong deadlines.",
		file: "guest/internal/sched/timer.go", text: "		if d.live() {\n			kept", fault: "		if !d.live() {\n			kept",
	},
	{
		name: "test-not-apart", why: "In a test of a program, the end of one window cancels tasks of the others.", tests: "./hosts/fyne/fynetest",
		file: "hosts/fyne/fynetest/fynetest.go", text: "	own.Supervise = true\n", assert: true,
	},
	{
		name: "thread-of-any-guest", why: "Posts from another guest's UI thread count as the guest's own.",
		file: "guest/internal/place/mark.go", text: "{ return alive.Load() == 1 || p.OnThread() }",
		fault: "{ return true }",
	},
	{
		name: "timed-begins-twice", why: "A timed task that was woken early begins a second time at its deadline.",
		file: "guest/timed.go", text: "	return b.waiting && b.seq == seq", fault: "	return b.seq == seq",
	},
	{
		name: "timed-draws-unprotected", why: "A source of jitter that panics ends the guest.",
		file: "guest/timed.go", text: "	case b.every != nil:\n		err = t.soundCall()\n", fault: "	case b.every != nil:\n		err = b.run(&t.scope)\n",
	},
	{
		name: "timed-ignores-cancel", why: "A task that waits for its time ignores a cancellation.",
		file: "guest/scope.go", text: "		s.task.wakeTimed()\n", assert: true,
	},
	{
		name: "timed-runs-cancelled", why: "A timed task begins although Cancel has returned.",
		file: "guest/timed.go", text: "	} else if t.cancelOrdered() {", fault: "	} else if false {",
	},
	{
		name: "timer-early", why: "An earlier deadline does not reset the timer.",
		file: "guest/internal/sched/timer.go", text: "	if next == ts.set {", fault: "	if ts.set != 0 {",
	},
	{
		name: "timers-unordered", why: "Equal deadlines fire in the wrong order.",
		file: "guest/internal/sched/timer.go", text: "int32(d.nth()-other.nth()) < 0", fault: "int32(d.nth()-other.nth()) > 0",
	},
	{
		name: "told-panics-only", why: "A task that calls panic(nil) under GODEBUG=panicnil=1 never ends.",
		file: "guest/internal/sched/coro.go", text: "	if v := recover(); v != nil {\n			c.caught(v)\n		}\n", fault: "	if v := recover(); v != nil {\n			c.caught(v)\n		} else {\n			c.code = internal\n		}\n",
	},
	{
		name: "unwatched-posts", why: "The watchdog watches only turns, and not wake-ups that the host owes an idle guest.",
		file: "guest/internal/sched/inbox.go", text: "	b.nth ^= 1\n	b.watch()\n", fault: "	b.nth ^= 1\n",
	},
	{
		name: "unwatched-turns", why: "A turn has no watchdog after the host was given up.",
		file: "guest/internal/sched/inbox.go", text: "	b.turns++\n	b.watch()\n", fault: "	b.turns++\n",
	},
	{
		name: "var-binding-deaf", why: "A binding gets only the first value.",
		file: "guest/flow/var.go", text: "	for _, b := range bound {", fault: "	for _, b := range bound[:0] {",
	},
	{
		name: "wait-on-a-foreign-ui-thread", why: "A wait on another guest's UI thread freezes its window.",
		file: "guest/wait.go", text: "	if g := guestAt(place.RunsOn(thread)); g != nil {", fault: "	if g := guestAt(place.RunsOn(thread)); g != nil && false {",
	},
	{
		name: "wait-on-the-ui-thread", why: "A blocking wait on the UI thread is not refused.",
		file: "guest/wait.go", text: "		if t.scope.g.place.OnThread() {\n			return ErrWouldDeadlock", fault: "		if false {\n			return ErrWouldDeadlock",
	},
	{
		name: "wait-returns-nil-cancelled", why: "A wait returns nil although its context is done, because the work was done.",
		file: "guest/wait.go", text: "		if e.isSettled() {\n			return ctxError(ctx)\n		}\n", fault: "		if e.isSettled() {\n			return nil\n		}\n",
	},
	{
		name: "wait-shows-twice", why: "A future that All gets twice shows as two waits.", tests: "./guest/inspect",
		file: "guest/snapshot.go", text: "			b.WaitsFor = slices.Compact(b.WaitsFor) // All may be given a future twice\n", assert: true,
	},
	{
		name: "wait-with-a-tasks-context", why: "A goroutine waits with the context of a task, and goes on with its widgets.",
		file: "guest/wait.go", text: "	if taskScopeOf(ctx) != nil {", fault: "	if false {",
	},
	{
		name: "waiters-stay", why: "A wait that was given up stays in the list of what it waited for.",
		file: "guest/settle.go", text: "	if i := slices.Index(e.rest.waiters, w); i >= 0 {", fault: "	if i := slices.Index(e.rest.waiters, w); i >= 0 && false {",
	},
	{
		name: "waits-are-not-checked", why: "A task's wait for a task that waits for it is not refused.",
		file: "guest/cycle.go", text: "(w.seq == 0 || on.scope.parent.task != w.task)", fault: "w.seq == 0",
	},
	{
		name: "waits-inside-c", why: "A task may wait in a callback from C.", tests: gtkCallbacks,
		file: "guest/internal/place/depth.go", text: "	if host.CallbackDepth() > 0 {\n		return true\n	}\n",
	},
	{
		name: "wake-before-enqueue", why: "The host is asked before the work is in the queue.",
		file: "guest/internal/sched/inbox.go", text: "	q, at := b.line(lies)\n	e.tag |= at\n	q.push(e)\n	if b.steer != nil {\n		b.noteSource(lies)\n	}\n	if b.standing == running || quiet { // the usual case, without a call\n		b.note(lies)\n	} else {\n		wake = b.needWakeup(lies)\n	}\n	b.mu.Unlock()\n	return wake, true",
		fault: "	if b.standing == running || quiet {\n		b.note(lies)\n	} else {\n		wake = b.needWakeup(lies)\n	}\n	b.mu.Unlock()\n	if wake != nil {\n		b.request(wake)\n	}\n	b.mu.Lock()\n	q, at := b.line(lies)\n	e.tag |= at\n	q.push(e)\n	b.mu.Unlock()\n	return nil, true",
	},
	{
		name: "watch-misses-the-running-turn", why: "A page that is opened in a frozen window never shows what froze it.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/turn.go", text: "	if w := p.watcher.Load(); w != nil {\n		p.tellTurn(w)", fault: "	if w := p.watcher.Load(); w != nil && p.watched {\n		p.tellTurn(w)", assert: true,
	},
	{
		name: "watch-names-the-wrong-step", why: "The console blames a task for what another one did before it.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/watcher.go", text: "	case steps > 1:\n", assert: true,
	},
	{
		name: "watch-never-ends", why: "The clock is still read after each step when the watch has ended.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/watcher.go", text: "		p.clock.single = w || p.steered()\n", fault: "		p.clock.single = true\n", assert: true,
	},
	{
		name: "watched-after-the-end", why: "The watchdog outlives the guest.",
		file: "guest/internal/sched/inbox.go", text: "	b.watchdog.stop()\n",
	},
	{
		name: "what-others-left-is-forgotten", why: "What a steered pump has left in the inbox is never taken in.", tests: "./guest/internal/sched",
		file: "guest/internal/sched/inbox.go", text: "	if left {\n", fault: "	if left && false {\n",
	},
	{
		name: "window-not-apart", why: "A failed handler cancels other tasks of its window.",
		file: "hosts/internal/apart/apart.go", text: "guest.Supervise(open,", fault: "guest.Scope(open,", assert: true,
	},
	{
		name: "woken-before-settled", why: "A goroutine that waits for a task sees no error, although the task has failed.", only: "^TestResultIsThereWhenTheChannelIsClosed$",
		file: "guest/settle.go", text: "	first, rest := e.settleLocked(err)\n	if rest != nil {\n		e.endRest(rest)\n	}\n	e.mu.Unlock()\n	first.wake()\n", fault: "	rest := e.rest\n	if rest != nil {\n		e.endRest(rest)\n	}\n	first, _ := e.settleLocked(err)\n	e.mu.Unlock()\n	first.wake()\n", assert: true,
	},
	{
		name: "words-in-words", why: "A test sees \"saved\" in \"unsaved\".", tests: "./hosts/internal/words",
		file: "hosts/internal/words/words.go", text: "if apart(text[:from], part) && ", fault: "if ", assert: true,
	},
	{
		name: "work-cause-unjoined", why: "A function's cancellation error does not match the cause.",
		file: "guest/background.go", text: "	if why == nil {\n		return err\n	}\n", fault: "	if why == nil || err != nil {\n		return err\n	}\n",
	},
}
