//go:build cgo

package gtkui_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

// Every type of gotk3's that embeds an object emits signals. That this compiles is the test. Only
// gtk.AccelGroup has a Connect of another kind: of it, pass the Object.
var objects = []gtkhost.Object{
	(*glib.Action)(nil), (*glib.ActionGroup)(nil), (*glib.ActionMap)(nil), (*glib.Application)(nil), (*glib.AsyncResult)(nil),
	(*glib.Binding)(nil), (*glib.Cancellable)(nil), (*glib.File)(nil), (*glib.FileIcon)(nil), (*glib.FileInputStream)(nil),
	(*glib.FileOutputStream)(nil), (*glib.IOStream)(nil), (*glib.Icon)(nil), (*glib.InitiallyUnowned)(nil),
	(*glib.InputStream)(nil), (*glib.ListModel)(nil), (*glib.ListStore)(nil), (*glib.Menu)(nil), (*glib.MenuItem)(nil),
	(*glib.MenuModel)(nil), (*glib.Notification)(nil), (*glib.Object)(nil), (*glib.OutputStream)(nil), (*glib.Permission)(nil),
	(*glib.PropertyAction)(nil), (*glib.Settings)(nil), (*glib.SettingsBackend)(nil), (*glib.SimpleAction)(nil),
	(*glib.SimpleActionGroup)(nil), (*gtk.AboutDialog)(nil), (*gtk.AccelMap)(nil),
	(*gtk.ActionBar)(nil), (*gtk.Actionable)(nil), (*gtk.Adjustment)(nil), (*gtk.AppChooser)(nil),
	(*gtk.AppChooserButton)(nil), (*gtk.AppChooserDialog)(nil), (*gtk.AppChooserWidget)(nil), (*gtk.Application)(nil),
	(*gtk.ApplicationWindow)(nil), (*gtk.AspectFrame)(nil), (*gtk.Assistant)(nil), (*gtk.Bin)(nil), (*gtk.Box)(nil),
	(*gtk.Builder)(nil), (*gtk.Button)(nil), (*gtk.ButtonBox)(nil), (*gtk.Calendar)(nil), (*gtk.CellArea)(nil),
	(*gtk.CellAreaBox)(nil), (*gtk.CellAreaContext)(nil), (*gtk.CellEditable)(nil), (*gtk.CellLayout)(nil),
	(*gtk.CellRenderer)(nil), (*gtk.CellRendererAccel)(nil), (*gtk.CellRendererCombo)(nil), (*gtk.CellRendererPixbuf)(nil),
	(*gtk.CellRendererProgress)(nil), (*gtk.CellRendererSpin)(nil), (*gtk.CellRendererSpinner)(nil),
	(*gtk.CellRendererText)(nil), (*gtk.CellRendererToggle)(nil), (*gtk.CheckButton)(nil), (*gtk.CheckMenuItem)(nil),
	(*gtk.Clipboard)(nil), (*gtk.ColorButton)(nil), (*gtk.ColorChooser)(nil), (*gtk.ColorChooserDialog)(nil),
	(*gtk.ComboBox)(nil), (*gtk.ComboBoxText)(nil), (*gtk.Container)(nil), (*gtk.CssProvider)(nil), (*gtk.Dialog)(nil),
	(*gtk.DrawingArea)(nil), (*gtk.Editable)(nil), (*gtk.Entry)(nil), (*gtk.EntryBuffer)(nil), (*gtk.EntryCompletion)(nil),
	(*gtk.EventBox)(nil), (*gtk.Expander)(nil), (*gtk.FileChooser)(nil), (*gtk.FileChooserButton)(nil),
	(*gtk.FileChooserDialog)(nil), (*gtk.FileChooserNativeDialog)(nil), (*gtk.FileChooserWidget)(nil), (*gtk.FileFilter)(nil),
	(*gtk.Fixed)(nil), (*gtk.FlowBox)(nil), (*gtk.FlowBoxChild)(nil), (*gtk.FontButton)(nil), (*gtk.FontChooser)(nil),
	(*gtk.FontChooserDialog)(nil), (*gtk.Frame)(nil), (*gtk.GLArea)(nil), (*gtk.Grid)(nil), (*gtk.HeaderBar)(nil),
	(*gtk.IconView)(nil), (*gtk.Image)(nil), (*gtk.InfoBar)(nil), (*gtk.Label)(nil), (*gtk.Layout)(nil), (*gtk.LevelBar)(nil),
	(*gtk.LinkButton)(nil), (*gtk.ListBox)(nil), (*gtk.ListBoxRow)(nil), (*gtk.ListStore)(nil), (*gtk.LockButton)(nil),
	(*gtk.Menu)(nil), (*gtk.MenuBar)(nil), (*gtk.MenuButton)(nil), (*gtk.MenuItem)(nil), (*gtk.MenuShell)(nil),
	(*gtk.MessageDialog)(nil), (*gtk.ModelButton)(nil), (*gtk.NativeDialog)(nil), (*gtk.Notebook)(nil),
	(*gtk.OffscreenWindow)(nil), (*gtk.Orientable)(nil), (*gtk.Overlay)(nil), (*gtk.PageSetup)(nil), (*gtk.Paned)(nil),
	(*gtk.Plug)(nil), (*gtk.Popover)(nil), (*gtk.PopoverMenu)(nil), (*gtk.PrintContext)(nil), (*gtk.PrintOperation)(nil),
	(*gtk.PrintOperationPreview)(nil), (*gtk.PrintSettings)(nil), (*gtk.ProgressBar)(nil), (*gtk.RadioButton)(nil),
	(*gtk.RadioMenuItem)(nil), (*gtk.Range)(nil), (*gtk.RecentChooser)(nil), (*gtk.RecentChooserMenu)(nil),
	(*gtk.RecentFilter)(nil), (*gtk.RecentManager)(nil), (*gtk.Revealer)(nil), (*gtk.Scale)(nil), (*gtk.ScaleButton)(nil),
	(*gtk.Scrollable)(nil), (*gtk.Scrollbar)(nil), (*gtk.ScrolledWindow)(nil), (*gtk.SearchBar)(nil), (*gtk.SearchEntry)(nil),
	(*gtk.Separator)(nil), (*gtk.SeparatorMenuItem)(nil), (*gtk.SeparatorToolItem)(nil), (*gtk.Settings)(nil),
	(*gtk.ShortcutsGroup)(nil), (*gtk.ShortcutsSection)(nil), (*gtk.ShortcutsShortcut)(nil), (*gtk.ShortcutsWindow)(nil),
	(*gtk.SizeGroup)(nil), (*gtk.Socket)(nil), (*gtk.SpinButton)(nil), (*gtk.Spinner)(nil), (*gtk.Stack)(nil),
	(*gtk.StackSidebar)(nil), (*gtk.StackSwitcher)(nil), (*gtk.Statusbar)(nil), (*gtk.StyleContext)(nil), (*gtk.Switch)(nil),
	(*gtk.TextBuffer)(nil), (*gtk.TextChildAnchor)(nil), (*gtk.TextMark)(nil), (*gtk.TextTag)(nil), (*gtk.TextTagTable)(nil),
	(*gtk.TextView)(nil), (*gtk.ToggleButton)(nil), (*gtk.ToggleToolButton)(nil), (*gtk.ToolButton)(nil), (*gtk.ToolItem)(nil),
	(*gtk.Toolbar)(nil), (*gtk.Tooltip)(nil), (*gtk.TreeModel)(nil), (*gtk.TreeModelFilter)(nil), (*gtk.TreeModelSort)(nil),
	(*gtk.TreeSelection)(nil), (*gtk.TreeSortable)(nil), (*gtk.TreeStore)(nil), (*gtk.TreeView)(nil),
	(*gtk.TreeViewColumn)(nil), (*gtk.Viewport)(nil), (*gtk.VolumeButton)(nil), (*gtk.Widget)(nil), (*gtk.Window)(nil),
	(*gtk.WindowGroup)(nil),
}

func init() { stories.Add("objects", signalsOfAmbiguousObjects) }

// signalsOfAmbiguousObjects waits for a signal of widgets that inherit a Native method twice.
func signalsOfAmbiguousObjects() int {
	err := gtkui.Run(func(ctx context.Context) error {
		entry, search := must(gtk.EntryNew()), must(gtk.SearchEntryNew())
		box, bar := must(gtk.ComboBoxTextNew()), must(gtk.ProgressBarNew())
		for _, c := range []struct {
			what   gtkhost.Object
			signal string
			cause  func()
		}{
			{entry, "changed", func() { entry.SetText("text") }},
			{entry, "activate", func() { _, _ = entry.Emit("activate", glib.TYPE_NONE) }},
			{search, "search-changed", func() { _, _ = search.Emit("search-changed", glib.TYPE_NONE) }},
			{box, "changed", func() { box.AppendText("one"); box.SetActive(0) }},
			{bar, "notify::fraction", func() { bar.SetFraction(0.5) }},
		} {
			guest.Go(ctx, func(context.Context) error { c.cause(); return nil })
			short, cancel := context.WithTimeout(ctx, 10*time.Second)
			err := gtkhost.Signal(short, c.what, c.signal)
			cancel()
			screentest.Say("%T %s: %v", c.what, c.signal, err)
		}
		return nil
	}, nil)
	screentest.Say("%v", err)
	return 0
}

func TestSignalsOfWidgetsThatInheritNativeTwice(t *testing.T) {
	require.Equal(t, "*gtk.Entry changed: <nil>\n*gtk.Entry activate: <nil>\n*gtk.SearchEntry search-changed: <nil>\n"+
		"*gtk.ComboBoxText changed: <nil>\n*gtk.ProgressBar notify::fraction: <nil>\n<nil>\n", screentest.Start(t, "objects").Ended(0))
}

// A type that gotk3 adds is to be tried, too.
func TestEveryObjectOfGotk3IsTried(t *testing.T) {
	var tried []string
	for _, o := range objects {
		tried = append(tried, reflect.TypeOf(o).Elem().String())
	}
	tried = append(tried, "gtk.AccelGroup")
	slices.Sort(tried)
	require.Equal(t, objectsOf(t, "glib", "gtk"), tried)
}

// objectsOf lists the exported structs of packages of gotk3's that embed a glib.Object.
func objectsOf(t *testing.T, packages ...string) (list []string) {
	embeds := map[string][]string{} // by type, with its package
	for _, name := range packages {
		out, err := exec.Command("go", "list", "-f", "{{.Dir}}\n{{join .CgoFiles \"\\n\"}}\n{{join .GoFiles \"\\n\"}}", "github.com/gotk3/gotk3/"+name).Output()
		require.NoError(t, err)
		lines := strings.Fields(string(out))
		for _, file := range lines[1:] {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(lines[0], file), nil, 0)
			require.NoError(t, err)
			ast.Inspect(parsed, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok {
					if s, ok := spec.Type.(*ast.StructType); ok {
						embeds[name+"."+spec.Name.Name] = embedded(name, s)
					}
				}
				return true
			})
		}
	}
	var isObject func(name string) bool
	isObject = func(name string) bool {
		return name == "glib.Object" || slices.ContainsFunc(embeds[name], isObject)
	}
	for name := range embeds {
		if _, short, _ := strings.Cut(name, "."); ast.IsExported(short) && isObject(name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// embedded lists the types that a struct of a package embeds.
func embedded(pkg string, s *ast.StructType) (list []string) {
	for _, f := range s.Fields.List {
		if len(f.Names) > 0 {
			continue
		}
		typ := f.Type
		if p, ok := typ.(*ast.StarExpr); ok {
			typ = p.X
		}
		switch typ := typ.(type) {
		case *ast.Ident:
			list = append(list, pkg+"."+typ.Name)
		case *ast.SelectorExpr:
			list = append(list, typ.X.(*ast.Ident).Name+"."+typ.Sel.Name)
		}
	}
	return list
}
