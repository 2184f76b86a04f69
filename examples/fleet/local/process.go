package local

import (
	"context"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/golodger/lodger/examples/fleet/agent"
)

// An AgentProcess is an agent on this machine.
type AgentProcess struct {
	Name string
	cmd  *exec.Cmd
	in   io.Closer // closing it ends the agent, also when this process is killed
}

// StartAgent starts this program again, as an agent. Any goroutine.
func StartAgent(url, name string, shares []agent.Share, ackWait time.Duration) (*AgentProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &AgentProcess{Name: name, cmd: exec.Command(self, agentArgs(url, name, shares, ackWait)...)}
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return p, p.cmd.Start()
}

// Kill ends the agent at once, even in the middle of its work. Any goroutine.
func (p *AgentProcess) Kill() { _ = p.cmd.Process.Kill() }

// PID returns the process number.
func (p *AgentProcess) PID() int { return p.cmd.Process.Pid }

// Stop ends the agent in order. Waits.
func (p *AgentProcess) Stop() {
	_ = p.in.Close()
	_ = p.cmd.Wait() // no matter how it ended
}

// UntilStdinEnds returns a context that is done when standard input ends: when the parent process
// stops this one, or has ended.
func UntilStdinEnds(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx
}

// Spread gives all folders to each of n agents, as if the folders were on the network. Each
// folder has one main agent, in turn. The others are its standbys.
func Spread(folders []string, n int) [][]agent.Share {
	all := make([][]agent.Share, n)
	for i := range all {
		for k, folder := range folders {
			own := k%n == i || i%len(folders) == k
			all[i] = append(all[i], agent.Share{Name: folder, Dir: folder, Standby: !own})
		}
	}
	return all
}
