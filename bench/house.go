package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/golodger/lodger/bench/work"
)

// A house is a program in which contenders are measured.
type house struct {
	name    string
	open    func(h *house, bin string) error // builds it; the error says what is missing
	command []string                         // set by open
	words   bool                             // also needs its plan as words; see peers/spawnlocal
	slow    bool                             // measures a third, without large numbers of tasks
	windows bool                             // measures windows
	plain   bool                             // measures all other workloads
	floods  bool                             // measures overload
	// the contenders that are started and parked in separate processes
	alone   []string
	missing error
}

var houses = []*house{
	{name: "plain", open: program, plain: true, floods: true, alone: []string{
		oursHeadless, "channel to a locked goroutine", "golang.design/x/mainthread", "faiface/mainthread", goroutine}},
	{name: "glib", open: program, plain: true, floods: true, alone: []string{oursGLib, "glib.IdleAdd", goroutine}},
	{name: "fyne", open: onScreen(program), plain: true, floods: true, windows: true, alone: []string{
		oursFyne, "fyne.Do, DoAndWait", "b97tsk/async on fyne.Do", goroutine}},
	{name: "gtk", open: onScreen(program), windows: true},
	{name: "trio", open: script("trio"), plain: true, slow: true, alone: []string{"Trio, guest of GLib"}},
	{name: "asyncio", open: script("gbulb"), plain: true, slow: true, alone: []string{"asyncio, gbulb on GLib"}},
	{name: "spawnlocal", open: crate, plain: true, words: true, alone: []string{"gtk-rs, spawn_local"}},
}

func program(h *house, bin string) error {
	h.command = []string{filepath.Join(bin, h.name)}
	return quiet(exec.Command("go", "build", "-o", h.command[0], "./houses/"+h.name))
}

func onScreen(open func(*house, string) error) func(*house, string) error {
	return func(h *house, bin string) error {
		if os.Getenv("DISPLAY") == "" {
			return errors.New("no display; run under xvfb-run -a")
		}
		if _, err := exec.LookPath("xdotool"); err != nil {
			return errors.New("no xdotool; on Debian: apt-get install xdotool")
		}
		return open(h, bin)
	}
}

// python is Debian's Python, which has Debian's packages. A Python that a user has installed does
// not.
const python = "/usr/bin/python3"

func script(module string) func(*house, string) error {
	return func(h *house, _ string) error {
		h.command = []string{python, "-B", "peers/" + h.name + "_glib.py"}
		if quiet(exec.Command(python, "-c", "import gi, "+module)) != nil {
			return fmt.Errorf("not installed; on Debian: apt-get install python3-gi python3-%s", module)
		}
		return nil
	}
}

func crate(h *house, bin string) error {
	cmd := exec.Command("/usr/bin/cargo", "build", "--release", "--offline", "--target-dir", filepath.Join(bin, "rust"))
	cmd.Dir = "peers/" + h.name
	// Debian's crates need Debian's compiler
	cmd.Env = append(os.Environ(), "PATH=/usr/bin:"+os.Getenv("PATH"))
	h.command = []string{filepath.Join(bin, "rust", "release", h.name)}
	if err := quiet(cmd); err != nil {
		return fmt.Errorf("not installed; on Debian: apt-get install cargo librust-glib-dev (%w)", err)
	}
	return nil
}

// quiet runs a command. If it fails, the error contains the last line of its output.
func quiet(cmd *exec.Cmd) error {
	text, err := cmd.CombinedOutput()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	return nil
}

// measure runs the house once for each plan of the round.
func (h *house) measure(s size, round int, into samples) error {
	if h.plain {
		items := s.items(round)
		if h.slow {
			items = slowly(items)
		}
		if err := h.run(work.Plan{Items: items}, round, into); err != nil {
			return err
		}
	}
	for _, name := range h.alone {
		if err := h.run(work.Plan{Items: parked(), Only: name}, round, into); err != nil {
			return err
		}
		for range s.lives {
			if name == goroutine {
				break // it has no loop
			}
			if err := h.run(work.Plan{Only: name, Life: true}, round, into); err != nil {
				return err
			}
		}
	}
	if h.floods {
		if err := h.overload(s, round, into); err != nil {
			return err
		}
	}
	if h.windows {
		return h.run(work.Plan{Items: s.window()}, round, into)
	}
	return nil
}

// overload measures each contender in a separate process, which then exits. A contender that has
// failed once is not measured again, because each time costs seconds and shows the same.
func (h *house) overload(s size, round int, into samples) error {
	for _, name := range h.alone {
		for _, millis := range posts {
			if name == goroutine || into.hopeless(row{h.name, name}, millis) {
				continue
			}
			if err := h.run(work.Plan{Items: s.overload(millis), Only: name}, round, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// run starts the house with a plan and takes its samples.
func (h *house) run(p work.Plan, round int, into samples) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	args := append(h.command[1:len(h.command):len(h.command)], string(text))
	if h.words {
		args = append(args, words(p)...)
	}
	home, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	cmd := exec.CommandContext(ctx, h.command[0], args...)
	// No session: no settings of the user, and no bus.
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home, "XDG_RUNTIME_DIR="+home, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", h.name, text, err, stderr.Bytes())
	}
	for lines := bufio.NewScanner(&stdout); lines.Scan(); {
		var sample work.Sample
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil {
			return fmt.Errorf("%s said %q: %w", h.name, lines.Text(), err)
		}
		into.add(h.name, round, sample)
	}
	return nil
}

// words converts a plan for houses that can't read JSON. It leaves out a million sleepers,
// because a source for each would take hours.
func words(p work.Plan) (list []string) {
	if p.Life {
		return []string{"life"}
	}
	for _, i := range p.Items {
		if i.Workload != "turn" && i.N < 1_000_000 {
			list = append(list, fmt.Sprintf("%s:%d:%d:%d:%d", i.Workload, i.Param, i.N, i.Millis, i.Slices))
		}
	}
	return list
}
