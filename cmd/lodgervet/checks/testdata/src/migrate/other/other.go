package other

type conn struct{ Name string }

func New() (*conn, error) { return nil, nil }
func OnEvent(fn func())   {}
