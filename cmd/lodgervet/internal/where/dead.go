package where

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"
)

// isDead reports whether a constant condition excludes n, as in if runtime.GOOS == "windows". The
// code may run on another platform, and the checks find it when they run for that platform. While
// one call is looked at, parameters may be constants, too; see binding.
func (in *Info) isDead(n ast.Node, stack []ast.Node) bool {
	if len(stack) == 0 {
		return false
	}
	switch around := stack[len(stack)-1].(type) {
	case *ast.IfStmt:
		return n == around.Body && in.never(around.Cond) || n == around.Else && in.always(around.Cond)
	case *ast.BlockStmt:
		if clause, ok := n.(*ast.CaseClause); ok && len(stack) > 1 {
			s, ok := stack[len(stack)-2].(*ast.SwitchStmt)
			return ok && in.excludes(s, clause)
		}
		return in.isAfterEnd(n, around, around.List)
	case *ast.CaseClause:
		return in.isAfterEnd(n, around, around.Body)
	case *ast.CommClause:
		return in.isAfterEnd(n, around, around.Body)
	}
	return false
}

// isAfterEnd reports whether n comes after an if of its block that always returns.
func (in *Info) isAfterEnd(n, block ast.Node, list []ast.Stmt) bool {
	end, ok := in.ends[block]
	if !ok || in.known != nil {
		end = in.endOf(list)
	}
	if in.known == nil && !in.done {
		in.ends[block] = end
	}
	return end.IsValid() && n.Pos() >= end
}

// endOf returns the end of an if that always returns. A block with labels has none, because goto
// may enter it.
func (in *Info) endOf(list []ast.Stmt) token.Pos {
	if slices.ContainsFunc(list, isLabel) {
		return token.NoPos
	}
	for _, stmt := range list {
		if branch, ok := stmt.(*ast.IfStmt); ok && returns(branch.Body) && in.always(branch.Cond) {
			return branch.End()
		}
	}
	return token.NoPos
}

func isLabel(stmt ast.Stmt) bool {
	_, ok := stmt.(*ast.LabeledStmt)
	return ok
}

func returns(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// excludes reports whether a switch over a constant never takes a case, as in switch runtime.GOOS.
func (in *Info) excludes(s *ast.SwitchStmt, clause *ast.CaseClause) bool {
	tag := in.value(s.Tag)
	if tag == nil || fallsInto(s, clause) {
		return false
	}
	if clause.List != nil {
		return !in.mayEqual(clause, tag)
	}
	return slices.ContainsFunc(s.Body.List, func(other ast.Stmt) bool { // the default
		return slices.ContainsFunc(other.(*ast.CaseClause).List, func(x ast.Expr) bool {
			value := in.value(x)
			return value != nil && constant.Compare(tag, token.EQL, value)
		})
	})
}

// mayEqual reports whether a value of a case may be the tag.
func (in *Info) mayEqual(clause *ast.CaseClause, tag constant.Value) bool {
	return slices.ContainsFunc(clause.List, func(x ast.Expr) bool {
		value := in.value(x)
		return value == nil || constant.Compare(tag, token.EQL, value)
	})
}

// fallsInto reports whether the case before a case falls through to it.
func fallsInto(s *ast.SwitchStmt, clause *ast.CaseClause) bool {
	i := slices.Index(s.Body.List, ast.Stmt(clause))
	if i <= 0 {
		return false
	}
	body := s.Body.List[i-1].(*ast.CaseClause).Body
	if len(body) == 0 {
		return false
	}
	b, ok := body[len(body)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

func (in *Info) always(cond ast.Expr) bool { return in.decided(cond, true) }

func (in *Info) never(cond ast.Expr) bool { return in.decided(cond, false) }

// decided reports whether a condition always has a value. One constant side may decide && and ||.
func (in *Info) decided(cond ast.Expr, value bool) bool {
	if v := in.value(cond); v != nil && v.Kind() == constant.Bool {
		return constant.BoolVal(v) == value
	}
	switch c := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if c.Op == token.LAND && !value || c.Op == token.LOR && value {
			return in.decided(c.X, value) || in.decided(c.Y, value)
		}
	case *ast.UnaryExpr:
		return c.Op == token.NOT && in.decided(c.X, !value)
	}
	return false
}
