package webtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const patience = 90 * time.Second // on a busy machine

// A browser is a tab, and what went wrong in it.
type browser struct {
	t   *testing.T
	tab context.Context

	mu        sync.Mutex
	complains []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	ctx, end := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(end)
	tab, end, err := Chromium(ctx, t.TempDir())
	if errors.Is(err, ErrNoBrowser) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(end)
	b := &browser{t: t, tab: tab}
	require.NoError(t, chromedp.Listen(tab, func(event any) {
		if e, ok := event.(*cdpruntime.EventExceptionThrown); ok {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.complains = append(b.complains, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
		}
	}))
	return b
}

// clean fails the test if a script has failed.
func (b *browser) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Empty(b.t, b.complains)
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.tab, steps...))
}

// says returns the value of an expression.
func says[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.tab, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err, expression)
	return value
}

// until waits for an expression to be true.
func (b *browser) until(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.tab, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience)))
	require.NoError(b.t, err, expression)
}

// shown returns a picture of the page, and keeps it for people to look at if they want that.
func (b *browser) shown(name string) []byte {
	b.t.Helper()
	shot, err := chromedp.Run(b.tab, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	if dir := os.Getenv("LODGER_SHOTS"); dir != "" {
		require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), shot, 0o644))
	}
	return shot
}

// build builds a program of the library's for the browser.
func build(t *testing.T, source string) (wasm string) {
	t.Helper()
	wasm = filepath.Join(t.TempDir(), "main.wasm")
	cmd := exec.Command("go", "build", "-o", wasm, source)
	cmd.Dir = "../../.."
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return wasm
}

func text(id string) string { return fmt.Sprintf("document.getElementById(%q).textContent", id) }

func TestExamplePageIsClicked(t *testing.T) {
	b := newBrowser(t)
	let := make(chan struct{})
	var taken sync.WaitGroup
	p := Program{Wasm: build(t, "./examples/browser"), Page: "../../../examples/browser/page"}
	pages := p.Serve()
	defer pages.Close()
	mux := http.NewServeMux()
	mux.Handle("/", pages.Config.Handler)
	mux.HandleFunc("/slow.txt", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-let:
			fmt.Fprint(w, "an answer")
		case <-r.Context().Done():
			taken.Done()
		}
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	b.do(chromedp.Navigate(s.URL))
	b.until(`!document.getElementById("program").hidden`)

	b.do(chromedp.Click("#count"), chromedp.Click("#count"), chromedp.Click("#count"))
	b.until(text("clicks") + ` === "3"`)

	taken.Add(1)
	b.do(chromedp.Click("#fetch"))
	b.until(text("answer") + ` === "asking…"`)
	b.until(`parseInt(` + text("frames") + `) > 30`)
	b.shown("browser-asking")
	b.do(chromedp.Click("#cancel"))
	b.until(text("answer") + ` === "cancelled"`)
	taken.Wait() // the server hears of it
	b.do(chromedp.Click("#fetch"))
	close(let)
	b.until(text("answer") + ` === "an answer"`)

	before := says[string](b, text("primes"))
	frames := says[int](b, `parseInt(`+text("frames")+`)`)
	b.until(fmt.Sprintf(`parseInt(%s) > %d && %s !== %q`, text("frames"), frames+20, text("primes"), before))
	b.shown("browser")
	b.clean()
}

// The counter has one button, below its label; in a page Fyne's window is all of it.
func TestFynesCounterIsClicked(t *testing.T) {
	b := newBrowser(t)
	stop, err := Program{Wasm: build(t, "./examples/counter")}.Start(b.tab,
		func(_ int, text string) { t.Log(text) },
		func(code int) { t.Errorf("the program has ended: %d", code) })
	require.NoError(t, err)
	defer stop()
	b.until(`document.querySelector("canvas") !== null`)
	b.rest("counter-web-0")
	before := b.shown("counter-web-0")
	for range 3 {
		b.clickAt(120, 60)
	}
	b.changed(before)
	b.rest("counter-web-3")
	b.clean()
}

// clickAt clicks with the mouse, as a person does: slower than a frame.
func (b *browser) clickAt(x, y float64) {
	b.t.Helper()
	for _, kind := range []input.DispatchMouseEventType{"mouseMoved", "mousePressed", "mouseReleased"} {
		_, err := chromedp.Call(b.tab, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: x, Y: y, Button: "left", ClickCount: 1,
		})
		require.NoError(b.t, err)
		b.do(chromedp.Sleep(100 * time.Millisecond))
	}
	b.do(chromedp.Sleep(300 * time.Millisecond))
}

// changed waits until the page looks different.
func (b *browser) changed(before []byte) {
	b.t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); {
		if !bytes.Equal(before, b.shown("changed")) {
			return
		}
		b.do(chromedp.Sleep(100 * time.Millisecond))
	}
	b.t.Error("nothing has changed")
}

// rest waits until the page shows something, and looks the same for a while.
func (b *browser) rest(name string) {
	b.t.Helper()
	var last []byte
	same := 0
	for late := time.Now().Add(patience); same < 4; {
		require.True(b.t, time.Now().Before(late), "it does not come to rest")
		now := b.shown(name)
		if bytes.Equal(now, last) && colours(b.t, now) > 3 {
			same++
		} else {
			same = 0
		}
		last = now
		b.do(chromedp.Sleep(250 * time.Millisecond))
	}
}

// colours counts those of a picture.
func colours(t *testing.T, shot []byte) int {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(shot))
	require.NoError(t, err)
	seen := map[any]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			seen[picture.At(x, y)] = true
		}
	}
	return len(seen)
}
