// Package callback calls Go functions through C. Without cgo it is empty.
package callback
