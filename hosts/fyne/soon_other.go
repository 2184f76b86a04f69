//go:build !js

package fynehost

// soon is for pages: see soon_js.go.
var soon func(fn func())
