// A terminal program in straight-line code. It asks questions, works with a progress bar, and
// can be stopped. Watch for: the whole story is one function; Esc stops the work; Ctrl+C ends
// the program in order.
//
//	go run ./demo
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/golodger/lodger/guest"
	teahost "github.com/golodger/lodger/hosts/bubbletea"
)

func main() {
	if err := teahost.Run(bake); err != nil {
		fmt.Fprintln(os.Stderr, "bakery:", err)
		os.Exit(1)
	}
}

var breads = []string{"rye", "spelt", "white"}

// bake is the bakery's day.
func bake(ctx context.Context, ui *teahost.UI) error {
	ui.Printf("Welcome to the bakery.\n")
	name, err := ui.Prompt(ctx, "What is your name?")
	if err != nil {
		return unless(err, teahost.ErrEscaped)
	}
	for loaves := 0; ; loaves++ {
		bread, err := ui.Choose(ctx, "Which bread, "+name+"? (Esc: none)", breads...)
		if errors.Is(err, teahost.ErrEscaped) {
			ui.Printf("\nGoodbye, %s. You take %d home.", name, loaves)
			return guest.Sleep(ctx, time.Second)
		}
		if err != nil {
			return err
		}
		minutes, err := teahost.Busy(ctx, ui, "Baking "+breads[bread], bakeOne)
		switch {
		case errors.Is(err, teahost.ErrEscaped):
			ui.Printf("  Out of the oven after %d minutes: dough.", minutes)
			loaves--
		case err != nil:
			return err
		default:
			ui.Printf("  A %s bread, %d minutes in the oven.", breads[bread], minutes)
		}
	}
}

// bakeOne runs on its own goroutine, as everything that takes long should.
func bakeOne(ctx context.Context, report func(done float64, text string)) (minutes int, err error) {
	for ; minutes < 50; minutes++ {
		report(float64(minutes)/50, fmt.Sprintf("%d minutes", minutes))
		if err := guest.Sleep(ctx, 100*time.Millisecond); err != nil {
			return minutes, err
		}
	}
	return minutes, nil
}

func unless(err, fine error) error {
	if errors.Is(err, fine) {
		return nil
	}
	return err
}
