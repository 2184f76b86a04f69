package windows

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/golodger/lodger/guest"
)

// Text returns the text that a dialog shows of problem. The stack of a panic goes to the log
// instead, since it means nothing to a user.
func Text(problem error) string {
	text := problem.Error()
	var p *guest.PanicError
	if errors.As(problem, &p) {
		slog.Error("a dialog shows a panic", "err", problem)
		text = strings.ReplaceAll(text, p.Error(), fmt.Sprintf("panic: %v", p.Value))
	}
	return text
}
