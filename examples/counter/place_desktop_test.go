//go:build !mobile

package main

import "github.com/golodger/lodger/internal/screentest"

// The title of the window, and where in it the button is.
const title, buttonX, buttonY = "Counter", "120", "60"

// ended says how a program must end whose window was closed.
func ended(p *screentest.Player) { p.Ended(0) }
