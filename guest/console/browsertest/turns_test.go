package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// compute holds the thread.
//
//go:noinline
func compute(d time.Duration) { time.Sleep(d) }

// layOut is a task that holds the thread now and then.
func layOut(ctx context.Context) error {
	for guest.Sleep(ctx, 500*time.Millisecond) == nil {
		compute(30 * time.Millisecond)
	}
	return ctx.Err()
}

// busy is the editor with slow steps: a task's, a posted function's, and one whose name is markup.
func busy(ctx context.Context, let *guest.Future[bool]) error {
	g, _ := guest.FromContext(ctx)
	guest.Go(inspect.Named(ctx, "layout"), layOut)
	guest.Go(inspect.Named(ctx, "<b>slow</b>"), func(ctx context.Context) error {
		for guest.Sleep(ctx, time.Second) == nil {
			compute(60 * time.Millisecond)
		}
		return ctx.Err()
	})
	guest.Every(ctx, 4*time.Second, func(context.Context) error { return g.Post(repaint) }, nil)
	guest.Go(inspect.Named(ctx, "tick"), func(ctx context.Context) error {
		for guest.Sleep(ctx, 90*time.Millisecond) == nil {
			compute(2 * time.Millisecond)
		}
		return ctx.Err()
	})
	return editor(ctx, let)
}

func repaint() { compute(250 * time.Millisecond) }

const stepRows = `[...document.querySelectorAll("#steps tbody tr")].map(e => e.innerText).join("\n")`

func TestTimelineIsShownAndWalked(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, busy)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.until(`/the longest took 2\d\d ms, .* ago; [1-9]\d* slow \(100 ms and more\)/.test(document.querySelector("#turns-sum").textContent)`)
	b.until(`document.querySelector("#turns .slow").getAttribute("d") !== ""`)
	require.Regexp(t, `\d+ turns? in [\d.]+ m?s; [\d.]+ % of the time in turns; the longest took \d+ ms, .* ago; \d+ slow`, b.text("#turns-sum")[0])
	require.Equal(t, []string{"4.0 ms", "100 ms"}, b.text("#turns .mark"))

	// the keys: from column to column, and to the step of one
	value := `document.querySelector("#turns").getAttribute("aria-valuetext")`
	require.Contains(t, says[string](b, value), "of the time in turns", "without a column it is the sum")
	b.do(chromedp.Focus("#turns"))
	b.until(`(() => {
		document.querySelector("#turns").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }));
		return ` + value + `.includes("a slow turn of 2");
	})()`)
	require.Regexp(t, `ago: .*a slow turn of 2\d\d ms, .* of 50 ms in turns`, says[string](b, value))
	require.Regexp(t, `ago: .*a slow turn of 2\d\d ms`, b.text("#turns-cell")[0])
	require.Less(t, says[int](b, `Number(document.querySelector("#turns").getAttribute("aria-valuenow"))`), 1)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#tab-steps").getAttribute("aria-selected") === "true"`)
	b.until(`document.querySelector("#details h2")?.textContent === "browsertest.repaint"`)
	require.Equal(t, "browsertest.repaint", says[string](b, `document.activeElement.textContent`))
	require.Regexp(t, `(?s)turns_test\.go:\d+.*Held the UI thread.*2\d\d ms.*A posted function`, b.text("#details")[0])

	// the mouse
	b.run(`
		const e = document.querySelector("#turns"), r = e.getBoundingClientRect();
		e.dispatchEvent(new MouseEvent("click", { clientX: r.right - 40, clientY: r.top + 20, bubbles: true }))`)
	b.until(`document.querySelector("#turns-cell").textContent.includes("ago: ")`)
	b.picture("timeline")
	b.clean()
}

func TestSlowestStepsAreShownAndWalked(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, busy)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.do(chromedp.Click("#tab-steps"))
	b.until(`/repaint.*posted.*browsertest\.compute/.test(` + stepRows + `)`) // it was looked at
	b.until(`/layout.*browsertest\.compute/.test(` + stepRows + `)`)
	b.until(stepRows + `.includes("<b>slow</b>")`)
	require.False(t, says[bool](b, `document.querySelector("#steps").hidden || !document.querySelector("#list").hidden || !document.querySelector("#filter").hidden`))
	rows := says[string](b, stepRows)
	require.Regexp(t, `(?m)^2\d\d ms\s+browsertest\.repaint\s+posted\s+turns_test\.go:\d+\s+browsertest\.compute\s+turns_test\.go:\d+\s+[\d.]+ m?s ago\s+\d+`, rows)
	require.Contains(t, rows, "browsertest.layOut")
	require.Zero(t, says[int](b, `document.querySelectorAll("#steps b").length`))

	// a click, and the keys
	b.do(chromedp.Click(chromedp.Search(`//*[@id="steps"]//tr[contains(., "compute")]//button[text()="layout"]`)))
	b.until(`document.querySelector("#details h2").textContent === "layout"`)
	require.Regexp(t, `(?s)browsertest\.layOut.*Held the UI thread.*3\d ms.*A task, from one wait to the next.*browsertest\.compute`, b.text("#details")[0])
	require.Equal(t, 1, says[int](b, `document.querySelectorAll("#steps [aria-expanded=true]").length`))
	above := `document.activeElement.closest("tr").previousElementSibling.querySelector("button").textContent`
	above = says[string](b, above)
	b.do(chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#details h2").textContent === document.activeElement.textContent`)
	require.Equal(t, above, b.text("#details h2")[0])
	b.picture("steps")

	// paused it stays as it is, and can be walked
	b.do(chromedp.Click("#pause"))
	b.until(`document.querySelector("#live").textContent === "paused"`)
	b.do(chromedp.Sleep(600 * time.Millisecond))
	table, drawn, sum := says[string](b, stepRows), says[string](b, `document.querySelector("#turns svg").outerHTML`), b.text("#turns-sum")
	b.do(chromedp.Sleep(1500 * time.Millisecond))
	require.Equal(t, table, says[string](b, stepRows))
	require.Equal(t, drawn, says[string](b, `document.querySelector("#turns svg").outerHTML`))
	require.Equal(t, sum, b.text("#turns-sum"))
	b.do(chromedp.Click(chromedp.Search(`//*[@id="steps"]//button[text()="browsertest.repaint"]`)))
	b.until(`document.querySelector("#details h2").textContent === "browsertest.repaint"`)
	b.do(chromedp.Click("#pause"))
	b.until(stepRows + ` !== ` + says[string](b, `JSON.stringify(`+stepRows+`)`))

	// back to the tasks: by the keys of the tabs, and by the filter's
	b.do(chromedp.Focus("#tab-steps"), chromedp.KeyEvent(kb.ArrowLeft))
	b.until(`document.activeElement.id === "tab-tasks" && !document.querySelector("#list").hidden`)
	b.until(`document.querySelectorAll("[role=treeitem]").length >= 15`)
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.until(`document.activeElement.id === "tab-steps"`)
	b.press("/")
	b.until(`document.activeElement.id === "filter"`)
	b.clean()
}

// What a screen reader is told: names and roles as the browser has computed them.
func TestTimelineAndStepsHaveNamesForScreenReaders(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, busy)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.do(chromedp.Click("#tab-steps"))
	b.until(stepRows + `.includes("repaint")`)
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	require.NoError(t, err)
	var said []string
	for _, n := range tree.Nodes {
		if !n.Ignored && n.Role != nil && n.Name != nil {
			said = append(said, string(n.Role.Value)+" "+string(n.Name.Value))
		}
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		`"slider" "Turns of the UI thread, by time"`, `"table" "The steps that have held the UI thread longest, the slowest first"`,
		`"columnheader" "Was seen in"`, `"tab" "Tasks"`, `"button" "browsertest.repaint"`,
	} {
		require.Contains(t, all, want)
	}
}

// A turn that goes on is in the timeline before it ends, and its step is there afterwards; so is a
// handler's, though the guest has nothing to do.
func TestHeldThreadIsInTheTimeline(t *testing.T) {
	b := newBrowser(t)
	g, c, _ := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.do(chromedp.Click("#tab-steps"))
	held := make(chan struct{})
	require.NoError(t, g.Post(func() { <-held }))
	b.until(`!document.querySelector("#held").hidden`)
	b.until(`/the longest took [23]\.\d s, 0 ms ago/.test(document.querySelector("#turns-sum").textContent)`)
	b.picture("held-turns")
	close(held)
	b.until(`document.querySelector("#held").hidden`)
	b.until(stepRows + `.includes("TestHeldThreadIsInTheTimeline.func1")`)

	g.Host().RunSyncSoonThreadsafe(func() { compute(2 * time.Second) })
	b.until(stepRows + `.includes("outside the guest")`)
	b.do(chromedp.Click(chromedp.Search(`//*[@id="steps"]//button[text()="browsertest.compute"]`)))
	b.until(`document.querySelector("#details").innerText.includes("A handler, or the toolkit")`)
	require.Regexp(t, `something else took up to (2\.\d s|1\.[5-9] s) while the guest had work, `, b.text("#turns-sum")[0])
	b.picture("handler")
	b.clean()
}
