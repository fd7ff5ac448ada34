#!/usr/bin/env bash
# What would break a run, done to it on purpose. Prints figures; what it finds ends it with exit code 1, and
# the seed that it prints finds it again.
# Usage: torture.sh [--short] [--build DIR] [--seed N] [PART ...]
#   --short   one minute at most for each part, as `make test` has it; else minutes, for the fuzzers almost
#             an hour
#   --build   where the programs are (default: build-test)
#   PART      kills, failing_writes, fuzz, races, orders, growth (default: all)
# Each part is a file of tests/torture.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-test
short=no
seed=$(($(date +%s) % 32768))
parts=()
while [ $# -gt 0 ]; do
  case $1 in
    --short) short=yes ;;
    --build) build=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    -*) sed -n '4,9s/^# //p' "$0" >&2; exit 2 ;;
    *) parts+=("$1") ;;
  esac
  shift
done
[ ${#parts[@]} -gt 0 ] || parts=(kills failing_writes fuzz races orders growth)
build=$(cd "$build" && pwd)
program=$build/sac_cuda
work=$(mktemp -d "${TMPDIR:-/tmp}/sac_torture_XXXXXX")
trap '[ -e "$work/keep" ] || rm -rf "$work"' EXIT
RANDOM=$seed

# For the long form, or for the short one.
choose() { if [ $short = yes ]; then echo "$2"; else echo "$1"; fi; }

figure() { printf '%-16s %s\n' "$part" "$*"; }

# Keeps what was found for a look at it.
found() {
  touch "$work/keep"
  printf '%s: FOUND (seed %s): %s\nkept: %s\n' "$part" "$seed" "$*" "$work" >&2
  exit 1
}

# A whole number below $1, of 30 random bits.
random_below() { echo $(((RANDOM << 15 | RANDOM) % $1)); }

milliseconds() { date +%s%3N; }

# metrics.csv but for its columns of seconds, and of what is done in one.
curve() {
  awk -F, 'NR == 1 {for (i = 1; i <= NF; ++i) timed[i] = $i ~ /second/}
    {for (i = 1; i <= NF; ++i) if (!timed[i]) printf "%s,", $i; print ""}' "$1/metrics.csv"
}

# Are the policies of two runs the same, and the rows of metrics.csv but for the seconds?
same_run() {
  local file
  diff -q <(cd "$1" && ls best*.safetensors checkpoint*.safetensors) \
    <(cd "$2" && ls best*.safetensors checkpoint*.safetensors) > /dev/null || return 1
  for file in "$1"/best*.safetensors "$1"/checkpoint*.safetensors; do
    cmp -s "$file" "$2/${file##*/}" || return 1
  done
  cmp -s <(curve "$1") <(curve "$2")
}

for part in "${parts[@]}"; do
  [ -f "$root/tests/torture/$part.sh" ] || { echo "torture.sh: no part $part" >&2; exit 2; }
  began=$(milliseconds)
  mkdir -p "$work/$part"
  source "$root/tests/torture/$part.sh"
  (cd "$work/$part"; "$part")
  figure "passed in $((($(milliseconds) - began) / 1000)) s, seed $seed"
  rm -rf "${work:?}/$part"
done
