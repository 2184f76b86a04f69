// Package auto registers Fyne with package host, so that host.Open("fyne") works. Import it
// blank in programs that choose their toolkit at run time:
//
//	import _ "github.com/golodger/lodger/hosts/fyne/auto"
//
// It is a separate package because it needs Fyne's graphics driver, and so cgo, while the
// adapter needs neither.
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
			return nil, err // not h, since a nil *Host in an interface is not nil
		}
		return h, nil
	})
}
