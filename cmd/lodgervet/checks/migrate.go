package checks

import "github.com/golodger/lodger/cmd/lodgervet/internal/where"

// Migrate rewrites.
var Migrate = check("migrate", "find the way in", func(in *where.Info, r *where.Reporter) {})
