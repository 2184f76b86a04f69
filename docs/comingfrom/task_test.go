package comingfrom_test

import (
	"context"
	"fmt"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// task runs main as the first task of a guest, in a headless loop where a window's program has
// its toolkit's. What main does is the same in both.
func task(main func(ctx context.Context) error) {
	if err := guest.RunTask(headless.New(), main, nil); err != nil {
		fmt.Println("failed:", err)
	}
}
