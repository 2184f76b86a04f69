package finder

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A file is what the walk has seen of a regular file. What is read later must still look like it.
type file struct {
	path    string
	size    int64
	changed int64 // time of the last change, in nanoseconds
	id      identity
}

// A sight is what a walk has seen so far. Its notes only ever grow at their end, so an old
// sight stays good.
type sight struct {
	folders int64
	found   Tally
	notes   []Note
}

// ErrNoRoots is the error of a search that had nowhere to start.
var ErrNoRoots = errors.New("finder: none of the roots can be searched; the notes say why")

// walk finds the regular files under roots. It tells what it has seen so far after each folder,
// and in large ones more often. When ctx is done, what was found until then is returned with
// the error. Any goroutine.
//
// It follows no symbolic link but a root that is one, so loops of links can't catch it.
func walk(ctx context.Context, roots []string, tell func(sight)) ([]file, sight, error) {
	w := walker{ctx: ctx, tell: tell, roots: make(map[string]*root)}
	err := w.walk(roots)
	tell(w.seen)
	return w.files, w.seen, err
}

type walker struct {
	ctx  context.Context
	tell func(sight)
	seen sight

	files []file
	roots map[string]*root // by their real paths
	todo  []folder         // folders found and not yet read, the next one last
}

// A root is where a walk starts. Walks that start elsewhere may come by it.
type root struct {
	info fs.FileInfo
	by   string // the path by which it was reached first
}

// A folder has the path that is shown and, where roots may overlap, its real one.
type folder struct{ path, real string }

func (w *walker) walk(paths []string) error {
	var files, folders []folder
	for _, path := range paths {
		real, err := realPath(path)
		if err == nil && w.roots[real] == nil {
			var info fs.FileInfo
			if info, err = usable(path); err == nil {
				w.roots[real] = &root{info: info}
			}
		}
		switch {
		case err != nil:
			w.note(Note{Kind: Unusable, Path: path, Why: reason(err)})
		case w.roots[real].info.IsDir():
			folders = append(folders, folder{path, real})
		default:
			files = append(files, folder{path, real})
		}
	}
	if len(w.roots) == 0 {
		return ErrNoRoots
	}
	for _, f := range files { // before the folders, which may hold them
		if w.first(f) {
			w.file(f.path, w.roots[f.real].info)
		}
	}
	for _, f := range folders {
		if w.first(f) {
			w.todo = append(w.todo[:0], f)
			if err := w.drain(); err != nil {
				return err
			}
		}
	}
	return nil
}

// usable looks at a root, through a link if it is one, and reports whether a search may start
// there.
func usable(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, errors.New(special(path, info.Mode()).Why)
	}
	f, err := openToRead(path)
	if err != nil {
		return nil, err
	}
	return info, f.Close()
}

// realPath is the one name of a path that has no links in it.
func realPath(path string) (string, error) {
	// first: Abs would take link/.. for the folder that holds link
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	real, err = filepath.Abs(real)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(real) // the working directory's name may hold links too
}

// join is the path of a name in a folder. Unlike filepath.Join it leaves the folder's path as
// the user gave it: a link and two dots are not nothing.
func join(folder, name string) string {
	if os.IsPathSeparator(folder[len(folder)-1]) {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// first reports whether f has not been reached before. Only roots can be reached twice, since
// no links are followed.
func (w *walker) first(f folder) bool {
	root := w.roots[f.real]
	if root == nil {
		return true
	}
	if root.by == "" {
		root.by = f.path
		return true
	}
	w.note(Note{Kind: Overlap, Path: f.path, Other: root.by})
	return false
}

// drain reads folders until there are none left.
func (w *walker) drain() error {
	for len(w.todo) > 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		last := len(w.todo) - 1
		next := w.todo[last]
		w.todo = w.todo[:last]
		if err := w.folder(next); err != nil {
			return err
		}
	}
	return nil
}

// folder reads one folder, a piece at a time: it may be larger than memory.
func (w *walker) folder(in folder) error {
	dir, err := openToRead(in.path)
	if err != nil {
		w.note(problem(in.path, err))
		return nil
	}
	defer dir.Close()
	w.seen.folders++
	for {
		entries, err := dir.ReadDir(256)
		for _, entry := range entries {
			if err := w.entry(in, entry); err != nil {
				return err
			}
		}
		w.tell(w.seen)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			w.note(problem(in.path, err))
			return nil
		}
	}
}

// entry looks at one name in a folder.
func (w *walker) entry(in folder, entry fs.DirEntry) error {
	at := folder{path: join(in.path, entry.Name())}
	if len(w.roots) > 1 {
		at.real = join(in.real, entry.Name())
	}
	w.seen.notes = badName(w.seen.notes, at.path, entry.Name())
	switch entry.Type() {
	case fs.ModeDir:
		if w.first(at) {
			w.todo = append(w.todo, at)
		}
	case 0: // a regular file, or it was one when the folder was read
		info, err := entry.Info()
		switch {
		case err != nil:
			w.note(problem(at.path, err))
		case !info.Mode().IsRegular():
			w.note(Note{Kind: Changed, Path: at.path})
		case w.first(at):
			w.file(at.path, info)
		}
	case fs.ModeSymlink:
		w.note(Note{Kind: Symlink, Path: at.path})
	default:
		w.note(special(at.path, entry.Type()))
	}
	return w.ctx.Err()
}

func (w *walker) file(path string, info fs.FileInfo) {
	w.files = append(w.files, file{path, info.Size(), info.ModTime().UnixNano(), identify(info)})
	w.seen.found.add(1, info.Size())
}

func (w *walker) note(n Note) { w.seen.notes = append(w.seen.notes, n) }
