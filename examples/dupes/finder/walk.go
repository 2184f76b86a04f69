package finder

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A file describes a regular file as the walk saw it. When it is read later, it must still match.
type file struct {
	path    string
	size    int64
	changed int64 // time of the last change, in nanoseconds
	id      identity
}

// A sight is what a walk has seen so far. Its notes only grow at their end, so an old sight stays
// valid.
type sight struct {
	folders int64
	found   Tally
	notes   []Note
}

// ErrNoRoots is the error of a search without a usable root.
var ErrNoRoots = errors.New("finder: none of the roots can be searched; the notes say why")

// walk finds the regular files under roots. It reports what it has seen after each folder, and
// more often in large folders. When ctx is done, it returns what it has found, with the error.
// Any goroutine.
//
// It follows a symbolic link only if it is a root, so it can't run into a loop of links.
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
	todo  []folder         // folders that are not read yet; the last one is the next
}

// A root is a folder where a walk starts. A walk from another root may also reach it.
type root struct {
	info fs.FileInfo
	by   string // the path by which it was reached first
}

// A folder has the path that is shown and, if roots may overlap, its real path.
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

// usable checks a root, following a link, and reports whether a search may start there.
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

// realPath returns the path without links.
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

// join returns the path of a name in a folder. Unlike filepath.Join it keeps the folder's path as
// the user entered it, because link/.. is not always the same folder.
func join(folder, name string) string {
	if os.IsPathSeparator(folder[len(folder)-1]) {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// first reports whether f is reached for the first time. Only roots can be reached twice, because
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

// drain reads folders until none are left.
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

// folder reads one folder in pieces, because it may be larger than memory.
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

// entry handles one name in a folder.
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
