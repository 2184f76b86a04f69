package testfleet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A Farm is a process with a server and many agents, for measurements. So their cost does not
// count as the window's cost.
type Farm struct {
	Link *wire.Link
	cmd  *exec.Cmd
	in   io.Closer
}

// reading is how long a job of a farm's agent takes. The agents only simulate reading.
const reading = 5 * time.Second

// StartSpeakers starts a farm whose agents only report, ten times a second each.
func StartSpeakers(n int) (*Farm, error) { return startFarm("-speakers", strconv.Itoa(n)) }

// StartAgents starts a farm with an agent for each folder.
func StartAgents(folders []string) (*Farm, error) {
	return startFarm(append([]string{"-agents"}, folders...)...)
}

func startFarm(args ...string) (*Farm, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f := &Farm{cmd: exec.Command(self, append([]string{"-farm"}, args...)...)}
	f.cmd.Stderr = os.Stderr
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := f.cmd.Start(); err != nil {
		return nil, err
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		f.Link, err = wire.Connect(context.Background(), strings.TrimSpace(url), "window", wire.Options{AckWait: time.Minute})
	}
	if err != nil {
		f.Stop()
		return nil, err
	}
	return f, nil
}

// Stop ends the farm. Waits.
func (f *Farm) Stop() {
	if f.Link != nil {
		f.Link.Close()
	}
	_ = f.in.Close()
	_ = f.cmd.Wait()
}

// FarmMain runs the farm's program in a child process, and otherwise returns at once. Call it in
// TestMain.
func FarmMain() {
	if len(os.Args) < 3 || os.Args[1] != "-farm" {
		return
	}
	if err := farm(os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func farm(kind string, args []string) error {
	dir, err := os.MkdirTemp("", "farm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, err := local.StartServer(dir)
	if err != nil {
		return err
	}
	defer server.Stop()
	ctx := local.UntilStdinEnds(context.Background())
	link, err := wire.Connect(ctx, server.URL(), "farm", wire.Options{AckWait: time.Minute})
	if err != nil {
		return err
	}
	defer link.Close()
	fmt.Println(server.URL())
	if kind == "-speakers" {
		n, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		speak(ctx, link, n)
		return nil
	}
	// all agents are tasks of one guest
	_, err = headless.Run(func(ctx context.Context) (struct{}, error) {
		for i, folder := range args {
			a := &agent.Agent{Name: fmt.Sprintf("agent-%04d", i), Shares: Shares(folder), Hash: played}
			guest.Go(ctx, func(ctx context.Context) error { return a.Run(ctx, link) })
		}
		return struct{}{}, nil
	}, &guest.Options{Context: ctx})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// speak reports for each of n agents in turn, evenly over time.
func speak(ctx context.Context, link *wire.Link, n int) {
	started := time.Now().Round(0)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		for part := range 10 {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				for i := part; i < n; i += 10 {
					_ = link.Tell(wire.Status{Agent: fmt.Sprintf("agent-%04d", i), Started: started, Number: now.UnixNano(), Said: time.Now(),
						Shares: []string{"share"}, Bytes: now.Sub(started).Milliseconds() * 1000,
						Doing: []wire.Doing{{Run: "run", Job: "job", Share: now.Format("05.00"), Bytes: 1}}})
				}
			}
		}
	}
}

// played simulates reading for a while and reports it, and then does the job at once.
func played(ctx context.Context, reads []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
	for end := time.Now().Add(reading); time.Now().Before(end); tell(1) {
		if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
	}
	return finder.NewReader().Hash(ctx, reads, func(int64) {})
}
