# The commands of the house. `make run` and `make test` need Go and nothing else.
GO ?= go
TOOL = $(GO) tool -modfile=tools/go.mod
# Packages in test mode get a PostgreSQL of their own; see internal/pgtest.
TEST = $(GO) run ./internal/pgtest/run --

.PHONY: build run test e2e check generate bench bench-filled microbench race prove

build:
	$(GO) build -trimpath -o bin/pontage ./cmd/pontage

run: build
	./bin/pontage serve --demo

test:
	$(TEST) $(GO) test -timeout 900s ./...

# What needs Node, Python or a browser; it installs what it misses.
e2e:
	GO="$(GO)" internal/e2e/run

race:
	$(TEST) $(GO) test -race -timeout 1800s ./...

# The proofs about money at the length of a night: hundreds of kills, outages and restarts. `make test` has them short.
prove:
	PONTAGE_PROVE=nightly $(TEST) $(GO) test -v -timeout 3h ./internal/prove

# Everything that must hold before a commit lands, the tests aside.
check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt -w the files above"; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	$(MAKE) generate
	@git diff --exit-code -- '*generated*' || { echo "generated files are stale: commit what 'make generate' made"; exit 1; }

generate:
	$(GO) generate ./...

# The whole platform under load, against yardsticks of the same run; PONTAGE_APIS names a folder of documents for the start-up time.
bench:
	$(GO) run ./internal/bench -out docs/performance.md

# Every path on an empty database and on one with a million tokens, ten million calls and a year of statistics, in turn; and with 100,000
# active tokens. It takes most of an hour and 20 GB in the temporary folder.
bench-filled:
	$(GO) run ./internal/bench -filled -out docs/performance.md

microbench:
	$(TEST) $(GO) test -run '^$$' -bench . -benchmem ./...
