# make test   everything that must hold; installs a C compiler for the race detector where it may
# make bench  the figures, each beside its baseline

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
CORE = ./host/... ./guest/... ./hosts/headless/... ./examples/...

.PHONY: test deps format vet core race cross bench

test: deps format vet core race cross
	@echo "all passed"

deps:
	@sh .ci/deps

format:
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "gofmt would change:"; echo "$$bad"; exit 1; }

vet:
	go vet ./...
	$(STATICCHECK) ./...

# Without a C compiler: the core and the examples as most will run them.
core:
	CGO_ENABLED=0 go test . $(CORE)

# With the race detector, on one processor and on several.
race:
	CGO_ENABLED=1 go test -race -cpu 1,2,4 ./host ./guest/... ./hosts/headless ./examples/...
	CGO_ENABLED=1 go test -race ./host/hosttest

cross:
	CGO_ENABLED=0 GOOS=darwin go build $(CORE)
	CGO_ENABLED=0 GOOS=windows go build $(CORE)
	CGO_ENABLED=0 GOOS=js GOARCH=wasm go build $(CORE)

bench:
	go test -run '^$$' -bench . ./guest ./hosts/headless ./examples/dupes/...
