package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// hostile tries all that a page can, with the whole address, which it could only have guessed.
const hostile = `<!doctype html><title>hostile</title><body><script>
const at = %q;
const got = {};
async function attempt(name, fn) {
	try { got[name] = await fn(); } catch (e) { got[name] = "refused"; }
}
const loads = (kind, set) => new Promise((done) => {
	const e = document.createElement(kind);
	e.onload = () => done("loaded");
	e.onerror = () => done("refused");
	set(e);
	document.body.append(e);
});
(async () => {
	await attempt("fetch", async () => (await fetch(at + "state.json")).text());
	await attempt("fetch with a header", async () => (await fetch(at + "state.json", { headers: { "X-A": "b" } })).text());
	await attempt("fetch blind", async () => "[" + await (await fetch(at + "state.json", { mode: "no-cors" })).text() + "]");
	await attempt("post", async () => "[" + await (await fetch(at + "state.json", { mode: "no-cors", method: "POST", body: "x" })).text() + "]");
	await attempt("script", () => loads("script", (e) => { e.src = at + "console.js"; }));
	await attempt("image", () => loads("img", (e) => { e.src = at + "icon.svg"; }));
	await attempt("style", () => loads("link", (e) => { e.rel = "stylesheet"; e.href = at + "console.css"; }));
	await attempt("frame", async () => {
		const e = document.createElement("iframe");
		e.src = at;
		const loaded = new Promise((done) => { e.onload = done; setTimeout(done, 2000); });
		document.body.append(e);
		await loaded;
		try { return e.contentDocument ? "empty: " + e.contentDocument.body.innerText : "refused"; } catch (x) { return "refused"; }
	});
	await attempt("events", () => new Promise((done) => {
		const s = new EventSource(at + "state.json");
		s.onmessage = (e) => done(e.data);
		s.onerror = () => { s.close(); done("refused"); };
	}));
	await attempt("socket", () => new Promise((done) => {
		const s = new WebSocket(at.replace("http", "ws") + "state.json");
		s.onopen = () => done("open");
		s.onerror = () => done("refused");
	}));
	window.result = got;
})();
</script>`

func TestHostilePageGetsNothing(t *testing.T) {
	_, c, _ := program(t, editor)
	for _, name := range []string{"127.0.0.1", "localhost"} {
		b := newBrowser(t)
		s := site(t, fmt.Sprintf(hostile, c.URL()))
		at := "http://" + name + s.URL[len("http://127.0.0.1"):]
		b.do(chromedp.Navigate(at))
		b.until(`window.result !== undefined`)
		got := says[map[string]string](b, `window.result`)
		require.Len(t, got, 10)
		for what, answer := range got {
			require.Contains(t, []string{"refused", "[]"}, answer, "%s, from %s", what, at)
		}
	}
}

// A page that opens the console as a window can neither see nor steer it.
func TestOpenerIsCutOff(t *testing.T) {
	b := newBrowser(t)
	_, c, _ := program(t, editor)
	s := site(t, "<!doctype html><title>opener</title>")
	b.do(chromedp.Navigate(s.URL))
	b.run(fmt.Sprintf(`window.other = window.open(%q)`, c.URL()))
	b.until(`other.closed`) // to the opener it is, since it is in a group of its own
	require.False(t, says[bool](b, `(() => { try { return Boolean(other && other.document.querySelector("#tree")); } catch (e) { return false; } })()`))
}
