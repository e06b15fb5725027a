#!/usr/bin/env bash
# Builds the tests and runs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'TEXT'
Usage: tests/run.sh [option] [-- ctest options]

Installs missing Debian packages, builds the tests with g++ and runs them all.
  --clang      build with clang 19
  --asan       build with clang 19, address and undefined behaviour sanitizers
  --tsan       build with clang 19, thread sanitizer
  --release    build with g++ and optimisation
  --jobs N     compile and run N at a time (default: the number of processors)
  --help       this text

What follows -- goes to ctest: tests/run.sh -- -R codec
TEXT
}

wrong() {
    echo "run.sh: $1" >&2
    usage >&2
    exit 2
}

preset=ci
packages=tests
jobs=$(nproc)
while (($# > 0)); do
    case "$1" in
        --clang | --release) preset=${1#--} ;;
        --asan | --tsan) preset=${1#--} packages=sanitizers ;;
        --jobs) jobs=${2-}; [[ $jobs =~ ^[1-9][0-9]*$ ]] || wrong "--jobs needs a number"; shift ;;
        -h | --help) usage; exit 0 ;;
        --) shift; break ;;
        *) wrong "unknown option $1" ;;
    esac
    shift
done

tools/setup.sh "$packages"
cmake --preset "$preset" --log-level=WARNING
cmake --build "build/$preset" --parallel "$jobs"
exec ctest --preset "$preset" --parallel "$jobs" "$@"
