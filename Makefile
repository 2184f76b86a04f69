# make test   everything that must hold; installs what it needs from Debian's packages where it may
# make fyne   the part of it that needs Fyne and a screen, on a virtual one
# make gtk    the part of it that needs GTK, likewise
# make hosts  the hosts that are modules of their own: Bubble Tea, tview, Ebitengine, GLib
# make console  the part of it that needs a browser, Chromium
# make soak   what takes long
# make bench  docs/benchmarks.md: the figures, beside those of the peers
# make figures  the benchmarks of the packages, each beside its baseline

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
# What needs neither cgo nor a toolkit, what needs Fyne, what needs GLib, and what needs GTK and a screen. Patterns of the first must
# not match the others.
CORE = ./host/... ./guest/... ./hosts/headless/... ./hosts/internal/... ./docs/... ./examples/hello ./examples/dupes ./examples/dupes/finder/... ./examples/dupes/session ./examples/dupes/internal/... ./examples/logview ./examples/logview/internal/... ./examples/search ./internal/looptest ./internal/mutants ./internal/ordeal ./internal/serving ./internal/soak
FYNE = ./hosts/fyne/... ./examples/counter ./examples/downloads ./examples/dupes/fyne ./examples/logview/fyne ./examples/notes ./examples/search/fyne ./examples/wizard
GLIB = ./hosts/gtk ./hosts/gtk/auto ./hosts/gtk/internal/...
GTK = ./hosts/gtk/gtkui/... ./hosts/gtk/gtktest ./examples/clock ./examples/dupes/gtk ./examples/logview/gtk ./examples/search/gtk
# Without -noreset the X server starts anew whenever its last client has gone, and refuses who comes meanwhile.
SCREEN = CI=true xvfb-run -a -s "-screen 0 1280x1024x24 -noreset"

# What of the first runs with the race detector on several numbers of processors.
RACED = ./host ./internal/serving ./guest/... ./hosts/headless ./docs/... ./examples/dupes ./examples/dupes/finder/... ./examples/search

# The benchmark is a module of its own. What of it needs neither cgo nor a toolkit, and what needs them.
BENCH = . ./work ./houses/plain

.PHONY: test deps format vet core race cross console console-deps fyne fyne-deps gtk gtk-deps hosts hosts-deps soak bench bench-deps figures

test: deps format vet core race cross console fyne gtk hosts
	@echo "all passed"

deps:
	@sh .ci/deps

format:
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "gofmt would change:"; echo "$$bad"; exit 1; }

vet:
	go vet . $(CORE)
	$(STATICCHECK) . $(CORE)
	cd bench && go vet $(BENCH)
	cd bench && $(STATICCHECK) $(BENCH)

# Without a C compiler: the core and the examples as most will run them.
core:
	CGO_ENABLED=0 go test . $(CORE)
	cd bench && CGO_ENABLED=0 go test $(BENCH)

# With the race detector, on one processor and on several: each in a process of its own, since the detector keeps memory for every
# coroutine that has ended, 1.5 GB in a pass of ./guest.
race:
	for cpu in 1 2 4; do CGO_ENABLED=1 go test -race -cpu $$cpu $(RACED) || exit 1; done
	CGO_ENABLED=1 go test -race ./host/hosttest

cross:
	CGO_ENABLED=0 GOOS=darwin go build $(CORE)
	CGO_ENABLED=0 GOOS=windows go build $(CORE)
	CGO_ENABLED=0 GOOS=js GOARCH=wasm go build $(CORE)

# A module of its own, since the library needs no client of a browser. Without a browser its tests are skipped, and in CI they fail.
console: console-deps
	cd guest/console/browsertest && go vet . && $(STATICCHECK) .
	cd guest/console/browsertest && go test .

console-deps:
	@sh .ci/deps console || test -z "$$CI"

# The first build of Fyne takes minutes; all after it seconds. fynetest and the adapter build without cgo, too.
# A screen has one pointer, and windows cover each other on it: so the packages are built together, and tested one by one.
# What quits while others post, or posts late, runs without the race detector: Fyne closes its queue beside them, a race of its own.
fyne: fyne-deps
	go vet ./internal/... $(FYNE)
	$(STATICCHECK) ./internal/... $(FYNE)
	cd bench && go vet ./houses/fyne
	cd bench && $(STATICCHECK) ./houses/fyne
	CGO_ENABLED=0 go test ./hosts/fyne/fynetest
	GOOS=js GOARCH=wasm go build -o /dev/null ./examples/counter
	go test -run '^$$' $(FYNE)
	$(SCREEN) go test -p 1 $(FYNE)
	$(SCREEN) go test -race -skip '^TestQuit|LosesRepeats' ./hosts/fyne

fyne-deps:
	@sh .ci/deps fyne

# The adapter needs no screen, and no GTK; and it has the only C of the library, so all detectors look at it. Not for leaks: what a panic
# leaves behind in GLib is lost.
# The address sanitizer checks the heap and the stacks of all C that is written by hand, but not
# what cgo writes for exported functions: a panic skips it (hosts/gtk/DESIGN.md).
# gotk3's IdleAdd and TimeoutAdd keep a small number in a pointer variable. The runtime ends the
# process when a collection shrinks that very stack meanwhile, so stacks only grow here.
gtk: export GODEBUG = gcshrinkstackoff=1
gtk: gtk-deps
	go vet $(GLIB) $(GTK)
	$(STATICCHECK) $(GLIB) $(GTK)
	CGO_ENABLED=0 go vet ./hosts/gtk/...
	cd bench && go vet ./houses/glib ./houses/gtk
	cd bench && $(STATICCHECK) ./houses/glib ./houses/gtk
	go test $(GLIB)
	go test -race -cpu 1,2,4 ./hosts/gtk/internal/callback
	go test -race ./hosts/gtk
	ASAN_OPTIONS=detect_leaks=0 go test -asan ./hosts/gtk ./hosts/gtk/internal/callback
	GOEXPERIMENT=cgocheck2 go test ./hosts/gtk ./hosts/gtk/internal/callback
	go test -run '^$$' $(GTK)
	$(SCREEN) go test -p 1 $(GTK)

gtk-deps:
	@sh .ci/deps gtk

# Modules of their own, so that the library's go.mod stays as it is. Those of terminals are raced, since their programs have goroutines
# of the toolkit's; a game and GTK 4 need a screen. What the kit's children say is the same either way.
hosts: hosts-deps
	for host in bubbletea tview ebitengine glib; do (cd hosts/$$host && go vet ./... && $(STATICCHECK) ./...) || exit 1; done
	for host in bubbletea tview; do (cd hosts/$$host && go test -race ./... && GOOS=windows CGO_ENABLED=0 go build ./...) || exit 1; done
	for host in ebitengine glib; do (cd hosts/$$host && $(SCREEN) go test -p 1 ./...) || exit 1; done

hosts-deps:
	@sh .ci/deps hosts

# How long each fuzz target gets, and how often each way to quit is tried. It takes long, and writes docs/reliability.md.
FUZZ = 5m
ROUNDS = 200

soak: fyne-deps gtk-deps
	go run ./internal/soak -rounds $(ROUNDS) -fuzz $(FUZZ)

# Peers that cannot be installed are missing, and the document says so.
bench: fyne-deps gtk-deps bench-deps
	cd bench && $(SCREEN) go run .

bench-deps:
	-@sh .ci/deps bench

figures:
	go test -run '^$$' -bench . ./guest ./guest/inspect ./guest/console ./hosts/headless ./examples/dupes ./examples/dupes/finder/...
	$(SCREEN) go test -run '^$$' -bench . -benchtime 5x ./hosts/fyne
	GODEBUG=gcshrinkstackoff=1 $(SCREEN) go test -p 1 -run '^$$' -bench . -benchtime 1x ./examples/logview/fyne ./examples/logview/gtk
	go test -run '^$$' -bench 'GTK|Turn|Starvation|Down' ./hosts/gtk ./hosts/gtk/internal/callback
	$(SCREEN) go test -run '^$$' -bench . -benchtime 5x ./hosts/gtk/gtkui
