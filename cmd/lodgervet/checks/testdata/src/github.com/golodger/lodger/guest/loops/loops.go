// Package loops is a stub: the names and types of the real one, as far as the tests need them.
package loops

import "context"

type Manager struct{}

func (m *Manager) Stop(ctx context.Context) error { return nil }
