package guest_test

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// work is what runs anywhere: in a task, or off the UI thread.
func (s *siege) work(ctx context.Context, depth int) (int, error) {
	for range 1 + s.n(4) {
		ctx := s.derive(ctx)
		if s.n(4) == 0 {
			s.strike()
		}
		check := s.checker(ctx)
		some := s.some()
		k := s.n(13)
		if depth > 4 && k > 3 {
			k = 0
		}
		switch k {
		case 0:
			check("Sleep", guest.Sleep(ctx, some))
		case 1:
			ch := make(chan int, 1)
			go func() { time.Sleep(some); ch <- 7 }()
			v, ok, err := flow.Recv(ctx, ch)
			if ok != (v == 7) {
				s.t.Error("Recv lost a value")
			}
			check("Recv", err)
		case 2:
			f := guest.NewFuture[int]()
			s.may(f.Cancel)
			go func() { time.Sleep(some); f.Resolve(7) }()
			_ = f.OnCancel(ctx, func(cause error) { s.strike(); f.Reject(cmpOr(cause)) })
			dead := s.doneBefore(ctx)
			_ = f.OnDone(ctx, func(int, error) {
				if dead() {
					s.t.Error("OnDone's function runs, and its context was done before")
				}
				s.strike()
			})
			_, err := f.Wait(ctx)
			check("Future.Wait", err)
		case 3:
			check("Yield", guest.Yield(ctx))
		case 4, 5:
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return s.work(ctx, depth+1) })
			check("Background", err)
		case 6:
			f := guest.Submit(ctx, func(ctx context.Context) (int, error) { return s.work(ctx, depth+1) })
			s.may(f.Cancel)
			_, err := f.Wait(ctx)
			check("Submit", err)
		case 7:
			_, err := guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { return s.work(ctx, depth+1) })
			check("CallOnMain", err)
		case 8:
			task := guest.Go(ctx, func(ctx context.Context) error { return s.task(ctx, depth+1) })
			s.may(task.Cancel)
			check("Task.Wait", task.Wait(ctx))
		case 9:
			after := guest.After(ctx, some, func(ctx context.Context) error { return s.task(ctx, depth+1) })
			every := guest.Every(ctx, s.some(), func(ctx context.Context) error {
				if s.n(5) == 0 {
					return errBoom
				}
				return s.task(ctx, depth+2)
			}, &guest.EveryOptions{Now: s.n(2) == 0, AfterEnd: s.n(2) == 0})
			s.may(after.Cancel)
			s.may(every.Cancel)
			_, err := guest.First(ctx, after.Future(), every.Future())
			check("First", err)
			every.Cancel(nil)
		case 10:
			q := new(guest.Queue[int])
			var fs []*guest.Future[int]
			for range 3 {
				f := q.Add(ctx, func(ctx context.Context) (int, error) { return s.work(ctx, depth+1) })
				s.may(f.Cancel)
				fs = append(fs, f)
			}
			if s.n(2) == 0 {
				check("Queue.Close", q.Close(ctx))
			}
			_, err := guest.All(ctx, fs...)
			check("All", err)
		case 11:
			if _, in := guest.CurrentTask(); in {
				check("Modal", guest.Modal(ctx, s.strike))
			} else {
				_ = guest.RunOnMain(ctx, s.strike)
				dead := s.doneBefore(ctx)
				flow.NewProgress(ctx, func(int) {
					if dead() {
						s.t.Error("a Progress is delivered, and its context was done before")
					}
				}).Report(1)
			}
		case 12:
			if _, in := guest.CurrentTask(); in {
				scope := guest.Scope
				if s.n(2) == 0 {
					scope = guest.Supervise
				}
				err := scope(ctx, func(ctx context.Context) error {
					for range s.n(3) {
						s.may(guest.Go(ctx, func(ctx context.Context) error { return s.task(ctx, depth+1) }).Cancel)
					}
					if s.n(2) == 0 {
						check := s.checker(ctx)
						if guest.Join(ctx) == nil {
							check("Join", nil)
						}
					}
					return s.task(ctx, depth+1)
				})
				if err == nil {
					check("Scope", nil)
				}
			}
		}
	}
	s.tells(ctx)
	return 7, ctx.Err()
}

func cmpOr(err error) error {
	if err == nil {
		return context.Canceled
	}
	return err
}

func (s *siege) task(ctx context.Context, depth int) error {
	if s.n(3) == 0 {
		defer func() {
			s.strike()
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.some())
			defer cancel()
			s.checker(ctx)("a clean-up", guest.Sleep(ctx, s.some()))
		}()
	}
	_, err := s.work(ctx, depth)
	return err
}
