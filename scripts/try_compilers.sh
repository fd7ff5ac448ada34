#!/usr/bin/env bash
# Builds the program, the emulator's tests and the host's tests with several compilers, and runs a
# short training and the emulator's tests with each. Usage: try_compilers.sh [COMPILER...], by default
# all of g++-11 and later and clang++-14 and later that are here. Builds in build-COMPILER, without
# nvcc; one line for each on standard output, and exit code 1 if one of them fails.
set -euo pipefail
cd "$(dirname "$0")/.."

compilers=("$@")
if [ ${#compilers[@]} -eq 0 ]; then
  for compiler in g++-{11..19} clang++-{14..25}; do
    if command -v "$compiler" > /dev/null; then compilers+=("$compiler"); fi
  done
fi
[ ${#compilers[@]} -gt 0 ] || { echo "no g++-11 or clang++-14 or later is here" >&2; exit 1; }

# A step of what each compiler has to do: nothing but the log says more than whether it went well.
try() {
  local build=$1 runs
  runs=$(mktemp -d)
  trap 'rm -rf "$runs"' RETURN
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" \
    -DSAC_CUDA=OFF &&
    cmake --build "$build" --target sac_cuda sac_tests simt_tests simt_tests_unchecked &&
    "$build/sac_cuda" --env Pendulum-v1 --hidden 32 --updates 200 --quiet --out "$runs/run" &&
    "$build/sac_cuda" gradcheck --hidden 32 &&
    "$build/simt_tests" && "$build/simt_tests_unchecked"
}

failed=0
for compiler in "${compilers[@]}"; do
  build=build-${compiler##*/}
  mkdir -p "$build"
  log=$build/try.log
  if try "$build" > "$log" 2>&1; then
    echo "$compiler: passed, $(grep -c 'warning:' "$log" || true) warnings"
  else
    echo "$compiler: FAILED, see $log"
    failed=1
  fi
done
exit $failed
