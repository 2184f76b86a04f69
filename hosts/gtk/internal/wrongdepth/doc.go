// Package wrongdepth has hosts that break rule 3 by their depth of C callbacks, and keep all
// other rules. The kit's own tests have the other broken hosts; but only C can break this, and
// tests may not have C. Without cgo the package is empty.
package wrongdepth
