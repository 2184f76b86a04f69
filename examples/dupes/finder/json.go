package finder

import (
	"encoding/json"
	"io"
	"unicode/utf8"
)

// document is the report for programs. A path is a string. If the path is not UTF-8, the string
// is not exact, so the report also contains its bytes.
type document struct {
	Roots       []string         `json:"roots"`
	RootsBase64 [][]byte         `json:"roots_base64,omitempty"`
	Cancelled   bool             `json:"cancelled"`
	Seconds     float64          `json:"seconds"`
	Folders     int64            `json:"folders"`
	Files       int64            `json:"files"`
	Bytes       int64            `json:"bytes"`
	BytesRead   int64            `json:"bytes_read"`
	Duplicates  int64            `json:"duplicates"`
	Wasted      int64            `json:"wasted"`
	Groups      []documentGroup  `json:"groups"`
	NoteCounts  map[string]int64 `json:"note_counts"`
	Notes       []documentNote   `json:"notes"`
}

type documentGroup struct {
	Size        int64    `json:"size"`
	SHA256      string   `json:"sha256"`
	Wasted      int64    `json:"wasted"`
	Paths       []string `json:"paths"`
	PathsBase64 [][]byte `json:"paths_base64,omitempty"`
}

type documentNote struct {
	Kind        string `json:"kind"`
	Path        string `json:"path"`
	PathBase64  []byte `json:"path_base64,omitempty"`
	Other       string `json:"other,omitempty"`
	OtherBase64 []byte `json:"other_base64,omitempty"`
	Why         string `json:"why,omitempty"`
}

// WriteJSON writes the result for programs, as one document. Any goroutine.
func (r *Result) WriteJSON(to io.Writer) error {
	d := document{
		Roots:       r.Roots,
		RootsBase64: exact(r.Roots...),
		Cancelled:   r.Cancelled,
		Seconds:     r.Elapsed.Seconds(),
		Folders:     r.Folders,
		Files:       r.Found.Files,
		Bytes:       r.Found.Bytes,
		BytesRead:   r.Read,
		Duplicates:  r.Duplicates,
		Wasted:      r.Wasted,
		Groups:      make([]documentGroup, len(r.Groups)), // [] and not null when there are none
		NoteCounts:  make(map[string]int64),
		Notes:       make([]documentNote, len(r.Notes)),
	}
	for i, g := range r.Groups {
		d.Groups[i] = documentGroup{g.Size, g.Sum.String(), g.Wasted(), g.Paths, exact(g.Paths...)}
	}
	for kind, n := range r.Noted {
		if n > 0 {
			d.NoteCounts[Kind(kind).String()] = n
		}
	}
	for i, n := range r.Notes {
		d.Notes[i] = documentNote{n.Kind.String(), n.Path, exactOne(n.Path), n.Other, exactOne(n.Other), n.Why}
	}
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(d)
}

// exact returns the bytes of paths if one of them is not UTF-8, or else nothing.
func exact(paths ...string) [][]byte {
	valid := true
	for _, p := range paths {
		valid = valid && utf8.ValidString(p)
	}
	if valid {
		return nil
	}
	all := make([][]byte, len(paths))
	for i, p := range paths {
		all[i] = []byte(p)
	}
	return all
}

func exactOne(path string) []byte {
	if utf8.ValidString(path) {
		return nil
	}
	return []byte(path)
}
