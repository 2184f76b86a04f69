# make test    what a change has to pass, the fastest first: all tests of the library, of both toolkits, of the examples
# make check   the rest: format, linters, race detector, sanitizers, cross-builds, a browser, and the modules of their own
#
# Both install what they need from Debian's packages where they may. They are made of these lanes:
#
# make core    what needs neither a C compiler nor a screen
# make fyne    what needs Fyne, and windows on a virtual screen; make fyne-check its linters and races
# make gtk     what needs GTK, likewise; make gtk-check
# make format, vet, vettool, race, cross, metrics
# make console what needs a browser, Chromium
# make hosts   the hosts that are modules of their own: Bubble Tea, tview, Ebitengine, GLib
# make fleet   examples/fleet, which needs NATS; make fleet-window its window, which needs Fyne and a screen, too
#
# make web, windows, wayland, mobile, versions   one other platform each, as far as it can be had here
# make platforms  all of these, and docs/platforms.md: what ran, and what nobody has verified
# make soak    what takes long
# make bench   docs/benchmarks.md: the figures, beside those of the peers
# make figures the benchmarks of the packages, each beside its baseline
# make picture README's moving picture

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
# What needs neither cgo nor a toolkit, what needs Fyne, what needs GLib, and what needs GTK and a screen. Patterns of the first must
# not match the others.
CORE = ./host/... ./guest/... ./hosts/headless/... ./hosts/browser ./hosts/internal/... ./docs/... ./examples/browser ./examples/hello ./examples/dupes ./examples/dupes/finder/... ./examples/dupes/session ./examples/dupes/internal/... ./examples/logview ./examples/logview/internal/... ./examples/search ./internal/looptest ./internal/mutants ./internal/ordeal ./internal/platforms ./internal/serving ./internal/soak ./internal/stacks
FYNE = ./hosts/fyne/... ./examples/alive ./examples/counter ./examples/downloads ./examples/dupes/fyne ./examples/logview/fyne ./examples/notes ./examples/search/fyne ./examples/start ./examples/wizard
GLIB = ./hosts/gtk ./hosts/gtk/auto ./hosts/gtk/internal/...
GTK = ./hosts/gtk/gtkui/... ./hosts/gtk/gtktest ./examples/clock ./examples/dupes/gtk ./examples/logview/gtk ./examples/search/gtk
# Without -noreset the X server starts anew whenever its last client has gone, and refuses who comes meanwhile.
SCREEN = CI=true xvfb-run -a -s "-screen 0 1280x1024x24 -noreset"

LODGERVET = $(CURDIR)/bin/lodgervet

# The example for many machines is a module of its own, too. What of it needs no cgo, server included.
FLEET = . ./agent ./internal/... ./local ./machines ./wire

# What of the first runs with the race detector on several numbers of processors.
RACED = ./host ./internal/serving ./internal/stacks ./guest/... ./hosts/headless ./docs/... ./examples/dupes ./examples/dupes/finder/... ./examples/search

# The benchmark is a module of its own. What of it needs neither cgo nor a toolkit, and what needs them.
BENCH = . ./work ./houses/plain

.PHONY: test check deps format vet vettool vettool-self core race cross console console-deps metrics web windows wayland mobile versions platforms
.PHONY: fyne fyne-check fyne-deps gtk gtk-check gtk-deps hosts hosts-deps fleet fleet-window soak bench bench-deps figures picture

test: core fyne gtk
	@echo "all tests passed; make check looks for what they can't see"

check: deps format vet vettool race cross metrics console fyne-check gtk-check hosts fleet fleet-window
	@echo "all checks passed"

deps:
	@sh .ci/deps

format:
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "gofmt would change:"; echo "$$bad"; exit 1; }

vet:
	go vet . $(CORE)
	$(STATICCHECK) . $(CORE)
	cd bench && go vet $(BENCH)
	cd bench && $(STATICCHECK) $(BENCH)

# A module of its own, which needs neither cgo, nor a screen, nor the library. It must have nothing to say of what we write ourselves; the
# lanes of the toolkits run it over theirs.
vettool: vettool-self
	cd cmd/lodgervet && go vet ./... && $(STATICCHECK) ./... && go test ./...
	go vet -vettool=$(LODGERVET) . $(CORE)

vettool-self:
	cd cmd/lodgervet && go build -o $(LODGERVET) .

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

# A module of its own, likewise.
metrics:
	cd examples/metrics && go vet . && $(STATICCHECK) . && go test .

# The first build of Fyne takes minutes; all after it seconds. fynetest and the adapter build without cgo, too.
# A screen has one pointer, and windows cover each other on it: so the packages are built together, and tested one by one.
# What quits while others post, or posts late, runs without the race detector: Fyne closes its queue beside them, a race of its own.
fyne: fyne-deps
	CGO_ENABLED=0 go test ./hosts/fyne/fynetest
	go test -run '^$$' $(FYNE)
	$(SCREEN) go test -p 1 $(FYNE)

fyne-check: fyne-deps vettool-self
	go vet ./internal/... $(FYNE)
	$(STATICCHECK) ./internal/... $(FYNE)
	go vet -vettool=$(LODGERVET) $(FYNE)
	cd bench && go vet ./houses/fyne
	cd bench && $(STATICCHECK) ./houses/fyne
	GOOS=js GOARCH=wasm go build -o /dev/null ./examples/counter
	$(SCREEN) go test -race -skip '^TestQuit|LosesRepeats' ./hosts/fyne

fyne-deps:
	@sh .ci/deps fyne

# gotk3's IdleAdd and TimeoutAdd keep a small number in a pointer variable. The runtime ends the
# process when a collection shrinks that very stack meanwhile, so stacks only grow here.
gtk gtk-check: export GODEBUG = gcshrinkstackoff=1
gtk: gtk-deps
	go test $(GLIB)
	go test -run '^$$' $(GTK)
	$(SCREEN) go test -p 1 $(GTK)

# The adapter needs no screen, and no GTK; and it has the only C of the library, so all detectors look at it. Not for leaks: what a panic
# leaves behind in GLib is lost.
# The address sanitizer checks the heap and the stacks of all C that is written by hand, but not
# what cgo writes for exported functions: a panic skips it (hosts/gtk/DESIGN.md).
gtk-check: gtk-deps vettool-self
	go vet $(GLIB) $(GTK)
	$(STATICCHECK) $(GLIB) $(GTK)
	go vet -vettool=$(LODGERVET) $(GLIB) $(GTK)
	CGO_ENABLED=0 go vet ./hosts/gtk/...
	cd bench && go vet ./houses/glib ./houses/gtk
	cd bench && $(STATICCHECK) ./houses/glib ./houses/gtk
	go test -race -cpu 1,2,4 ./hosts/gtk/internal/callback
	go test -race ./hosts/gtk
	ASAN_OPTIONS=detect_leaks=0 go test -asan ./hosts/gtk ./hosts/gtk/internal/callback
	GOEXPERIMENT=cgocheck2 go test ./hosts/gtk ./hosts/gtk/internal/callback

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

# Each installs what it needs where it may, and says what is missing where it may not.
web windows wayland mobile versions:
	go run ./internal/platforms $@

platforms:
	go run ./internal/platforms -write all

# A module of its own, since the library needs no client of NATS. The server is in the tests' process, on the loopback interface; those
# of a cluster are processes that the tests start.
fleet:
	cd examples/fleet && CGO_ENABLED=0 go vet $(FLEET) && CGO_ENABLED=0 $(STATICCHECK) $(FLEET)
	cd examples/fleet && CGO_ENABLED=0 go test $(FLEET)

fleet-window: fyne-deps
	cd examples/fleet && go vet ./fyne && $(STATICCHECK) ./fyne
	cd examples/fleet && go test -run '^$$' ./fyne
	cd examples/fleet && $(SCREEN) go test ./fyne

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
	cd examples/fleet && go test -run '^$$' -bench . -benchtime 1x . && go test -run '^$$' -bench . ./machines
	cd examples/fleet && $(SCREEN) go test -run '^$$' -bench . -benchtime 1x ./fyne
	go test -run '^$$' -bench 'GTK|Turn|Starvation|Down' ./hosts/gtk ./hosts/gtk/internal/callback
	$(SCREEN) go test -run '^$$' -bench . -benchtime 5x ./hosts/gtk/gtkui

picture: fyne-deps
	sh examples/alive/record.sh
