#!/usr/bin/env bash
# Uses farcall as a stranger's project would, in a throw-away folder.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: tests/consume/run.sh plain | add_subdirectory | find_package | pkg_config

  plain              one include, g++ without CMake
  add_subdirectory   farcall as a folder of the user's CMake project
  find_package       farcall installed, found by CMake
  pkg_config         farcall installed, found by pkg-config
The compiler is $CXX (default: g++).
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
farcall=$(cd "$here/../.." && pwd)
export CXX=${CXX:-g++}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quietly() {   # shows what a command said only when it failed
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "failed: $*"; exit 1; }
}

# The package in $work/prefix, installed elsewhere first: nothing in it may depend on where it was made.
install_farcall() {
    quietly cmake -G Ninja -S "$farcall" -B "$work/farcall" \
        -D FARCALL_BUILD_TESTS=OFF -D FARCALL_BUILD_EXAMPLES=OFF -D FARCALL_BUILD_BENCHMARKS=OFF \
        -D FARCALL_BUILD_TOOLS=OFF
    quietly cmake --install "$work/farcall" --prefix "$work/elsewhere"
    mv "$work/elsewhere" "$work/prefix"
    rm -r "$work/farcall"
}

build() {
    quietly cmake -G Ninja -S "$here/$1" -B "$work/build" "${@:2}"
    quietly cmake --build "$work/build"
    program=$work/build/program
}

case "${1-}" in
    plain)
        program=$work/program
        "$CXX" -std=c++20 -I "$farcall/include" "$here/program.cpp" -pthread -o "$program"
        ;;
    add_subdirectory)
        build add_subdirectory -D FARCALL="$farcall"
        ;;
    find_package)
        install_farcall
        build find_package -D CMAKE_PREFIX_PATH="$work/prefix"
        ;;
    pkg_config)
        install_farcall
        export PKG_CONFIG_PATH=$work/prefix/share/pkgconfig
        program=$work/program
        # shellcheck disable=SC2046  # the flags are words
        "$CXX" -std=c++20 $(pkg-config --cflags farcall) "$here/program.cpp" $(pkg-config --libs farcall) -o "$program"
        ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

printed=$("$program" "unix://$work/socket")
if [[ $printed != 8 ]]; then
    echo "expected 8, the program printed: $printed" >&2
    exit 1
fi
echo "$1: 8"
