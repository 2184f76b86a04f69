package wire

import (
	"strconv"
	"unicode/utf8"
)

// A Path is a file's name, which may contain any bytes. JSON allows only Unicode, so other names
// are sent as quoted Go strings.
type Path string

// MarshalText quotes names that JSON can't represent.
func (p Path) MarshalText() ([]byte, error) {
	if utf8.ValidString(string(p)) && (p == "" || p[0] != '"') {
		return []byte(p), nil
	}
	return []byte(strconv.QuoteToASCII(string(p))), nil
}

// UnmarshalText reverses MarshalText.
func (p *Path) UnmarshalText(text []byte) error {
	if len(text) == 0 || text[0] != '"' {
		*p = Path(text)
		return nil
	}
	plain, err := strconv.Unquote(string(text))
	*p = Path(plain)
	return err
}
