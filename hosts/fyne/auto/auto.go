// Package auto makes Fyne known to host.Open as "fyne". Import it blank, in programs that
// choose their toolkit at run time:
//
//	import _ "github.com/golodger/lodger/hosts/fyne/auto"
//
// It is a package of its own because it needs Fyne's graphics driver, and with it cgo, which
// the adapter does not.
package auto

import (
	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/host"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func init() {
	host.Register("fyne", func() (host.Mainloop, error) {
		h, err := fynehost.New(app.New())
		if err != nil {
			return nil, err // not h: a nil *Host in an interface is not nil
		}
		return h, nil
	})
}
