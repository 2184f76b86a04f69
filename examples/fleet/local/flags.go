package local

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/wire"
)

// Flags are the command-line flags of both programs.
type Flags struct {
	URL     string   // the servers of a cluster; "" means: all on this machine
	Agents  int      // how many agents to run on this machine
	Folders []string // the folders to search; with a cluster, its shares
	wire.Options

	Agent  string // be an agent, with this name
	Child  bool   // started by a program that ends it by closing standard input
	Shares []agent.Share
}

const usage = `usage: %[1]s [flags] DIR...              search folders with agents on this machine
       %[1]s -nats URL [SHARE...]        search shares of the agents of a cluster, or all of them
       %[1]s -nats URL -agent NAME [-standby SHARE=DIR]... SHARE=DIR...   be an agent
`

// Set adds the flags to a set. Call Check when they have been parsed.
func (f *Flags) Set(flags *flag.FlagSet, stderr io.Writer) {
	flags.SetOutput(stderr)
	flags.StringVar(&f.URL, "nats", "", "servers of a cluster, separated by commas; without it a server runs in this process")
	flags.IntVar(&f.Agents, "agents", 3, "how many agents on this machine")
	flags.DurationVar(&f.AckWait, "ackwait", 5*time.Second, "how long an agent may stand still before another one gets its job; the same for all")
	flags.IntVar(&f.Replicas, "replicas", 0, "how many servers of a cluster store unfinished work; 0 means 3")
	flags.StringVar(&f.Agent, "agent", "", "be an agent with this `name`")
	flags.BoolVar(&f.Child, "child", false, "end with standard input")
	flags.Func("standby", "`SHARE=DIR` that this agent reads only while no other agent waits for work", func(text string) error { return f.add(text, true) })
	flags.Usage = func() {
		fmt.Fprintf(stderr, usage, flags.Name())
		flags.PrintDefaults()
	}
}

// Check checks the flags and the remaining arguments.
func (f *Flags) Check(args []string) error {
	switch {
	case f.Agent != "":
		for _, text := range args {
			if err := f.add(text, false); err != nil {
				return err
			}
		}
		if len(f.Shares) == 0 || f.URL == "" {
			return errors.New("an agent needs -nats and SHARE=DIR")
		}
	case f.URL == "" && (len(args) == 0 || f.Agents < 1):
		return errors.New("no folder to search, or no agents")
	}
	f.Folders = args
	return nil
}

func (f *Flags) add(text string, standby bool) error {
	name, dir, ok := strings.Cut(text, "=")
	var err error
	if f.Child { // accept any name that agentArgs has written
		name, err = url.QueryUnescape(name)
	}
	if !ok || name == "" || dir == "" || err != nil {
		return fmt.Errorf("%q is not SHARE=DIR", text)
	}
	f.Shares = append(f.Shares, agent.Share{Name: name, Dir: dir, Standby: standby})
	return nil
}

// agentArgs returns the command line of an agent that a program starts.
func agentArgs(server, name string, shares []agent.Share, ackWait time.Duration) []string {
	args := []string{"-child", "-nats", server, "-agent", name, "-ackwait", ackWait.String()}
	var own []string
	for _, s := range shares {
		text := url.QueryEscape(s.Name) + "=" + s.Dir
		if s.Standby {
			args = append(args, "-standby", text)
		} else {
			own = append(own, text)
		}
	}
	return append(append(args, "--"), own...)
}
