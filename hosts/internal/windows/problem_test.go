package windows_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
	"github.com/golodger/lodger/internal/looptest"
)

func TestStackOfAPanicGoesToTheLog(t *testing.T) {
	var log strings.Builder
	looptest.DefaultLog(t, slog.New(slog.NewTextHandler(&log, nil)))
	require.Equal(t, "disk full", windows.Text(errors.New("disk full")))
	require.Empty(t, log.String())
	p := &guest.PanicError{Value: "no map", Stack: []byte("goroutine 1 [running]:\nmain.load()\n\tload.go:12\n")}
	require.Equal(t, "panic: no map", windows.Text(p))
	require.Equal(t, "load: panic: no map", windows.Text(fmt.Errorf("load: %w", p)))
	require.Equal(t, 2, strings.Count(log.String(), "load.go:12"))
}
