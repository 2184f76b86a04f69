package windows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

func never() bool { return false }

var errWrong = errors.New("wrong")

// apart starts tasks of the guest itself, whose failures stay apart and are heard.
func apart(heard *[]error) *guesttest.Options {
	return &guesttest.Options{Guest: &guest.Options{OnError: func(err error) { *heard = append(*heard, err) }}}
}

func TestQuestionIsAskedOnceAtATime(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		asked, agreed, answer := 0, 0, false
		q := &windows.Question{
			Ask: func(ctx context.Context) (bool, error) {
				asked++
				return answer, guest.Sleep(ctx, time.Second)
			},
			Start:  g.Go,
			Over:   never,
			Agreed: func() { agreed++ },
		}
		q.Wish()
		q.Wish()
		require.NoError(t, guest.Sleep(ctx, time.Second/2))
		q.Wish()
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, 1, asked)
		require.Zero(t, agreed, "the answer was no")

		answer = true
		q.Wish()
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Equal(t, 2, asked, "it can be asked again")
		require.Equal(t, 1, agreed)
		q.Wish()
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		require.Equal(t, 2, asked, "once agreed, always agreed")
		require.Equal(t, 1, agreed)
	}, nil)
}

func TestQuestionWithoutAnAskIsAgreedToAtOnce(t *testing.T) {
	agreed := 0
	q := &windows.Question{Agreed: func() { agreed++ }}
	q.Wish()
	q.Wish()
	require.Equal(t, 1, agreed)
}

// The window stays, since what could not be saved would be lost; and it can be asked again.
func TestQuestionThatFailsKeepsTheWindow(t *testing.T) {
	for name, fail := range map[string]func() (bool, error){
		"an error": func() (bool, error) { return true, errWrong },
		"a panic":  func() (bool, error) { panic(errWrong) },
	} {
		t.Run(name, func(t *testing.T) {
			var heard []error
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				g, _ := guest.FromContext(ctx)
				asked := 0
				q := &windows.Question{
					Ask:    func(context.Context) (bool, error) { asked++; return fail() },
					Start:  g.Go,
					Over:   never,
					Agreed: func() { t.Error("closed in spite of a failure") },
				}
				q.Wish()
				require.NoError(t, guest.Sleep(ctx, time.Second))
				q.Wish()
				require.NoError(t, guest.Sleep(ctx, time.Second))
				require.Equal(t, 2, asked)
				require.Len(t, heard, 2)
				require.ErrorIs(t, heard[0], errWrong)
			}, apart(&heard))
		})
	}
}

func TestQuestionThatIsCancelledKeepsTheWindow(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		own, cancel := context.WithCancel(ctx)
		q := &windows.Question{
			Ask:    func(ctx context.Context) (bool, error) { return true, guest.Park(ctx) },
			Start:  func(fn func(ctx context.Context) error) *guest.Task { return guest.Go(own, fn) },
			Over:   func() bool { return own.Err() != nil },
			Agreed: func() { t.Error("closed in spite of a cancellation") },
		}
		q.Wish()
		require.NoError(t, guest.Yield(ctx))
		cancel()
		require.NoError(t, guest.Sleep(ctx, time.Second))
	}, nil)
}

// Otherwise no click would ever close it.
func TestQuestionThatCanNotBeAskedIsAgreedTo(t *testing.T) {
	for name, c := range map[string]struct{ begins bool }{"at all": {}, "any more": {true}} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				own, cancel := context.WithCancel(ctx)
				agreed := 0
				q := &windows.Question{
					Ask:    func(ctx context.Context) (bool, error) { return true, guest.Park(ctx) },
					Start:  func(fn func(ctx context.Context) error) *guest.Task { return guest.Go(own, fn) },
					Over:   func() bool { return own.Err() != nil },
					Agreed: func() { agreed++ },
				}
				if c.begins {
					q.Wish()
				}
				cancel()
				q.Wish()
				q.Wish()
				require.Equal(t, 1, agreed)
			}, nil)
		})
	}
}
