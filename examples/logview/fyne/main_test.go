package main

import (
	"testing"

	"github.com/golodger/lodger/internal/screentest"
)

func TestMain(m *testing.M) {
	screentest.Main(map[string]func() int{"flooded": flooded})
	m.Run()
}
