// Package webtest runs programs that are built for js/wasm in a real browser: Chromium, without a
// window. It is a module of its own, so that the library needs no client of a browser.
//
//	make web                            # installs Chromium where it may
//	LODGER_SHOTS=shots go test ./...    # keeps pictures as well
//
// The command chromium runs one test binary as if it were started here:
//
//	GOOS=js GOARCH=wasm go test -exec "$PWD/chromium" ./hosts/browser
package webtest
