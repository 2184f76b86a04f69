package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
)

type account struct{ name, email string }

// A server stands in for one that is far away. Its methods are for tasks as for goroutines. They
// wait, and heed their context.
type server struct {
	failures int // how many more attempts to create an account will fail
	accounts []account
}

var errBusy = errors.New("the server is busy")

func (s *server) checkName(ctx context.Context, name string) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("please enter a name")
	}
	return s.call(ctx, func() error {
		if strings.EqualFold(name, "ada") {
			return fmt.Errorf("the name %q is taken", name)
		}
		return nil
	})
}

func (s *server) checkEmail(ctx context.Context, email string) error {
	if !strings.Contains(email, "@") {
		return errors.New("please enter an e-mail address")
	}
	return s.call(ctx, func() error {
		if strings.EqualFold(email, "ada@example.org") {
			return fmt.Errorf("there is an account for %s already", email)
		}
		return nil
	})
}

func (s *server) create(ctx context.Context, a account) error {
	return s.call(ctx, func() error {
		if s.failures > 0 {
			s.failures--
			return errBusy
		}
		s.accounts = append(s.accounts, a)
		return nil
	})
}

// call is a round trip to the server.
func (s *server) call(ctx context.Context, answer func() error) error {
	return guest.BackgroundFunc(ctx, func(ctx context.Context) error {
		if err := guest.Sleep(ctx, 1500*time.Millisecond); err != nil {
			return err
		}
		return answer()
	})
}
