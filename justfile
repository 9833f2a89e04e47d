# SPDX-License-Identifier: EUPL-1.2
# The only task runner. Reach it through ./run, which brings uv and just.

set shell := ["sh", "-euc"]
set positional-arguments

export REKENSCHAP_CALLED_FROM := env("REKENSCHAP_CALLED_FROM", invocation_directory())
uv := "uv run --frozen"
alone := uv + " --project '" + justfile_directory() + "' --no-default-groups --extra reports"
program := alone + " --extra desk --extra services --extra sources --extra mail --extra timestamps rekenschap"

# List the recipes
[private]
default:
    @just --list --unsorted

# Run the main job: a fictional municipality through the whole chain
[no-exit-message]
demo *args:
    @cd "$REKENSCHAP_CALLED_FROM" && {{ alone }} rekenschap demo "$@"

# The desk in a browser, with the demo town and a log-in for each role: one address, two minutes
[no-exit-message]
serve *args:
    @cd "$REKENSCHAP_CALLED_FROM" && {{ program }} serve "$@"

# Any command on your own files: ./run rekenschap --help
[no-exit-message]
rekenschap *args:
    @cd "$REKENSCHAP_CALLED_FROM" && {{ program }} "$@"

# Everything, two files at a time, in order of speed, Spark last; installs missing Debian packages when it may
test *args:
    @sh tests/debian-packages.sh
    {{ uv }} --extra reports $(sh tests/debian-packages.sh extras) pytest --numprocesses "${REKENSCHAP_TESTS_AT_ONCE:-2}" --dist loadfile --no-loadscope-reorder "$@"

# Lock, format, lint, types, contracts, SQL subset, fresh docs, spelling, licences; under a minute
check:
    uv lock --check
    {{ uv }} ruff format --check
    {{ uv }} ruff check
    {{ uv }} mypy
    {{ uv }} mypy --config-file src/rekenschap_web/mypy.ini
    REKENSCHAP_CITIZEN=.rekenschap/check {{ uv }} mypy --config-file src/rekenschap_citizen/mypy.ini
    {{ uv }} lint-imports
    {{ uv }} python -m rekenschap.sql.lint
    {{ uv }} python -m rekenschap.cli.docs --check
    {{ uv }} codespell
    {{ uv }} pytest -q tests/architecture

# Repair what can be repaired by machine
fix:
    {{ uv }} ruff check --fix
    {{ uv }} ruff format
    {{ uv }} codespell --write-changes

# Make the environment for development and hook the checks into git
devenv:
    uv sync --frozen
    {{ uv }} pre-commit install

# Values in, values out
test-unit *args:
    {{ uv }} pytest tests/unit "$@"

# The drawn cases of every query
test-spec *args:
    {{ uv }} pytest tests/spec "$@"

# What an insider would try, each of which must end in an alarm
test-attack *args:
    {{ uv }} pytest tests/attack "$@"

# Look for input that breaks a reader, for a minute or as told: just fuzz otlp-traces -max_total_time=600
fuzz *args:
    {{ uv }} --group fuzz python -m tests.long.fuzz "$@"

# Take each guard against an insider away, in a copy, and see its test turn red: some minutes, not part of test
mutants *args:
    {{ uv }} python tools/mutate_guards.py "$@"

# Everything, with branch coverage
test-all: (test "--cov" "--cov-report=term-missing:skip-covered")

# Write the reference pages anew from the code
docs:
    {{ uv }} python -m rekenschap.cli.docs

# Start a decision record: just adr "facts apart from derivations"
adr title:
    @{{ uv }} python tools/note.py adr "$1"

# Start a changelog fragment: just change "a damaged file is named in one sentence"
change text:
    @{{ uv }} python tools/note.py change "$1"

# Measure one thing: just bench intake [--quick]
bench name *args:
    name="$1"; shift; {{ uv }} {{ if name == "engine" { "--isolated --group engines" } else { "--group bench" } }} --extra reports python "bench/$name.py" "$@"
