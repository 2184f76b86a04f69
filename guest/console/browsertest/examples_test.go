package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/dupes/session"
	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// A quietView is a window that shows nothing.
type quietView struct{}

func (quietView) Choose(context.Context) (string, error)       { return "", nil }
func (quietView) ShowError(_ context.Context, err error) error { return err }
func (quietView) Searching([]string)                           {}
func (quietView) Progress(*finder.Model)                       {}
func (quietView) Finished(*finder.Result)                      {}

// tree has files that are equal for long, and take no place.
func tree(t *testing.T) string {
	dir := t.TempDir()
	for i := range 8 {
		f, err := os.Create(filepath.Join(dir, fmt.Sprint("film ", i)))
		require.NoError(t, err)
		require.NoError(t, f.Truncate(64<<30))
		require.NoError(t, f.Close())
	}
	return dir
}

// The search of dupes goes on while its console is looked at; then it is stopped.
func TestConsoleOfDupes(t *testing.T) {
	dir := tree(t)
	stop := make(chan func(), 1)
	g, c := running(t, "dupes", func(ctx context.Context) error {
		s := session.New(inspect.Named(ctx, "search"), quietView{})
		s.Start([]string{dir})
		stop <- s.Cancel
		return guest.Park(ctx)
	})
	b := newBrowser(t)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	require.Equal(t, []string{"dupes"}, b.text("#name"))
	rows := `[...document.querySelectorAll("[role=treeitem]")].map(e => e.innerText).join("\n")`
	b.until(rows + `.includes("finder.")`)

	b.press("/")
	b.do(chromedp.KeyEvent("finder"))
	b.until(`document.querySelector("#count").textContent.includes(" of ")`)
	b.until(rows + `.includes("guest.Background")`)
	b.do(chromedp.Click(chromedp.Search(`//*[@role="treeitem"]//span[@class="name" and contains(text(), "finder.")]`)))
	b.until(`document.querySelector("#details h2")?.textContent.includes("finder.")`)
	b.until(`document.querySelector("#details").innerText.includes(".go:")`)
	t.Log(says[string](b, rows), "\n", strings.Join(b.text("#details"), "\n"))
	b.picture("dupes")
	b.do(chromedp.Focus("#filter"), chromedp.KeyEvent(kb.Escape))
	b.until(rows + `.includes("search")`)

	cancel := <-stop
	require.NoError(t, g.Post(cancel))
	b.until(`!` + rows + `.includes("finder.")`)
	b.clean()
}

// A hundred thousand lines a second do not keep the page from being live, nor the page the lines.
func TestConsoleOfLogview(t *testing.T) {
	var lines *logview.Log
	_, c := running(t, "logview", func(ctx context.Context) error {
		lines = logview.New(ctx, 20_000, nil, func() {})
		guest.Go(inspect.Named(ctx, "collect"), lines.Collect)
		source := &logview.Source{Rate: 100_000, Workers: 4, Write: lines.Writer(false)}
		return source.Run(ctx)
	})
	b := newBrowser(t)
	b.do(chromedp.Navigate(c.URL()))
	b.until(live)
	b.until(`document.querySelectorAll("[role=treeitem]").length >= 6`)
	b.do(chromedp.Click(chromedp.Search(`//span[@class="name" and text()="collect"]`)))
	b.until(`document.querySelector("#details h2")?.textContent === "collect"`)
	b.until(`document.querySelector("#details").innerText.includes("logview.(*Log).Collect")`)
	b.press("/")
	b.do(chromedp.KeyEvent("Source"))
	b.until(`document.querySelector("#count").textContent.includes(" of ")`)
	require.Contains(t, strings.Join(b.text("[role=treeitem]"), "\n"), "guest.Background")
	t.Log(strings.Join(b.text("[role=treeitem]"), "\n"), strings.Join(b.text("#cost"), ""))
	b.picture("logview")
	b.clean()
}
