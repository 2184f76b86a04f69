// Package offfyne is half migrated: its program lives in fynehost, and Fyne warns no more.
package offfyne

import (
	"fyne.io/fyne/v2/widget"
	_ "github.com/golodger/lodger/hosts/fyne"
)

func old(l *widget.Label) {
	go func() { l.SetText("x") }() // want `off the UI thread .*; Fyne does not warn, since fynehost.New has set its flag fyneDo`
}
