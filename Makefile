# A thin door to meson. `make` alone lists what there is.
LISTEN ?= 127.0.0.1:8080
LISTEN_TLS ?= 127.0.0.1:8443
DATA   ?= data

.PHONY: help run build web test check bench fuzz soak test-fresh format install clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: build ## set everything up, start the server on ./data with demo invoices, print the URL
	@build/fapiao serve --data $(DATA) --listen $(LISTEN) --listen-tls $(LISTEN_TLS) --demo

build: web ## install what is missing and build build/fapiao and build/fapiao-read
	@tools/configure build --buildtype=release -Db_lto=false
	@echo '==> compiling' >&2
	@ninja -C build fapiao fapiao-check fapiao-read fapiao-read-xml

web: # the page that is embedded in the program
	@deps/setup build
	@tools/build_web

test: ## install what is missing, build, run all tests (under 45 minutes on two cores)
	@deps/setup test
	@$(MAKE) --no-print-directory build
	@python3 tools/run_tests.py all

check: ## before each commit: format, tidy, layers, unit tests under sanitizers
	@deps/setup test
	@python3 tools/run_tests.py check

bench: ## one table: us, a peer and the limit, in one run, as ratios of CPU time
	@deps/setup bench
	@$(MAKE) --no-print-directory build
	@ninja -C build bench_bulk bench_serve
	@python3 bench/bench.py

fuzz: ## every fuzz target, 100,000 executions each
	@deps/setup test
	@python3 tools/run_tests.py fuzz

soak: ## the long runs: kill -9, hostile input and fuzzing for hours
	@deps/setup test
	@$(MAKE) --no-print-directory build
	@python3 tools/run_tests.py soak

test-fresh: ## a minimal Debian 12 by debootstrap: a clone, make run and make test inside
	@deps/setup fresh
	@tools/test_fresh

format: ## bring all C into form
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i

install: build ## into PREFIX (default /usr/local)
	@meson configure build --prefix=$${PREFIX:-/usr/local} && ninja -C build install

clean: ## remove what was built, never data
	@rm -rf build build-san build-fuzz web/dist
