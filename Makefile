# What CI runs, by name. `make run` and `make test` are all that a fresh machine with Swift needs.

SWIFT ?= swift
# Which krun `make scenarios` uses: debug or release.
CONFIGURATION ?= debug
# How many scenarios run side by side.
JOBS ?= 4
SCENARIOS = $(wildcard scenarios/*.json scenarios/*/*.json)
# Which inputs the fuzzer makes, and how many.
FUZZ_SEED ?= 1
FUZZ_INPUTS ?= 5000000
# How long `make soak` takes.
MINUTES ?= 30
# As strict as the compiler can be about what a target imports.
BUILD_FLAGS = --explicit-target-dependency-import-check error

# A KRUN_BROKERS of the surroundings must not choose the broker of a test. What is meant for the tests and the build stays.
unexport $(filter-out KRUN_TEST_% KRUN_RECORD KRUN_WARNINGS_AS_ERRORS,$(filter KRUN_%,$(.VARIABLES)))

# SwiftPM, clang and pip keep what they can use again below HOME: who has none, or may not write there, gets one with what is built.
ifneq ($(shell [ -d "$$HOME" ] && [ -w "$$HOME" ] && echo writable),writable)
export HOME := $(CURDIR)/.build/home
$(shell mkdir -p "$(CURDIR)/.build/home")
endif

.DEFAULT_GOAL := help
.PHONY: help setup run test build release format lint bench scenarios compose-check schema-check reports-check pages-check ci-examples-check examples-check client-test as-user clients fuzz fuzz-ci soak dist dist-check packaging-check release-check clean

help:
	@echo "make run            install what is missing, build, run scenarios/basic.json on the embedded broker"
	@echo "make test           install what is missing, run every test (KRUN_TEST_BROKERS: those about a shared cluster on that Kafka;"
	@echo "                    KRUN_TEST_PROGRAM: those of the command line with that krun instead of the debug build)"
	@echo "make build          debug build"
	@echo "make release        release build: .build/release/krun"
	@echo "make scenarios      run every file in scenarios/ on the embedded broker (CONFIGURATION=release)"
	@echo "make format         format the sources"
	@echo "make lint           check format, imports of C modules and the like"
	@echo "make schema-check   check scenarios/ against schema/scenario.schema.json"
	@echo "make reports-check  read krun's reports (release) with the programs of others: junitparser, prove, jsonschema"
	@echo "make pages-check    look at krun's pages (release) in a real browser"
	@echo "make compose-check  check compose.yaml against the Compose specification"
	@echo "make ci-examples-check  check docs/ci: a workflow, a pipeline, a Jenkinsfile and a Job that run krun"
	@echo "make examples-check  run the services in examples/ (Python, Java, C, Swift) beside their scenarios"
	@echo "make client-test    build and test a small package that uses KrunKit"
	@echo "make as-user        scenarios, commands and the cluster's tests as a user without any capability (as root, after build and release)"
	@echo "make fuzz           5 000 000 hostile inputs under AddressSanitizer for what reads bytes of the network (make fuzz-ci: 300 000 without)"
	@echo "make clients        other people's clients (Kafka's own, kcat, confluent-kafka, aiokafka, kafka-python) on krun's broker"
	@echo "make bench          measure krun and kcat side by side"
	@echo "make soak           every scenario over and over in one process, as an ordinary user: nothing fails, memory stays (MINUTES=30)"
	@echo "make dist           pack what make release built, for machines without Swift: .build/dist (tarball, .deb, .rpm, checksums)"
	@echo "make dist-check     try what make dist made: in a bare Debian (as root), and with other people's linters"
	@echo "make packaging-check  the linters alone: Dockerfile, action.yml, templates, formula, and what make dist made"
	@echo "make release-check  what a maintainer runs before a release"
	@echo "make clean          remove what was built"

setup:
	@scripts/setup.sh

run: setup
	$(SWIFT) run krun scenarios/basic.json

# In parts, one after the other: of tests that run side by side those that block (librdkafka) or compute (the models) would keep the others
# waiting beyond their time limits where there are few processors.
COMMAND_PARTS = 'CommandLineTests|HostileInputTests'
TEST_PARTS = 'KrunBrokerTests' 'KrunClusterTests' 'KrunKafkaTests|KrunRunnerTests' 'KrunSharedClusterTests'
# With nobody beside it: a group that is troubled in every way and short of processor time may take a minute to read on.
ALONE = InvariantsUnderFaultsTests
# What waits, and measures how long: beside each other, and nobody else.
WAITING = DeadBrokerTests|WaitDisplayTests|DeadClusterTests|CancellationTests|HeartbeatTests|ConsumersTests
one_of = $(subst $(SPACE),|,$(subst ',,$(1)))
SPACE := $(subst ,, )
TEST = $(SWIFT) test --skip-build --disable-xctest

# How many tests run at once: of hundreds, each with a cluster and clients of its own, the waits would take longer than they may.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 6

test: build
	$(TEST) --filter $(ALONE)
	$(TEST) --filter '$(WAITING)'
	@for part in $(COMMAND_PARTS) $(TEST_PARTS); do \
	    echo "$(TEST) --filter $$part"; $(TEST) --filter "$$part" --skip '$(ALONE)|$(WAITING)' || exit 1; done
	$(TEST) --filter KrunCommandTests --skip '$(WAITING)|$(call one_of,$(COMMAND_PARTS))'
	$(TEST) --skip 'KrunCommandTests|$(call one_of,$(TEST_PARTS))'

build: setup
	$(SWIFT) build --build-tests $(BUILD_FLAGS)

release: setup
	$(SWIFT) build --configuration release --product krun $(BUILD_FLAGS)

scenarios: setup
	$(SWIFT) build --configuration $(CONFIGURATION) --product krun $(BUILD_FLAGS)
	.build/$(CONFIGURATION)/krun check $(SCENARIOS)
	.build/$(CONFIGURATION)/krun fmt --check $(SCENARIOS)
	.build/$(CONFIGURATION)/krun --jobs $(JOBS) --narrate $(SCENARIOS) >.build/narrated.txt || { cat .build/narrated.txt; exit 1; }
	python3 scripts/check-width.py 80 .build/narrated.txt
	tail -n 1 .build/narrated.txt

format:
	$(SWIFT) format format --in-place --recursive Sources Tests Fuzz Package.swift

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Fuzz Package.swift
	python3 scripts/check-sources.py

schema-check:
	scripts/check-jsonschema.sh --check-metaschema schema/scenario.schema.json
	scripts/check-jsonschema.sh --schemafile schema/scenario.schema.json $(SCENARIOS)

# What `make release` built.
examples-check: setup
	scripts/check-examples.sh .build/release/krun

compose-check:
	scripts/check-jsonschema.sh --builtin-schema vendor.compose-spec compose.yaml

# What `make release` built.
reports-check:
	scripts/check-jsonschema.sh --check-metaschema schema/report.schema.json
	scripts/check-reports.sh .build/release/krun

pages-check:
	scripts/check-pages.sh .build/release/krun

# All but the Jenkinsfile have a schema at hand; of that one, and of the Job, what would go wrong first is looked at as well.
ci-examples-check:
	scripts/check-jsonschema.sh --builtin-schema vendor.github-workflows docs/ci/github.yml
	scripts/check-jsonschema.sh --builtin-schema vendor.gitlab-ci docs/ci/gitlab-ci.yml
	.build/check-jsonschema-*/bin/python scripts/check-ci-examples.py
	.build/check-jsonschema-*/bin/python -m pip install --quiet --disable-pip-version-check kubernetes-validate==1.37.0
	.build/check-jsonschema-*/bin/kubernetes-validate --quiet --strict docs/ci/k8s-job.yaml

client-test: setup
	$(SWIFT) test --disable-xctest --package-path Tests/ClientPackage --scratch-path .build/client

# What `make build` and `make release` built, run by a user without any capability.
as-user:
	scripts/as-user.sh

# Against a broker that runs already: scripts/clients.sh --brokers HOST:PORT.
clients: setup
	$(SWIFT) build --configuration release --product krun $(BUILD_FLAGS)
	scripts/embedded-clients.sh

# AddressSanitizer gets a folder of its own: its objects do not mix with others.
fuzz:
	$(SWIFT) build --configuration release --product krun-fuzz --sanitize=address --scratch-path .build-asan
	.build-asan/release/krun-fuzz --seed $(FUZZ_SEED) --inputs $(FUZZ_INPUTS) --corpus Fuzz/corpus \
		--last .build-asan/last-input || { echo "again with: krun-fuzz --corpus Fuzz/corpus $$(cat .build-asan/last-input)"; exit 1; }

# As it is built for users: what a sanitizer would see beyond that is for `make fuzz`, whose build takes as long as all of these inputs.
fuzz-ci: FUZZ_INPUTS = 300000
fuzz-ci:
	$(SWIFT) build --configuration release --product krun-fuzz $(BUILD_FLAGS)
	.build/release/krun-fuzz --seed $(FUZZ_SEED) --inputs $(FUZZ_INPUTS) --corpus Fuzz/corpus \
		--last .build/last-input || { echo "again with: krun-fuzz --corpus Fuzz/corpus $$(cat .build/last-input)"; exit 1; }

bench: setup
	$(SWIFT) build --configuration release --product krun $(BUILD_FLAGS)
	python3 Benchmarks/bench.py

soak: setup
	$(SWIFT) build --configuration release --product krun $(BUILD_FLAGS)
	python3 Benchmarks/soak.py --minutes $(MINUTES)

# What `make release` built, linked once more with Swift's libraries inside.
dist:
	scripts/dist.sh

dist-check: packaging-check
	scripts/check-dist.sh

packaging-check:
	scripts/check-packaging.sh

release-check:
	scripts/release-check.sh

clean:
	rm -rf .build .build-asan
