// Package gentree creates trees of files to search, for tests and measurements.
package gentree

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
)

// Random makes a tree that is hard to search: n files whose sizes, starts, ends and contents
// are often equal, some of them empty, in folders within folders, with odd names. The same seed
// makes the same tree.
func Random(dir string, seed uint64, n int) error {
	r := rand.New(rand.NewPCG(seed, 0))
	folders := []string{dir}
	for range n/10 + 1 {
		sub := filepath.Join(folders[r.IntN(len(folders))], fmt.Sprint("d", len(folders)))
		if err := os.Mkdir(sub, 0o755); err != nil {
			return err
		}
		folders = append(folders, sub)
	}
	sizes := []int{0, 1, 4096, 32 << 10, 32<<10 + 1, 40_000, 300_000}
	names := []string{"f%d", "ü %d", "a\n%d", "\x1b[31m%d"}
	if runtime.GOOS == "windows" {
		names = names[:2] // it takes no control characters
	}
	for i := range n {
		content := make([]byte, sizes[r.IntN(len(sizes))])
		for range r.IntN(3) { // few changes at few places: most files are equal to some other
			if len(content) > 0 {
				content[r.IntN(3)*(len(content)-1)/2] = byte(r.IntN(3))
			}
		}
		name := fmt.Sprintf(names[r.IntN(len(names))], i)
		if err := os.WriteFile(filepath.Join(folders[r.IntN(len(folders))], name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Small makes n small files, 250 to a folder. One in ten has the same content as some other ones.
func Small(dir string, n int) error {
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("%04d", i/250))
		if i%250 == 0 {
			if err := os.Mkdir(folder, 0o755); err != nil {
				return err
			}
		}
		content := fmt.Sprintf("%0*d", 100+i%400, i)
		if i%10 == 0 {
			content = fmt.Sprintf("%0*d", 100+i%400, i%1000)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Sparse makes n files of size bytes and a little more, holes but for a few bytes, that cost no
// room on most disks. The first two are equal, the next two too and so on; each pair has a size
// of its own. The last pair's files differ in one byte in the middle.
func Sparse(dir string, n int, size int64) error {
	for i := range n {
		middle := byte(1)
		if i == n-1 {
			middle = 2
		}
		if err := sparse(filepath.Join(dir, fmt.Sprintf("sparse%04d", i)), size+int64(i/2), middle); err != nil {
			return err
		}
	}
	return nil
}

// sparse makes one file, all zeros but for one byte.
func sparse(path string, size int64, middle byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte{middle}, size/2)
	return errors.Join(err, f.Truncate(size), f.Close())
}
