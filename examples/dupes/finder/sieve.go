package finder

// A sieve decides what is read next and which files are equal. It never waits and has no lock:
// all of it happens on the UI thread, between two waits of whichever task calls it.
//
// Files are compared by meeting: a file waits under its sum until another comes with the same
// one. Long files meet by the sum of their two ends first, and only those that meet are read in
// whole. So it need not be known when all files of a size are through, groups show up as soon as
// two files have met, and what is known is right at any time.
type sieve struct {
	model *Model
	files []file // candidates not read yet, of any kind
	met   []*file
	ends  map[Sum]*file  // the first file with these ends; nil once it has met another
	whole map[Sum]*whole // the files read in whole
}

// whole is what has this content: one file, or from the second on a group.
type whole struct {
	file  *file
	group *Group
}

// A chunk of jobs is done in one go elsewhere: enough that the way there and back costs little,
// not so much that others run dry.
const (
	chunkJobs  = 64
	chunkBytes = 4 << 20
)

// newSieve takes the candidates in.
func newSieve(m *Model, files []file) *sieve {
	for i := range files {
		m.Candidates.add(1, files[i].size)
	}
	return &sieve{model: m, files: files, ends: make(map[Sum]*file), whole: make(map[Sum]*whole)}
}

// empty reports whether there are no jobs, for the moment: outcomes may bring new ones.
func (s *sieve) empty() bool { return len(s.files) == 0 && len(s.met) == 0 }

// take takes jobs out. Files that have met come first, so that few are waiting.
func (s *sieve) take() (jobs []job) {
	bytes := int64(0)
	for !s.empty() && len(jobs) < chunkJobs && bytes < chunkBytes {
		var j job
		if n := len(s.met); n > 0 {
			j.file = s.met[n-1]
			s.met = s.met[:n-1]
		} else {
			j.file = &s.files[0]
			j.ends = j.file.size > shortFile
			s.files = s.files[1:]
		}
		bytes += j.cost()
		jobs = append(jobs, j)
	}
	return jobs
}

// learn takes outcomes in.
func (s *sieve) learn(outcomes []outcome) {
	m := s.model
	for _, o := range outcomes {
		m.opened++
		m.Read += o.read - o.told
		switch {
		case o.err != nil:
			m.note(problem(o.file.path, o.err))
			m.Done.add(1, o.file.size-o.told)
		case o.ends:
			s.learnEnds(o)
		default:
			s.learnWhole(o)
		}
	}
}

// learnEnds: a file counts as done while it has not met its like.
func (s *sieve) learnEnds(o outcome) {
	first, known := s.ends[o.sum]
	if !known {
		s.ends[o.sum] = o.file
		s.model.Done.add(1, o.file.size)
		return
	}
	if first != nil {
		s.ends[o.sum] = nil
		s.met = append(s.met, first)
		s.model.Done.add(-1, -first.size)
		s.model.again++
	}
	s.met = append(s.met, o.file)
	s.model.again++
}

func (s *sieve) learnWhole(o outcome) {
	s.model.Done.add(1, o.file.size-o.told)
	w := s.whole[o.sum]
	if w == nil {
		s.whole[o.sum] = &whole{file: o.file}
		return
	}
	if w.group == nil {
		w.group = &Group{Size: o.file.size, Sum: o.sum, Paths: []string{w.file.path}}
	}
	s.model.group(w.group, o.file.path)
}
