package testfleet

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/local"
)

// A Cluster is three servers in separate processes, as on three machines, so that a test can
// kill one. Each does what the program nats-server does.
type Cluster struct {
	urls    []string
	servers []*exec.Cmd
}

// serverEnv names a program to start in place of this one: a real nats-server.
const serverEnv = "FLEET_NATS_SERVER"

// StartCluster starts a cluster for the test, and waits until it has a leader.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{}
	ports := freePorts(t, 6)
	var routes []string
	for _, port := range ports[3:] {
		routes = append(routes, fmt.Sprint("nats://127.0.0.1:", port))
	}
	for i := range 3 {
		c.start(t, "-a", "127.0.0.1", "-p", fmt.Sprint(ports[i]), "-n", fmt.Sprint("n", i), "-js", "-sd", t.TempDir(),
			"-cluster_name", "fleet", "-cluster", routes[i], "-routes", strings.Join(routes, ","))
		c.urls = append(c.urls, fmt.Sprint("nats://127.0.0.1:", ports[i]))
	}
	conn, err := nats.Connect(c.URL(), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return ready(t.Context(), js) }, time.Minute, 20*time.Millisecond)
	return c
}

// ready reports whether the three servers can store something together.
func ready(ctx context.Context, js jetstream.JetStream) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "READY", Replicas: 3})
	return err == nil
}

func (c *Cluster) start(t testing.TB, args ...string) {
	t.Helper()
	program, first := os.Getenv(serverEnv), []string(nil)
	if program == "" {
		self, err := os.Executable()
		require.NoError(t, err)
		program, first = self, []string{"-server"}
	}
	cmd := exec.Command(program, append(first, args...)...)
	_, err := cmd.StdinPipe() // it ends with this process, no matter how
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	c.servers = append(c.servers, cmd)
}

// URL returns the addresses for clients: all three servers.
func (c *Cluster) URL() string { return strings.Join(c.urls, ",") }

// Kill kills server n, from 0 to 2, in the middle of its work.
func (c *Cluster) Kill(n int) { _ = c.servers[n].Process.Kill() }

// freePorts returns ports that are free at the moment.
func freePorts(t testing.TB, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// ServerMain runs a cluster's server if this process was started for that, and otherwise
// returns at once. Call it in TestMain.
func ServerMain() {
	if len(os.Args) < 2 || os.Args[1] != "-server" {
		return
	}
	opts, err := server.ConfigureOptions(flag.NewFlagSet("server", flag.ExitOnError), os.Args[2:], nil, nil, nil)
	if err == nil {
		var s *server.Server
		if s, err = server.NewServer(opts); err == nil {
			s.Start()
			<-local.UntilStdinEnds(context.Background()).Done()
			s.Shutdown()
			os.Exit(0)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
