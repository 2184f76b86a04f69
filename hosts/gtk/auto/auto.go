//go:build cgo

package auto

import (
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

func init() {
	host.Register("gtk", func() (host.Mainloop, error) {
		h, err := gtkhost.New()
		if err != nil {
			return nil, err // not h, since a nil *Host in an interface is not nil
		}
		return h, nil
	})
}
