// Package page asks a web page for a turn, in programs for js/wasm: what the hosts that live in
// one have in common.
package page
