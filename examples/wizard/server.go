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

// A server simulates a remote server. Its methods work in tasks and on goroutines. They wait, and
// return when their context is done.
type server struct {
	failures int // how many more attempts to create an account will fail
	accounts []account
}

var errBusy = errors.New("the server is busy")

func (s *server) checkName(ctx context.Context, name string) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("please enter a name")
	}
	if err := s.roundTrip(ctx); err != nil || !strings.EqualFold(name, "ada") {
		return err
	}
	return fmt.Errorf("the name %q is taken", name)
}

func (s *server) checkEmail(ctx context.Context, email string) error {
	if !strings.Contains(email, "@") {
		return errors.New("please enter an e-mail address")
	}
	if err := s.roundTrip(ctx); err != nil || !strings.EqualFold(email, "ada@example.org") {
		return err
	}
	return fmt.Errorf("there already is an account for %s", email)
}

func (s *server) create(ctx context.Context, a account) error {
	if err := s.roundTrip(ctx); err != nil {
		return err
	}
	if s.failures > 0 {
		s.failures--
		return errBusy
	}
	s.accounts = append(s.accounts, a)
	return nil
}

func (s *server) roundTrip(ctx context.Context) error {
	return guest.BackgroundFunc(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, 1500*time.Millisecond) })
}
