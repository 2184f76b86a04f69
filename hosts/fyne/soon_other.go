//go:build !js

package fynehost

// soon is only for web pages: see soon_js.go.
var soon func(fn func())
