# make test    what a change must pass, fastest first: all tests of the library, of both toolkits and of the examples
# make check   the rest: format, linters, race detector, sanitizers, cross-builds, a browser, the separate modules, Wayland and Fyne's driver
#              for phones
#
# Both install the Debian packages that they need if they have permission. They consist of these targets:
#
# make core    tests that need neither a C compiler nor a screen
# make fyne    tests that need Fyne, with windows on a virtual screen; make fyne-check: linters and race detector for these
# make gtk     the same for GTK; make gtk-check
# make format, vet, vettool, race, cross, metrics
# make console tests that need a browser, Chromium
# make hosts   the hosts in separate modules: Bubble Tea, tview, Ebitengine, GLib
# make fleet   examples/fleet, which needs NATS; make fleet-window its window, which also needs Fyne and a screen
#
# make web, windows, wayland, mobile, versions   one other platform each, as far as it runs on Linux
# make platforms  all of these; writes docs/platforms.md: what ran, and what is not verified
# make soak    long tests; writes docs/reliability.md
# make bench   writes docs/benchmarks.md: figures, compared with the peers
# make figures the benchmarks of the packages, each with its baseline
# make picture the README's animation

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
# Packages that need neither cgo nor a toolkit; that need Fyne; that need GLib; that need GTK and a screen. The patterns of CORE must not
# match packages of the others.
CORE = ./host/... ./guest/... ./hosts/headless/... ./hosts/browser ./hosts/internal/... ./docs/... ./examples/browser ./examples/hello ./examples/dupes ./examples/dupes/finder/... ./examples/dupes/session ./examples/dupes/internal/... ./examples/logview ./examples/logview/internal/... ./examples/search ./internal/looptest ./internal/mutants ./internal/ordeal ./internal/platforms ./internal/serving ./internal/soak ./internal/stacks
FYNE = ./hosts/fyne/... ./examples/alive ./examples/counter ./examples/downloads ./examples/dupes/fyne ./examples/logview/fyne ./examples/notes ./examples/search/fyne ./examples/start ./examples/wizard
GLIB = ./hosts/gtk ./hosts/gtk/auto ./hosts/gtk/internal/...
GTK = ./hosts/gtk/gtkui/... ./hosts/gtk/gtktest ./examples/clock ./examples/dupes/gtk ./examples/logview/gtk ./examples/search/gtk
# Without -noreset the X server resets whenever its last client disconnects, and refuses clients that connect during the reset.
SCREEN = CI=true xvfb-run -a -s "-screen 0 1280x1024x24 -noreset"

LODGERVET = $(CURDIR)/bin/lodgervet

# The example for many machines is a separate module, too. These of its packages need no cgo. The server is among them.
FLEET = . ./agent ./internal/... ./local ./machines ./wire

# The packages of CORE that run with the race detector on 1, 2 and 4 processors.
RACED = ./host ./internal/serving ./internal/stacks ./guest/... ./hosts/headless ./docs/... ./examples/dupes ./examples/dupes/finder/... ./examples/search

# The benchmark is a separate module. These of its packages need neither cgo nor a toolkit.
BENCH = . ./work ./houses/plain

.PHONY: test check deps format vet vettool vettool-self core race cross console console-deps metrics web windows wayland mobile versions platforms
.PHONY: fyne fyne-check fyne-compile fyne-deps gtk gtk-check gtk-compile gtk-deps hosts hosts-deps fleet fleet-window soak bench bench-deps figures picture

# The toolkits are compiled one after the other, because a cold build fills the machine. Their tests mostly wait, so they run at once, each
# toolkit on a screen of its own.
test: core fyne-compile gtk-compile
	@$(MAKE) --no-print-directory -j2 fyne gtk
	@echo "all tests passed; make check runs the linters, the race detector and the rest"

check: deps format vet vettool race cross metrics console fyne-check gtk-check hosts fleet fleet-window wayland mobile
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

# lodgervet is a separate module. It needs neither cgo, nor a screen, nor the library. It must find nothing in our own code. The targets
# fyne-check and gtk-check run it on the toolkits' packages.
vettool: vettool-self
	cd cmd/lodgervet && go vet ./... && $(STATICCHECK) ./... && go test ./...
	go vet -vettool=$(LODGERVET) . $(CORE)

vettool-self:
	cd cmd/lodgervet && go build -o $(LODGERVET) .

# Without a C compiler: the core and the headless examples.
core:
	CGO_ENABLED=0 go test . $(CORE)
	cd bench && CGO_ENABLED=0 go test $(BENCH)

# With the race detector, on 1, 2 and 4 processors. Each runs in its own process, because the detector keeps memory for every coroutine
# that has ended: 1.5 GB in one run of ./guest.
race:
	for cpu in 1 2 4; do CGO_ENABLED=1 go test -race -cpu $$cpu $(RACED) || exit 1; done
	CGO_ENABLED=1 go test -race ./host/hosttest
	cd cmd/lodgervet && CGO_ENABLED=1 go test -race -run Share ./checks

cross:
	CGO_ENABLED=0 GOOS=darwin go build $(CORE)
	CGO_ENABLED=0 GOOS=windows go build $(CORE)
	CGO_ENABLED=0 GOOS=js GOARCH=wasm go build $(CORE)

# The browser test is a separate module, because the library does not need a client for a browser. Without a browser the tests are
# skipped. In CI they fail.
console: console-deps
	cd guest/console/browsertest && go vet . && $(STATICCHECK) .
	cd guest/console/browsertest && go test .

console-deps:
	@sh .ci/deps console || test -z "$$CI"

# examples/metrics is a separate module, because the library does not need a client for Prometheus.
metrics:
	cd examples/metrics && go vet . && $(STATICCHECK) . && go test .

# fynetest and the host also build without cgo.
# A screen has one pointer, and windows cover each other on it. So the packages are compiled together, and tested one by one.
# Tests that quit while other goroutines post, or that post late, run without the race detector: Fyne has a race there, because it closes
# its queue while they use it.
fyne: fyne-compile
	CGO_ENABLED=0 go test ./hosts/fyne/fynetest
	$(SCREEN) go test -p 1 $(FYNE)

# The first time takes minutes, later ones take seconds. go list -export compiles what it lists, and links nothing.
fyne-compile: fyne-deps
	go list -export -deps -test $(FYNE) >/dev/null

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

# gotk3's IdleAdd and TimeoutAdd store a small number in a pointer variable. The runtime ends the process when a collection shrinks the
# stack that holds the variable. So stacks do not shrink here.
gtk gtk-check: export GODEBUG = gcshrinkstackoff=1
gtk: gtk-compile
	go test $(GLIB)
	$(SCREEN) go test -p 1 $(GTK)

gtk-compile: gtk-deps
	go list -export -deps -test $(GLIB) $(GTK) >/dev/null

# The GLib host needs neither a screen nor GTK. It has the only C code of the library, so all detectors run on it. Leaks are not detected,
# because a panic leaks what it leaves behind in GLib.
# The address sanitizer checks the heap and the stacks of the C code that is written by hand. It does not check what cgo generates for
# exported functions, because a panic skips that code (hosts/gtk/DESIGN.md).
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

# These hosts are separate modules, so that the library's go.mod stays small. All run with the race detector, because their programs have
# goroutines that the toolkits start. The hosts for games and for GTK 4 need a screen.
hosts: hosts-deps
	for host in bubbletea tview ebitengine glib; do (cd hosts/$$host && go vet ./... && $(STATICCHECK) ./...) || exit 1; done
	for host in bubbletea tview; do (cd hosts/$$host && go test -race ./... && GOOS=windows CGO_ENABLED=0 go build ./...) || exit 1; done
	for host in ebitengine glib; do (cd hosts/$$host && $(SCREEN) go test -race -p 1 ./...) || exit 1; done

hosts-deps:
	@sh .ci/deps hosts

# Each installs the packages that it needs if it has permission. Otherwise it prints what is missing.
web windows wayland mobile versions:
	go run ./internal/platforms $@

platforms:
	go run ./internal/platforms -write all

# examples/fleet is a separate module, because the library does not need a client for NATS. One server runs in the tests' process, on the
# loopback interface. The servers of a cluster are processes that the tests start.
fleet:
	cd examples/fleet && CGO_ENABLED=0 go vet $(FLEET) && CGO_ENABLED=0 $(STATICCHECK) $(FLEET)
	cd examples/fleet && CGO_ENABLED=0 go test $(FLEET)

fleet-window: fyne-deps
	cd examples/fleet && go vet ./fyne && $(STATICCHECK) ./fyne
	cd examples/fleet && go test -run '^$$' ./fyne
	cd examples/fleet && $(SCREEN) go test ./fyne

# FUZZ is the time for each fuzz target. ROUNDS is how often each way to quit is tried. This takes some hours, and writes
# docs/reliability.md.
FUZZ = 5m
ROUNDS = 200

soak: fyne-deps gtk-deps
	go run ./internal/soak -rounds $(ROUNDS) -fuzz $(FUZZ)

# If a peer can't be installed, its rows are missing, and the document says so.
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
