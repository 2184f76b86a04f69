//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/gentree"
)

// What a signal does is seen from outside: these tests run the program as it is built.

// start runs the program and kills it at the end of the test, should it still be there.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, stdout, stderr io.ReadCloser) {
	t.Helper()
	cmd = exec.Command(program(t), args...)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	stderr, err = cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, stdout, stderr
}

// found is in a line of progress when there is something to report.
var found = regexp.MustCompile(`groups: [1-9]`)

func TestCtrlCPrintsWhatWasFoundAndExitsWith130(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds until there is something to lose")
	}
	dir := t.TempDir()
	require.NoError(t, gentree.Sparse(dir, 2000, 128<<20)) // 256 GB
	cmd, stdout, stderr := start(t, dir)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !found.MatchString(lines.Text()) {
	}
	require.Regexp(t, found, lines.Text())
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	asked := time.Now()
	report, err := io.ReadAll(stdout)
	require.NoError(t, err)
	require.Error(t, cmd.Wait())
	require.Equal(t, interrupted, cmd.ProcessState.ExitCode())
	require.Less(t, time.Since(asked), 30*time.Second, "reading all would take minutes")
	require.Contains(t, string(report), "2 files of 134 MB, 134 MB wasted\n  "+dir)
	require.Contains(t, string(report), "\nInterrupted; this is what was found so far.\n")
}

func TestCtrlCLeavesAWholeJSONDocument(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, gentree.Sparse(dir, 100, 2<<30))
	// without a terminal it is silent: its open files tell when it is at work
	cmd, stdout, _ := start(t, "-json", dir)
	files := fmt.Sprintf("/proc/%d/fd", cmd.Process.Pid)
	if _, err := os.Stat(files); err != nil {
		t.Skip("can't see the program's open files: ", err)
	}
	for atWork := false; !atWork; {
		open, err := os.ReadDir(files)
		require.NoError(t, err)
		for _, f := range open {
			path, _ := os.Readlink(filepath.Join(files, f.Name()))
			atWork = atWork || strings.Contains(path, "sparse")
		}
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	var document struct {
		Cancelled bool
		Files     int
	}
	decoder := json.NewDecoder(stdout)
	require.NoError(t, decoder.Decode(&document))
	require.False(t, decoder.More())
	require.True(t, document.Cancelled)
	require.Equal(t, 100, document.Files)
	require.Error(t, cmd.Wait())
	require.Equal(t, interrupted, cmd.ProcessState.ExitCode())
}

// A program that hangs, here because its report is not read, must still end on Ctrl-C.
func TestSecondCtrlCEndsTheProgramAtOnce(t *testing.T) {
	dir := t.TempDir()
	for i := range 1000 { // more to report than a pipe holds
		name := fmt.Sprintf("%0200d", i)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	cmd, stdout, stderr := start(t, "-q", dir)
	go io.Copy(io.Discard, stderr)
	_, err := io.ReadFull(stdout, make([]byte, 1))
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for wait := time.NewTicker(10 * time.Millisecond); ; {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case err := <-ended:
			require.Error(t, err)
			status := cmd.ProcessState.Sys().(syscall.WaitStatus)
			require.True(t, status.Signaled(), cmd.ProcessState)
			require.Equal(t, syscall.SIGINT, status.Signal())
			return
		case <-wait.C:
		}
	}
}

// Permissions don't stop root, so root runs the program as another user.
func TestUnreadableFilesAndFoldersAreNoted(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	for name, mode := range map[string]os.FileMode{"a": 0o644, "b": 0o644, "secret": 0, "d/c": 0o644} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("same"), mode))
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "d"), 0))
	defer os.Chmod(filepath.Join(dir, "d"), 0o755)

	search := func(dir string) (code int, stdout, stderr string) {
		cmd := exec.Command(program(t), "-json", dir)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if os.Geteuid() == 0 {
			const nobody = 65534
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
		if err := cmd.Run(); cmd.ProcessState == nil {
			t.Skip("can't run the program as somebody who may not read everything: ", err)
		}
		return cmd.ProcessState.ExitCode(), out.String(), errs.String()
	}
	code, stdout, stderr := search(dir)
	require.Equal(t, fine, code, stderr)
	var document struct {
		Groups []struct{ Paths []string }
		Notes  []struct{ Kind, Path, Why string }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &document))
	require.Len(t, document.Groups, 1)
	require.Equal(t, []string{dir + "/a", dir + "/b"}, document.Groups[0].Paths)
	require.Len(t, document.Notes, 2)
	for i, name := range []string{"d", "secret"} {
		require.Equal(t, "unreadable", document.Notes[i].Kind)
		require.Equal(t, filepath.Join(dir, name), document.Notes[i].Path)
		require.Equal(t, "permission denied", document.Notes[i].Why)
	}
	code, _, stderr = search(filepath.Join(dir, "d"))
	require.Equal(t, failed, code)
	require.Contains(t, stderr, "none of the roots")
}
