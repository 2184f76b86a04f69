package fynehost_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/require"

	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/ordeal"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("ordeal", playOrdeal) }

// playOrdeal runs a busy program in a window, and quits the app at the step that STEP names;
// with a SEED, the host loses, repeats and delays what it is asked for.
func playOrdeal() int {
	a := app.NewWithID("test")
	host, err := fynehost.New(a)
	if err != nil {
		panic(err)
	}
	quit := a.Quit
	step, _ := strconv.Atoi(os.Getenv("STEP"))
	if step%2 == 0 {
		quit = a.Driver().Quit // as a tray's menu and signals do
	}
	w := a.NewWindow("ordeal")
	label := widget.NewLabel("")
	w.SetContent(label)
	w.Show()
	n := 0
	opts := &ordeal.Options{
		Deadly: step,
		Kill: func() {
			if host.OnThread() {
				quit()
			} else {
				fyne.Do(quit)
			}
		},
		Work: func() { n++; label.SetText(fmt.Sprint(n)) },
	}
	var loop ordeal.Loop = host
	if seed, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		loop = ordeal.Hostile(host, rand.New(rand.NewPCG(seed, 0)))
	}
	steps, err := ordeal.Run(loop, opts)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	screentest.Say("steps %d", steps)
	return 0
}

// rounds is how often something is tried that takes a process each time.
func rounds(few int) int {
	if n, err := strconv.Atoi(os.Getenv("QUIT_ROUNDS")); err == nil {
		return n
	}
	return few
}

// TestQuitAtAnyStep quits the app at steps all over a busy program: in tasks, in posted
// functions, in deferred calls, elsewhere.
func TestQuitAtAnyStep(t *testing.T) {
	_, said, _ := strings.Cut(screentest.Start(t, "ordeal").Ended(0), "steps ")
	said, _, _ = strings.Cut(said, "\n") // Fyne may log something after it
	steps, err := strconv.Atoi(strings.TrimSpace(said))
	require.NoError(t, err)
	n := rounds(50)
	for i := range n {
		step := 1 + i*steps/n
		t.Run(fmt.Sprint("step ", step), func(t *testing.T) {
			t.Parallel()
			screentest.Start(t, "ordeal", fmt.Sprint("STEP=", step)).Ended(0)
		})
	}
}

// TestGuestSurvivesALoopThatLosesRepeatsAndDelays has Fyne's loop misused by a host that breaks
// its contract.
func TestGuestSurvivesALoopThatLosesRepeatsAndDelays(t *testing.T) {
	for seed := range rounds(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			screentest.Start(t, "ordeal", fmt.Sprint("SEED=", seed)).Ended(0)
		})
	}
}
