package console_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/console"
	"github.com/golodger/lodger/hosts/headless"
)

// A program serves a console behind a switch, and logs its address. Here the address is opened
// by the program itself.
func ExampleServe() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		g, _ := guest.FromContext(ctx)
		c, err := console.Serve(ctx, g, &console.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return nil, err
		}
		return nil, guest.BackgroundFunc(ctx, func(context.Context) error {
			r, err := http.Get(c.URL() + "dump.txt")
			if err != nil {
				return err
			}
			defer r.Body.Close()
			text, err := io.ReadAll(r.Body)
			fmt.Println(r.Status, len(text) > 0)
			return err
		})
	}, nil)
	fmt.Println(err)
	// Output:
	// 200 OK true
	// <nil>
}
