package browsertest

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

const live = `document.querySelector("#live").textContent === "live"`

func TestTreeIsShownAndWalked(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.until(`document.querySelectorAll("[role=treeitem]").length >= 15`)
	require.Equal(t, []string{"editor"}, b.text("#name"))
	all := strings.Join(b.text("[role=treeitem]"), "\n")
	require.Contains(t, all, "autosave")
	require.Contains(t, all, "guest.Sleep")
	require.Contains(t, all, "<b>markup</b>", "text of the program is text")
	require.Zero(t, says[int](b, `document.querySelectorAll("#tree b").length`))
	require.Equal(t, "none", says[string](b, `getComputedStyle(document.querySelector("#held")).display`))

	// a click selects, and the details say where it waits and who waits for it
	b.do(chromedp.Click(chromedp.Search(`//span[@class="name" and text()="autosave"]`)))
	b.until(`document.querySelector("#details h2")?.textContent === "autosave"`)
	details := strings.Join(b.text("#details"), "")
	require.Contains(t, details, "browsertest.sleep")
	require.Contains(t, details, "Waited for by")
	b.do(chromedp.Click(chromedp.Search(`//aside//button[starts-with(., "close")]`)))
	b.until(`document.querySelector("#details h2").textContent === "close"`)
	require.Equal(t, "tree", says[string](b, `document.activeElement.id`))

	// the keys: down, to the parent, close it, open it
	selected := `document.querySelector("[role=treeitem][aria-selected=true]")`
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.until(selected + `.querySelector(".name").textContent === "<b>markup</b>"`)
	require.True(t, says[bool](b, `document.getElementById(document.activeElement.getAttribute("aria-activedescendant")) === `+selected))
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.until(selected + `.getAttribute("aria-level") === "1"`)
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.until(`document.querySelectorAll("[role=treeitem]").length === 1`)
	require.Equal(t, "false", says[string](b, selected+`.getAttribute("aria-expanded")`))
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.until(`document.querySelectorAll("[role=treeitem]").length > 15`)
	b.do(chromedp.KeyEvent(kb.End))
	b.until(selected + `.getAttribute("aria-level") === "2"`)
	b.clean()
}

func TestFilterAndOrder(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.press("/")
	b.until(`document.activeElement.id === "filter"`)
	b.do(chromedp.KeyEvent("thumbnail 3"))
	b.until(`document.querySelector("#count").textContent.startsWith("3 of ")`)
	require.Equal(t, 7, says[int](b, `document.querySelectorAll("[role=treeitem]").length`), "with their windows and the root")
	b.do(chromedp.KeyEvent("nowhere"))
	b.until(`!document.querySelector("#empty").hidden`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`document.querySelectorAll("[role=treeitem]").length > 15 && document.activeElement.id === "tree"`)

	b.do(chromedp.Click(`input[value=newest] + span`))
	b.until(`document.querySelector("[role=treeitem]").getAttribute("aria-level") === "1"`)
	b.do(chromedp.Click(`input[value=longest] + span`))
	b.until(`document.querySelector("[role=treeitem] .time").textContent !== ""`)
	b.clean()
}

func TestPauseStopsAsking(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.run(`performance.setResourceTimingBufferSize(100000)`)
	const asked = `performance.getEntriesByName(new URL("state.json", location.href).href).length`
	b.do(chromedp.Focus("#tree"), chromedp.KeyEvent(" "))
	b.until(`document.querySelector("#live").textContent === "paused"`)
	b.do(chromedp.Sleep(600 * time.Millisecond)) // for an answer that was on its way
	n, rows := says[int](b, asked), b.text("[role=treeitem]")
	b.do(chromedp.Sleep(1500 * time.Millisecond))
	require.Equal(t, n, says[int](b, asked))
	require.Equal(t, rows, b.text("[role=treeitem]"))
	b.do(chromedp.KeyEvent(" "))
	b.until(live)
	b.until(asked + ` > ` + "3")
	b.clean()
}

// When the guest ends, the page keeps what it shows, says so, and stops asking.
func TestPageOutlivesTheGuest(t *testing.T) {
	b := newBrowser(t)
	g, c, let := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	rows := b.text("[role=treeitem]")
	require.NotEmpty(t, rows)
	let.Resolve(true)
	g.Cancel(nil)
	<-c.Done()
	b.until(`["the guest has ended", "the console has ended"].includes(document.querySelector("#live").textContent)`)
	require.Len(t, b.text("[role=treeitem]"), len(rows))
	require.Equal(t, []string{""}, b.text("#state"), "it is not running")
	require.Equal(t, ".55", says[string](b, `getComputedStyle(document.querySelector("main")).opacity`)[1:])
	const asked = `performance.getEntriesByName(new URL("state.json", location.href).href).length`
	n := says[int](b, asked)
	b.do(chromedp.Focus("#tree"), chromedp.KeyEvent(" ")) // pause
	b.do(chromedp.KeyEvent(" "))                          // go on
	b.do(chromedp.Sleep(3 * time.Second))
	require.Equal(t, n, says[int](b, asked))
	b.picture("ended")
	for _, text := range b.complaints() {
		require.Contains(t, text, "net::ERR_", "a script has failed")
	}
}

func TestDumpIsCopied(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.do(chromedp.Click("#copy"))
	b.until(`document.querySelector("#copy").textContent === "Copied" || document.querySelector("#dump textarea").value.includes("autosave")`)
}

// A task that is deaf, and a thread that is held: the page says so, with the remedy.
func TestWarnings(t *testing.T) {
	b := newBrowser(t)
	g, c, let := program(t, editor)
	b.do(chromedp.Navigate(c.URL()))
	b.until(`!document.querySelector("#warnings").hidden`)
	require.Contains(t, b.text("#warnings li")[0], "upload is cancelled, but still waits in guest.(*Future).Wait")
	b.do(chromedp.Click("#warnings button"))
	b.until(`document.querySelector("#details h2").textContent === "upload"`)
	require.Contains(t, b.text("#details")[0], "the user has closed the window")
	b.picture("30")
	b.do(chromedp.EmulateViewport(720, 900))
	b.picture("narrow")
	b.do(chromedp.ResetViewport())

	held := make(chan struct{})
	require.NoError(t, g.Post(func() { <-held }))
	b.until(`!document.querySelector("#held").hidden`)
	require.Contains(t, b.text("#held-stacks")[0], "TestWarnings.func1 (console_test.go:")
	b.picture("held")
	close(held)
	b.until(`document.querySelector("#held").hidden`)
	b.clean()

	let.Resolve(true)
	g.Cancel(nil)
	b.until(`document.querySelector("#live").className.includes("off")`)
}

func TestTenThousandTasks(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, crowd)
	b.do(chromedp.Navigate(c.URL()))
	b.until(`document.querySelector("#count").textContent.startsWith("10,00")`)
	require.Less(t, says[int](b, `document.querySelectorAll("[role=treeitem]").length`), 100)
	b.do(chromedp.Focus("#tree"), chromedp.KeyEvent(kb.End))
	b.until(`document.querySelector("[role=treeitem][aria-selected=true]") !== null`)
	b.do(chromedp.KeyEvent(kb.Home))
	b.run(`
		window.gaps = [];
		let last = performance.now();
		const tree = document.querySelector("#tree");
		(function step(now) {
			gaps.push(now - last);
			last = now;
			tree.scrollTop += 40;
			if (!window.enough) requestAnimationFrame(step);
		})(last);`)
	b.do(chromedp.Sleep(5 * time.Second))
	t.Logf("frames while it scrolls and is live: %s; %s", says[string](b, `(() => {
		const g = gaps.slice(1).sort((a, b) => a - b);
		const at = (q) => g[Math.floor(g.length * q)].toFixed(1);
		return g.length + " frames, median " + at(.5) + " ms, 95% " + at(.95) + " ms, longest " + at(.999) + " ms";
	})()`), strings.Join(b.text("#cost"), ""))
	b.run(`window.enough = true`)
	b.press("/")
	b.do(chromedp.KeyEvent("blinker 50"))
	b.until(`document.querySelector("#count").textContent.startsWith("100 of 10,00")`)
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Home))
	b.picture("10000")
	b.clean()
}
