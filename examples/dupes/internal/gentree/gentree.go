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

// Random creates a tree that is hard to search: n files with odd names in nested folders. Their
// sizes, starts, ends and contents are often equal, and some are empty. The same seed creates the
// same tree.
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

// Small creates n small files, 250 per folder. One in ten has the same content as another file.
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

// Sparse creates n files of slightly more than size bytes. They are almost only holes, so they
// need no space on most disks. The first two are equal, so are the next two, and so on. Each pair
// has a different size. The files of the last pair differ in one byte in the middle.
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

// sparse creates one file of zeros, except for one byte.
func sparse(path string, size int64, middle byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte{middle}, size/2)
	return errors.Join(err, f.Truncate(size), f.Close())
}
