//go:build cgo

package main

import (
	"os"
	"testing"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	os.Setenv("GSETTINGS_BACKEND", "memory")
	os.Setenv("NO_AT_BRIDGE", "1")
	screentest.Main(map[string]func() int{"flooded": flooded})
	m.Run()
}
