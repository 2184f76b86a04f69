package uiblock

import (
	"context"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/jobs"
	"github.com/golodger/lodger/guest/loops"
)

func saveAndStop(ctx context.Context, save *flow.Action[int], db *loops.Manager) {
	db.Stop(ctx)
	save.Run(ctx, 1)
}

func stopDB(ctx context.Context, db *loops.Manager) { db.Stop(ctx) }

func closes(ctx context.Context, save *flow.Action[int], q *guest.Queue[int], set *jobs.Set, db *loops.Manager) {
	widget.NewButton("", func() {
		save.Run(ctx, 1)           // want `Run waits, and a handler must not`
		saveAndStop(ctx, save, db) // want `saveAndStop waits \(Action.Run at closes.go:15\), and a handler must not`
	})
	widget.NewButton("", func() { // near misses: these close, and do not wait
		q.Close(ctx)
		set.Close(ctx)
		db.Stop(ctx)
		stopDB(ctx, db)
	})
}
