package uiblock

import (
	"context"
	"time"

	"github.com/golodger/lodger/hosts/headless"
)

// The main function of any host is a task.
func anyHost() (int, error) {
	return headless.Run(func(ctx context.Context) (int, error) {
		time.Sleep(time.Second) // want `time.Sleep blocks the UI thread`
		return 0, nil
	}, nil)
}
