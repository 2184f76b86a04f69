package fynehost_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/internal/screentest"
)

// addTray gives the app a tray menu, to which Fyne adds its Quit.
func addTray(a fyne.App) {
	a.(desktop.App).SetSystemTrayMenu(fyne.NewMenu("test", fyne.NewMenuItem("nothing", func() {})))
	screentest.Say("pid %d", os.Getpid())
}

// trayQuit clicks at Quit in the tray's menu, as a panel does for its user.
func trayQuit(t *testing.T, p *screentest.Player, bus string) {
	call := func(method string, args ...string) (string, error) {
		dest := fmt.Sprintf("--dest=org.kde.StatusNotifierItem-%.0f-1", screentest.Figure(t, p.Text(), "pid"))
		cmd := exec.CommandContext(t.Context(), screentest.Program(t, "dbus-send"), append([]string{"--session", "--print-reply", dest,
			"/StatusNotifierItem/menu", "com.canonical.dbusmenu." + method}, args...)...)
		cmd.Env = append(os.Environ(), bus)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	layout, err := call("GetLayout", "int32:0", "int32:-1", "array:string:label")
	require.NoError(t, err, layout)
	before, _, found := strings.Cut(layout, `string "Quit"`)
	require.True(t, found, layout)
	items := regexp.MustCompile(`struct {\s+int32 (\d+)`).FindAllStringSubmatch(before, -1)
	quit := items[len(items)-1][1]
	out, err := call("Event", "int32:"+quit, "string:clicked", "variant:int32:0", "uint32:0")
	require.NoError(t, err, out)
	p.Hear("cause: guest: the host's loop has ended")
}
