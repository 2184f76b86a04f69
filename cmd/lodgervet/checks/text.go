package checks

import (
	"go/ast"
	"go/types"
)

func exprString(x ast.Expr) string { return types.ExprString(x) }
