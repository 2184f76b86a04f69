package finder

// A sieve decides which files to read next and which files are equal. It never waits and has no
// lock. Its methods run on the UI thread, between two waits of the task that calls them.
//
// A file is stored under its sum until another file with the same sum meets it. Long files first
// meet by the sum of their two ends, and only those that meet are read completely. So the sieve
// need not know when all files of a size are done, a group appears as soon as two files have met,
// and the groups are right at any time.
type sieve struct {
	model *Model
	files []file // candidates not read yet, of any kind
	met   []*file
	ends  map[Sum]*file  // the first file with these ends; nil once it has met another
	whole map[Sum]*whole // the files read in whole
}

// whole is the file with this content, or the group if there are several.
type whole struct {
	file  *file
	group *Group
}

// A worker gets a chunk of jobs at a time: large enough that the hand-over costs little, and
// small enough that other workers also get some.
const (
	chunkJobs  = 64
	chunkBytes = 4 << 20
)

// newSieve returns a sieve for the candidates.
func newSieve(m *Model, files []file) *sieve {
	for i := range files {
		m.Candidates.add(1, files[i].size)
	}
	return &sieve{model: m, files: files, ends: make(map[Sum]*file), whole: make(map[Sum]*whole)}
}

// empty reports whether there are no jobs at the moment. Outcomes may create new ones.
func (s *sieve) empty() bool { return len(s.files) == 0 && len(s.met) == 0 }

// take returns jobs and removes them. Files that have met come first, so that few of them wait.
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

// learn processes outcomes.
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

// learnEnds processes the sum of a file's ends. A file counts as done until it meets one with the
// same ends.
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
