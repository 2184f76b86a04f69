//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() {
	stories.Add("settings", settings)
	stories.Add("read settings", readSettings)
}

const schema = `<schemalist><schema id="org.golodger.test" path="/org/golodger/test/">
	<key name="handled" type="s"><default>'lost'</default></key>
	<key name="deferred" type="s"><default>'lost'</default></key>
</schema></schemalist>`

func openSettings() *glib.Settings {
	os.Setenv("GSETTINGS_BACKEND", "dconf") // not that of the other tests
	return glib.SettingsNew("org.golodger.test")
}

// settings is a program that writes settings while it quits in the way that WAY names.
func settings() int {
	s := openSettings()
	main := func(quit func(g *guest.Guest)) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			defer s.SetString("deferred", "kept")
			g, _ := guest.FromContext(ctx)
			s.SetString("handled", "kept")
			quit(g)
			return guest.Park(ctx)
		}
	}
	mainQuit := func(*guest.Guest) { gtk.MainQuit() }
	cancel := func(g *guest.Guest) { g.Cancel(guest.ErrQuit) }
	app := newApplication()
	switch os.Getenv("WAY") {
	case "Run, MainQuit":
		screentest.Say("%v", gtkui.Run(main(mainQuit), nil))
	case "Run, Cancel":
		screentest.Say("%v", gtkui.Run(main(cancel), nil))
	case "RunApplication, Quit":
		quit := func(*guest.Guest) { app.Quit() }
		screentest.Say("%v", gtkui.RunApplication(app, nil, main(quit), nil))
	case "RunApplication, Cancel":
		screentest.Say("%v", gtkui.RunApplication(app, nil, main(cancel), nil))
	case "own loop":
		g := must(guest.Start(must(gtkui.New()), main(mainQuit), nil))
		gtk.Main()
		g.Finish()
	}
	return 0
}

func readSettings() int {
	s := openSettings()
	screentest.Say("%s, %s", s.GetString("handled"), s.GetString("deferred"))
	return 0
}

// GSettings hands what is written to a thread, which hands it to a service: a process that ends
// meanwhile loses it.
func TestSettingsWrittenWhileQuittingAreKept(t *testing.T) {
	for _, way := range []string{
		"Run, MainQuit", "Run, Cancel", "RunApplication, Quit", "RunApplication, Cancel", "own loop",
	} {
		t.Run(way, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "test.gschema.xml")
			require.NoError(t, os.WriteFile(file, []byte(schema), 0o600))
			compile := screentest.Program(t, "glib-compile-schemas")
			out, err := exec.CommandContext(t.Context(), compile, dir).CombinedOutput()
			require.NoError(t, err, string(out))
			t.Setenv("GSETTINGS_SCHEMA_DIR", dir)
			t.Setenv("XDG_CONFIG_HOME", dir) // also the service's, which the bus starts
			bus := screentest.SessionBus(t)
			screentest.Start(t, "settings", bus, "WAY="+way).Ended(0)
			require.Equal(t, "kept, kept\n", screentest.Start(t, "read settings", bus).Ended(0))
		})
	}
}
