package hosttest

// A rule is a promise in words. A failure begins with it. The numbered rules are those of
// package host's comment.
type rule string

const (
	ruleOpen  rule = `"open returns a host": the function given to hosttest.Main returns a new host, and no error`
	ruleLoop  rule = `Mainloop's promise: it runs the loop on the calling goroutine and calls startGuest there once, when the loop is ready for it; an error from startGuest ends the loop, and Mainloop returns it`
	ruleLock  rule = `the rule of lock counts: Mainloop, Enter and all callbacks return with the LockOSThread count that they found`
	rulePost  rule = `the promise of posting: RunSyncSoonThreadsafe may be called from any goroutine, RunSyncSoonNotThreadsafe on the host's thread; neither ever waits or panics`
	rule1     rule = `rule 1: fn, a posted function, never runs on the stack of the call that posted it`
	rule2     rule = `rule 2: fn runs soon, at most once, on the host's one OS thread; exactly once unless the loop ends first`
	rule3     rule = `rule 3: every fn arrives at one constant depth of C-to-Go callbacks and with one constant LockOSThread count`
	rule4     rule = `rule 4: from one goroutine, fns run in the order posted`
	rule5     rule = `rule 5: a function that is posted before the loop starts runs after the loop has started`
	rule6     rule = `rule 6: after the loop has ended, a post drops fn: fn never runs on the caller, and the call neither blocks nor panics`
	rule7     rule = `rule 7: the host accepts DoneCallback even after the loop has ended`
	rule8     rule = `rule 8: a loop that Mainloop runs ends soon after DoneCallback, and Mainloop returns nil; DoneCallback does not end a loop that the program runs itself`
	rule9     rule = `rule 9: if a posted function posts another, that one runs in a later turn of the loop, so that the toolkit handles its events in between`
	ruleQuit  rule = `the promise about the toolkit's own quit: it ends the loop, and the host notices that without help; then rules 6 and 7 hold, too`
	ruleOn    rule = `Threader's promise: OnThread is true on the host's thread and false elsewhere, during and after the loop; before the loop it is false, unless the host already knows its thread`
	ruleEnter rule = `Enterer's promise: Enter runs fn at once on the calling goroutine, at the constant depth of rule 3, before, during and after the loop`
	ruleIn    rule = `Looper's promise: InLoop is true in what the loop calls, such as a posted function or a handler of the toolkit, and false before and after the loop`
	ruleNat   rule = `Native's promise: RunSyncSoonNative runs fn soon, once, on the host's thread, never on the stack of the call`
)

// A testCase tests one promise. A child calls run on its main goroutine with a new host; run
// ends with a verdict.
type testCase struct {
	name  string
	rule  rule
	needs []string // the verdict means something only if these cases have passed; transitive
	run   func(p *probe)
}

// needs lists the cases that a case relies on.
func needs(names ...string) []string { return names }

// ifAny is a need that may be absent.
func ifAny(name string) string { return name + mayBeAbsent }

const mayBeAbsent = "?"

// sound is the last of the cases about single posts. Later cases may post and wait without
// precautions.
const sound = "rule2-wakes-up-when-idle"

// Each case relies only on cases before it: the order of calls means nothing for a host that
// loses calls.
var cases = []*testCase{
	{"opens", ruleOpen, nil, (*probe).pass},
	{"mainloop-starts-guest", ruleLoop, needs("opens"), startsGuest},
	{"mainloop-starts-guest-once", ruleLoop, needs("mainloop-starts-guest"), startsGuestOnce},
	{"mainloop-returns-start-error", ruleLoop, needs("mainloop-starts-guest"), returnsStartError},

	{"rule1-never-inline", rule1, needs("mainloop-starts-guest"), neverInline},
	{"rule1-never-inline-on-thread", rule1, needs("rule1-never-inline"), neverInlineOnThread},
	{"posting-never-panics", rulePost, needs("rule1-never-inline-on-thread"), postingNeverPanics},
	{"posting-never-blocks", rulePost, needs("posting-never-panics"), postingNeverBlocks},

	{"rule2-never-lost", rule2, needs("posting-never-blocks"), neverLost},
	{"rule2-one-thread", rule2, needs("rule2-never-lost"), oneThread},
	{"rule2-never-lost-on-thread", rule2, needs("rule2-one-thread"), neverLostOnThread},
	{"rule2-never-lost-at-start", rule2, needs("rule2-never-lost"), neverLostAtStart},
	{"rule2-at-most-once", rule2, needs("rule2-never-lost-on-thread"), atMostOnce},
	{sound, rule2, needs("rule2-at-most-once"), wakesUpWhenIdle},

	{"rule3-constant-depth", rule3, needs(sound), constantDepth},
	{"rule3-coroutines-survive", rule3, needs("rule3-constant-depth"), coroutinesSurvive},
	{"rule4-order", rule4, needs(sound), inOrder},
	{"rule4-order-of-both-methods", rule4, needs("rule4-order"), inOrderOnThread},
	{"rule5-posted-before-the-loop", rule5, needs(sound), postedBefore},

	{"rule8-ends-after-done", rule8, needs(sound), endsAfterDone},
	{"rule8-lives-on-if-the-program-runs-it", rule8, needs(sound), livesOnAfterDone},
	{"quit-ends-the-loop", ruleQuit, needs("rule8-ends-after-done"), quitEnds},
	{"rule9-later-turn", rule9, needs("rule8-ends-after-done", ifAny("quit-ends-the-loop")), givesTurns},
	{"mainloop-keeps-lock-count", ruleLock, needs("rule8-ends-after-done", "rule3-coroutines-survive"), keepsLockCount},
	{"rule3-holds-after-the-end", rule3, needs("mainloop-keeps-lock-count", "rule3-coroutines-survive"), coroutinesOutliveTheLoop},
	{"rule6-never-run-after-the-end", rule6, needs("rule8-ends-after-done"), neverRunAfterEnd},
	{"rule6-never-blocks-after-the-end", rule6, needs("rule8-ends-after-done"), neverBlocksAfterEnd},
	{"rule6-never-panics-after-the-end", rule6, needs("rule8-ends-after-done"), neverPanicsAfterEnd},
	{"rule6-drops-after-the-end", rule6, needs("rule6-never-run-after-the-end", "rule6-never-blocks-after-the-end", "rule6-never-panics-after-the-end"), dropsAfterEnd},
	{"rule7-done-after-the-end", rule7, needs("mainloop-returns-start-error"), doneAfterEnd},

	{"quit-beside-posts", ruleQuit, needs("quit-ends-the-loop", "rule6-never-blocks-after-the-end", "rule6-never-panics-after-the-end"), quitBesidePosts},
	{"quit-then-posts", ruleQuit, needs("quit-beside-posts", "rule6-never-run-after-the-end"), quitThenPosts},
	{"quit-then-drops", ruleQuit, needs("quit-then-posts", "rule6-drops-after-the-end"), quitThenDrops},
	{"quit-then-done", ruleQuit, needs("quit-ends-the-loop", "rule7-done-after-the-end"), quitThenDone},

	{"threader-during-the-loop", ruleOn, needs(sound), onThreadDuring},
	{"threader-after-the-end", ruleOn, needs("threader-during-the-loop", "rule8-ends-after-done"), onThreadAfter},

	{"enterer-runs-now", ruleEnter, needs(sound), entersNow},
	{"enterer-constant-depth", ruleEnter, needs("enterer-runs-now", "rule3-constant-depth"), entersAtConstantDepth},
	{"enterer-resumes-coroutines", ruleEnter, needs("enterer-constant-depth", "rule3-coroutines-survive"), entersCoroutines},
	{"enterer-after-the-end", ruleEnter, needs("enterer-resumes-coroutines", "rule8-ends-after-done"), entersAfterEnd},

	{"native-never-inline", ruleNat, needs(sound), nativeNeverInline},
	{"native-runs-soon", ruleNat, needs("native-never-inline"), nativeRunsSoon},

	{"looper-during-the-loop", ruleIn, needs(sound), looperDuring},
	{"looper-after-the-end", ruleIn, needs("looper-during-the-loop", "rule8-ends-after-done", ifAny("quit-ends-the-loop")), looperAfter},
}
