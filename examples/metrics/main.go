// Metrics reports to Prometheus what a guest does. Open http://127.0.0.1:9090/metrics while it
// runs, and look for guest_. The important lines are in metrics.go. They are the same for a
// program with a window.
//
//	cd examples/metrics && go run .
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	l, err := net.Listen("tcp", "127.0.0.1:9090")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://127.0.0.1:9090/metrics; Ctrl-C ends it")
	ignore := func(error) {} // the metrics count failures
	err = guest.RunTask(headless.New(), func(ctx context.Context) error {
		return serve(ctx, l)
	}, &guest.Options{Context: ctx, Supervise: true, OnError: ignore})
	if err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}

// serve works, and shows its metrics, until ctx is done.
func serve(ctx context.Context, l net.Listener) error {
	g, _ := guest.FromContext(ctx)
	reg := prometheus.NewRegistry()
	defer observed(g, reg)()
	server := &http.Server{Handler: promhttp.HandlerFor(reg, promhttp.HandlerOpts{}), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	guest.Every(inspect.Named(ctx, "autosave"), 50*time.Millisecond, save, nil)
	guest.Every(ctx, 20*time.Millisecond, func(context.Context) error {
		guest.Go(inspect.Named(ctx, "poll"), poll) // a failure would end the Every
		return nil
	}, nil)
	return guest.Park(ctx)
}

func save(ctx context.Context) error {
	return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
		return guest.Sleep(ctx, time.Duration(rand.IntN(20))*time.Millisecond)
	})
}

func poll(context.Context) error {
	if rand.IntN(4) == 0 {
		return errors.New("no answer")
	}
	return nil
}
