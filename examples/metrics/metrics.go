package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
)

// observed counts what a guest does, until stop is called. No more code is needed.
func observed(g *guest.Guest, reg prometheus.Registerer) (stop func()) {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "guest_seconds",
		Help: "Duration of each event of a task; inspect.Event describes the events."}, []string{"task", "event"})
	failed := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "guest_failed_total", Help: "Tasks that ended with an error."}, []string{"task"})
	reg.MustRegister(seconds, failed, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "guest_tasks", Help: "Tasks that have not ended."},
		func() float64 { return float64(g.Stats().Tasks) }))
	return inspect.Observe(g, func(e inspect.Event) {
		seconds.WithLabelValues(e.Task(), string(e.Kind)).Observe(e.For.Seconds())
		if e.Kind == inspect.Ended && e.Err != nil && !guest.Cancelled(e.Err) {
			failed.WithLabelValues(e.Task()).Inc()
		}
	})
}
