package browsertest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/console"
	"github.com/golodger/lodger/hosts/headless"
)

// chromium returns the browser, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if at, err := exec.LookPath(name); err == nil {
			return at
		}
	}
	const missing = "missing: a browser, Chromium; on Debian: apt-get install chromium"
	if os.Getenv("CI") != "" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// A browser is a tab, and what went wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu        sync.Mutex
	complains []string // errors of scripts, and what its policies have blocked
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 800), chromedp.UserDataDir(t.TempDir()))
	ctx, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, end = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	b := &browser{t: t, ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *cdpruntime.EventExceptionThrown:
			b.complain((&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == "error" {
				b.complain(e.Entry.Text + " " + e.Entry.URL)
			}
		}
	}))
	_, err := chromedp.Call(ctx, cdplog.Enable, cdp.Empty{})
	require.NoError(t, err)
	return b
}

func (b *browser) complain(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complains = append(b.complains, text)
}

// clean fails the test if a script has failed, or broken a policy.
func (b *browser) clean() {
	b.t.Helper()
	require.Empty(b.t, b.complaints())
}

func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.complains)
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// says returns the value of an expression.
func says[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err, expression)
	return value
}

// run runs a script.
func (b *browser) run(script string) {
	b.t.Helper()
	says[bool](b, "(() => {"+script+"; return true; })()")
}

// until waits for an expression to be true.
func (b *browser) until(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(time.Minute)))
	require.NoError(b.t, err, expression)
}

// press presses a key as a keyboard does: a script that takes the key keeps it out of the text.
func (b *browser) press(key string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyDown", Key: key, Text: key})
	require.NoError(b.t, err)
	_, err = chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyUp", Key: key})
	require.NoError(b.t, err)
}

// text is what can be read of the elements that a selector finds.
func (b *browser) text(selector string) []string {
	b.t.Helper()
	return says[[]string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText.trim())`, selector))
}

// picture keeps a picture of the page, dark and light, for people to look at.
func (b *browser) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("LODGER_SHOTS")
	if dir == "" {
		return
	}
	for _, scheme := range []string{"dark", "light"} {
		_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		require.NoError(b.t, err)
		b.do(chromedp.Sleep(700 * time.Millisecond))
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		require.NoError(b.t, err)
		require.NoError(b.t, os.WriteFile(filepath.Join(dir, "console-"+name+"-"+scheme+".png"), png, 0o644))
	}
}

// program is an editor with a console until the test ends. With let its last task ends.
func program(t *testing.T, main func(ctx context.Context, let *guest.Future[bool]) error) (*guest.Guest, *console.Console, *guest.Future[bool]) {
	t.Helper()
	let := guest.NewFuture[bool]()
	g, c := running(t, "editor", func(ctx context.Context) error { return main(ctx, let) })
	t.Cleanup(func() { let.Resolve(true); g.Cancel(nil); <-c.Done() })
	return g, c, let
}

// running runs a guest with a console until the test ends.
func running(t *testing.T, name string, main func(ctx context.Context) error) (*guest.Guest, *console.Console) {
	t.Helper()
	started, ended := make(chan *guest.Guest), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // before the start, as in a program
		defer runtime.UnlockOSThread()
		h := headless.New()
		g, err := guest.Start(h, nil, &guest.Options{Name: name, Supervise: true})
		assert.NoError(t, err)
		started <- g
		_ = h.Mainloop(func() error { return nil })
		g.Finish()
	}()
	g := <-started
	t.Cleanup(func() { g.Cancel(nil); <-ended })
	g.Go(main)
	c, err := console.Serve(context.Background(), g, &console.Options{Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { g.Cancel(nil); <-c.Done() })
	return g, c
}

// site is another web site on this machine.
func site(t *testing.T, page string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(s.Close)
	return s
}
