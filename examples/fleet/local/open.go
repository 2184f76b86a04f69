package local

import (
	"context"
	"fmt"
	"os"

	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// An Opened is a connection, with the server and agents on this machine.
type Opened struct {
	Link   *wire.Link
	Agents []*AgentProcess // none with -nats

	dir    string
	server *Server
}

// Open connects to the cluster, or starts a server and agents and connects to that server. Any
// goroutine. Waits.
func (f *Flags) Open(ctx context.Context) (_ *Opened, err error) {
	o := &Opened{}
	defer func() {
		if err != nil {
			o.Close()
		}
	}()
	url := f.URL
	if url == "" {
		if o.dir, err = os.MkdirTemp("", "fleet"); err != nil {
			return nil, err
		}
		if o.server, err = StartServer(o.dir); err != nil {
			return nil, err
		}
		url = o.server.URL()
	}
	if o.Link, err = wire.Connect(ctx, url, "window", f.Options); err != nil {
		return nil, err
	}
	if o.server == nil {
		return o, nil
	}
	for i, shares := range Spread(f.Folders, f.Agents) {
		p, err := StartAgent(url, fmt.Sprint("agent-", i+1), shares, f.AckWait)
		if err != nil {
			return nil, err
		}
		o.Agents = append(o.Agents, p)
	}
	return o, nil
}

// Kill kills an agent of this machine, and reports whether there was one with this name.
func (o *Opened) Kill(name string) bool {
	for _, p := range o.Agents {
		if p.Name == name {
			p.Kill()
			return true
		}
	}
	return false
}

// Close ends everything that Open has started. Waits.
func (o *Opened) Close() {
	for _, p := range o.Agents {
		p.Stop()
	}
	if o.Link != nil {
		o.Link.Close()
	}
	if o.server != nil {
		o.server.Stop()
	}
	_ = os.RemoveAll(o.dir)
}

// RunAgent runs an agent until ctx is done. Waits.
func (f *Flags) RunAgent(ctx context.Context) error {
	if f.Child {
		ctx = UntilStdinEnds(ctx)
	}
	err := f.runAgent(ctx)
	if ctx.Err() != nil {
		return nil // the agent was asked to end
	}
	return err
}

func (f *Flags) runAgent(ctx context.Context) error {
	link, err := wire.Connect(ctx, f.URL, f.Agent, f.Options)
	if err != nil {
		return err
	}
	defer link.Close()
	if !f.Child {
		fmt.Fprintf(os.Stderr, "fleet: agent %s waits for searches; Ctrl-C ends it\n", f.Agent)
	}
	_, err = headless.Run(func(ctx context.Context) (struct{}, error) {
		a := &agent.Agent{Name: f.Agent, Shares: f.Shares}
		return struct{}{}, a.Run(ctx, link)
	}, &guest.Options{Context: ctx})
	return err
}
