package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// keep stores the output of a step, or a report, if a folder for that is set. An error here
// does not fail the lane.
func keep(name string, content []byte) {
	if kept == "" {
		return
	}
	name = strings.NewReplacer("/", "-", " ", "_", ":", "", ",", "").Replace(name)
	err := os.MkdirAll(kept, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(kept, name), content, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "platforms:", err)
	}
}

func (r report) keep() {
	content, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		panic(err)
	}
	keep(r.Lane+".json", content)
}

// kept returns the stored report of the lane, if there is one.
func (l lane) kept() (r report, ok bool) {
	if kept == "" {
		return r, false
	}
	content, err := os.ReadFile(filepath.Join(kept, l.name+".json"))
	return r, err == nil && json.Unmarshal(content, &r) == nil
}

// complete returns the reports of all lanes. For a lane that did not run now, it takes the stored
// report, or else what the document says.
func complete(ran []report, document string) (all []report) {
	for _, l := range lanes {
		r := report{Lane: l.name, Results: l.shown(document)}
		add := func(newer report) {
			for _, s := range newer.Results {
				r.add(s)
			}
		}
		if kept, ok := l.kept(); ok {
			add(kept)
		}
		if i := slices.IndexFunc(ran, func(r report) bool { return r.Lane == l.name }); i >= 0 {
			add(ran[i])
		}
		r.Missing = len(r.Results) == 0
		all = append(all, r)
	}
	return all
}
