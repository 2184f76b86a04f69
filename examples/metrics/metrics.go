package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// observed counts what a guest does, until stop is called. These are all the lines that it takes.
func observed(g *guest.Guest, reg prometheus.Registerer) (stop func()) {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "guest_seconds",
		Help: "What the tasks of the UI thread do: waited, ended; and how long the thread is held: slow."}, []string{"task", "event"})
	failed := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "guest_failed_total", Help: "Tasks that have ended with an error."}, []string{"task"})
	reg.MustRegister(seconds, failed, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guest_tasks", Help: "Tasks that live."},
		func() float64 { return float64(g.Stats().Tasks) }))
	return inspect.Observe(g, func(e inspect.Event) {
		seconds.WithLabelValues(e.Task(), string(e.Kind)).Observe(e.For.Seconds())
		if e.Kind == inspect.Ended && e.Err != nil && !guest.Cancelled(e.Err) {
			failed.WithLabelValues(e.Task()).Inc()
		}
	})
}
