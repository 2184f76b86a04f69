// Bench measures Lodger and its peers with the same work, and writes docs/benchmarks.md with its
// plots.
//
//	make bench               all of it, on a virtual screen
//	cd bench && go run .     all of it, on this screen
//
// The driver needs no toolkit. Measurements run in separate processes, called houses. In a house,
// contenders take turns. The houses take turns, too, round by round, so that a disturbance of the
// machine affects all of them. On other machines, only ratios mean anything.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(log.Ltime)
	quick := flag.Bool("quick", false, "a short run, for people who change the benchmark")
	out := flag.String("out", "../docs", "the `directory` for benchmarks.md")
	flag.Parse()
	if err := run(*quick, *out); err != nil {
		log.Fatal("bench: ", err)
	}
}

func run(quick bool, out string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil { // now, and not after the measurements
		return err
	}
	bin := filepath.Join(cache, "lodger-bench")
	var failed error
	machine := look() // before the benchmark loads it
	for _, h := range houses {
		log.Printf("building %s", h.name)
		h.missing = h.open(h, bin)
	}
	begin := time.Now()
	samples := samples{}
	size := full
	if quick {
		size = short
	}
	for round := range size.rounds {
		for _, i := range rand.Perm(len(houses)) {
			h := houses[i]
			if h.missing != nil {
				continue
			}
			log.Printf("round %d of %d: %s", round+1, size.rounds, h.name)
			if err := h.measure(size, round, samples); err != nil {
				h.missing, failed = err, err
				log.Printf("%s: %v", h.name, err)
			}
		}
	}
	document := document{samples: samples, machine: machine, size: size, took: time.Since(begin)}
	if err := document.write(out); err != nil {
		return err
	}
	if err := plots(samples, filepath.Join(out, "benchmarks")); err != nil {
		return err
	}
	fmt.Println("written:", filepath.Join(out, "benchmarks.md"))
	return failed
}
