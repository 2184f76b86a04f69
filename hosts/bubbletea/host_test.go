package teahost

import (
	"io"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/golodger/lodger/host/hosttest"
)

// quiet are the options of a program without a terminal.
func quiet() []tea.ProgramOption {
	return []tea.ProgramOption{tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignalHandler(), tea.WithWindowSize(80, 24)}
}

// ping is an event of the toolkit, of which the host does not know.
type ping func()

type pinged struct{ UI }

func (p *pinged) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if fn, ok := msg.(ping); ok {
		fn()
	}
	return p, nil
}

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (*Host, error) { return New(&pinged{}, quiet()...), nil }, &hosttest.Options[*Host]{
		Loop:   func(h *Host) error { _, err := h.Run(); return err },
		Quit:   func(h *Host) { go h.program.Quit() },
		Event:  func(h *Host, fn func()) { go h.program.Send(ping(fn)) },
		Bubble: true,
	})
}

func TestHost(t *testing.T) { hosttest.Run(t) }

func TestOrdeal(t *testing.T) { hosttest.Ordeal(t) }

func BenchmarkHost(b *testing.B) { hosttest.Benchmark(b) }
