// Package browsertest opens the console in a real browser: Chromium, without a window. It is a
// module of its own, so that the library needs no client of a browser.
//
//	make console                               # installs Chromium where it may
//	mkdir shots; LODGER_SHOTS=shots go test ./...    # here: keeps pictures as well
//
// Where there is no Chromium the tests are skipped, and say so; in CI they fail instead.
package browsertest
