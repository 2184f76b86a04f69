package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/hosts/bubbletea/teatest"
)

func TestADayInTheBakery(t *testing.T) {
	require.NoError(t, teatest.Run(t, bake, func(u *teatest.User) {
		u.See("What is your name?")
		u.Type("Ada" + teatest.Enter)
		u.See("Which bread, Ada?")
		u.Type("s")
		u.See("Baking spelt")
		u.See("50%  25 minutes")
		u.See("A spelt bread, 50 minutes in the oven.")
		u.See("▸ rye")
		u.Type(teatest.Enter)
		u.See("Baking rye")
		time.Sleep(2 * time.Second)
		u.Type(teatest.Esc)
		u.See("minutes: dough.")
		u.See("▸ rye")
		u.Type(teatest.Esc)
		u.See("Goodbye, Ada. You take 1 home.")
	}))
}

func TestCtrlCEndsTheDay(t *testing.T) {
	require.NoError(t, teatest.Run(t, bake, func(u *teatest.User) {
		u.See("name?")
		u.Type("Ada" + teatest.Enter + "r")
		u.See("Baking rye")
		u.Type(teatest.CtrlC)
	}))
}
