package where

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/netip"
	"strings"
)

// blocking holds functions that block until something else happens.
var blocking = map[string]bool{
	"time.Sleep": true, "sync.WaitGroup.Wait": true, "sync.Cond.Wait": true,
	"golang.org/x/sync/errgroup.Group.Wait": true,
	"os/exec.Cmd.Run":                       true, "os/exec.Cmd.Output": true,
	"os/exec.Cmd.CombinedOutput": true, "os/exec.Cmd.Wait": true,
	"net/http.Get": true, "net/http.Head": true, "net/http.Post": true, "net/http.PostForm": true,
	"net/http.Client.Do": true, "net/http.Client.Get": true, "net/http.Client.Head": true,
	"net/http.Client.Post": true, "net/http.Client.PostForm": true,
	"net/http.ListenAndServe": true, "net/http.Server.ListenAndServe": true,
	"net/http.Server.Shutdown": true,
	"net.Dial":                 true, "net.DialTimeout": true, "net.Dialer.Dial": true, "net.Dialer.DialContext": true,
	"net.LookupHost": true, "net.LookupIP": true, "net.LookupAddr": true, "crypto/tls.Dial": true,
	"net.DialTCP":     true,
	"net.LookupCNAME": true, "net.LookupMX": true, "net.LookupNS": true, "net.LookupSRV": true, "net.LookupTXT": true,
	"net.Resolver.LookupHost": true, "net.Resolver.LookupIP": true, "net.Resolver.LookupIPAddr": true,
	"net.Resolver.LookupAddr": true, "net.Resolver.LookupCNAME": true, "net.Resolver.LookupMX": true,
	"net.Resolver.LookupNS": true, "net.Resolver.LookupSRV": true, "net.Resolver.LookupTXT": true,
	"net.Listener.Accept": true, "net.TCPListener.Accept": true, "net.TCPListener.AcceptTCP": true,
	"net.Conn.Read": true, "net.conn.Read": true, "crypto/tls.Conn.Read": true,
	"net/http.ListenAndServeTLS": true, "net/http.Server.ListenAndServeTLS": true,
	"net/http.Serve": true, "net/http.Server.Serve": true, "net/http.RoundTripper.RoundTrip": true,
	"net/http.Transport.RoundTrip": true, "net/smtp.Dial": true, "net/smtp.SendMail": true,
	"net/rpc.Dial": true, "net/rpc.Client.Call": true,
	"crypto/tls.DialWithDialer": true, "crypto/tls.Dialer.Dial": true, "crypto/tls.Dialer.DialContext": true,
	"os.Process.Wait": true, "path/filepath.Walk": true, "path/filepath.WalkDir": true,
	Fyne + ".DoAndWait": true,
}

// inLoops holds functions that are fast enough once, but not in a loop.
var inLoops = map[string]bool{
	"os.ReadFile": true, "os.WriteFile": true, "os.ReadDir": true, "io.Copy": true, "io.ReadAll": true,
	"os.File.Read": true, "os.File.ReadAt": true, "os.File.Write": true, "os.File.WriteAt": true,
	"os.File.WriteString": true, "os.File.Sync": true,
	"io/ioutil.ReadFile": true, "io/ioutil.WriteFile": true, "io/ioutil.ReadDir": true,
}

// Blocking returns what makes n block, a channel or a call, or "".
func (in *Info) Blocking(n ast.Node, stack []ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectStmt:
		switch {
		case len(n.Body.List) == 0:
			return "a select without cases"
		case !hasDefault(n):
			return "a select without default"
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && !inCase(n, stack) && !in.isFilled(n, stack) {
			if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok && Name(in.Callee(call)) == "context.Context.Done" {
				return "a wait for a context"
			}
			return "a receive from a channel"
		}
	case *ast.RangeStmt:
		if t := in.Pass.TypesInfo.TypeOf(n.X); t != nil {
			if _, ok := t.Underlying().(*types.Chan); ok {
				return "a loop over a channel"
			}
		}
	case *ast.CallExpr:
		name := Name(in.Callee(n))
		if blocking[name] && !in.dialsUDP(n) || inLoops[name] && Within(n, stack) {
			return short(in.Callee(n))
		}
	}
	return ""
}

// dialsUDP reports whether a call of package net connects to an address without a name by UDP.
// It sends nothing, so programs learn their own address in this way.
func (in *Info) dialsUDP(call *ast.CallExpr) bool {
	var texts []string
	for _, arg := range call.Args {
		if value := in.Pass.TypesInfo.Types[arg].Value; value != nil && value.Kind() == constant.String {
			texts = append(texts, constant.StringVal(value))
		}
	}
	if len(texts) != 2 || !strings.HasPrefix(texts[0], "udp") {
		return false
	}
	_, err := netip.ParseAddrPort(texts[1])
	return err == nil
}

func hasDefault(s *ast.SelectStmt) bool {
	for _, c := range s.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

// inCase reports whether a receive belongs to a case of a select. The report of the select
// covers it.
func inCase(recv *ast.UnaryExpr, stack []ast.Node) bool {
	for i := len(stack) - 1; i > 0; i-- {
		if c, ok := stack[i].(*ast.CommClause); ok {
			return c.Comm != nil && received(c.Comm) == recv
		}
	}
	return false
}

// received is the receive of a case; nil if it sends.
func received(comm ast.Stmt) ast.Expr {
	switch s := comm.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(s.X)
	case *ast.AssignStmt:
		return ast.Unparen(s.Rhs[0])
	}
	return nil
}

// Spins reports whether a call runs a nested loop of GTK's until a dialog is answered.
func (in *Info) Spins(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch Name(in.Callee(call)) {
	case Gotk3 + "gtk.Dialog.Run", Gotk3 + "gtk.NativeDialog.Run", Gotk3 + "gtk.Main":
		return true
	}
	return false
}
