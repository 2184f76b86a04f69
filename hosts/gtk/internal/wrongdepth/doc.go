// Package wrongdepth has hosts that break rule 3 by their depth of C callbacks, and keep all
// other rules. The kit's own tests have the other broken hosts. Only C can break this rule, and
// test files can't contain C. Without cgo the package is empty.
package wrongdepth
