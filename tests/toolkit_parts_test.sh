#!/usr/bin/env bash
# Configures with a CUDA Toolkit that lacks parts: cuRAND and NVTX are not needed, and cuBLAS is missed in
# one line. Usage: toolkit_parts_test.sh SOURCE NVCC WORK
set -euo pipefail
source=$1
# NVCC may be a script that starts the toolkit's own: it says where that lies.
toolkit=$(realpath "$("$2" --dryrun -x cu -c /dev/null 2>&1 | sed -n 's/^#\$ TOP=//p')")
work=$3

rm -rf "$work"
mkdir -p "$work"

# shadow NAME PATTERN...: the toolkit as links to its files, without those that match.
shadow() {
  local copy=$work/$1
  shift
  cp -rs "$toolkit" "$copy"
  # Folders that are links are links within the copy; nvcc finds the rest beside its own file.
  (cd "$toolkit" && find . -type l -xtype d -printf '%P %l\n') |
    while read -r link target; do ln -sfn "$target" "$copy/$link"; done
  cp --remove-destination -L "$toolkit/bin/nvcc" "$copy/bin/nvcc"
  local pattern
  for pattern; do find "$copy" -name "$pattern" -exec rm -r {} +; done
}

# configure NAME: prints what CMake says; the exit code is CMake's. Nothing is taken from elsewhere,
# whatever the environment names.
configure() {
  env -i HOME="$HOME" PATH="$(dirname "$(command -v cmake)"):/usr/bin:/bin" \
    cmake -S "$source" -B "$work/build-$1" -DSAC_GPU_BENCH_ONLY=ON -DCMAKE_CUDA_ARCHITECTURES=80 \
    -DCMAKE_CUDA_COMPILER="$work/$1/bin/nvcc" -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF 2>&1
}

expect() {
  grep -qF "$1" <<< "$2" || { echo "not said: $1"; echo "$2"; exit 1; }
}

shadow without_extras 'curand*' 'libcurand*' nvtx3
said=$(configure without_extras) || { echo "$said"; exit 1; }
expect "comes without cuRAND: the benchmark does not time it" "$said"
expect "Build files have been written" "$said"
# What includes NVTX compiles without it.
c++ -std=c++20 -fsyntax-only -I "$source" -I "$work/without_extras/include" "$source/host/cuda/cuda_learner.cpp"

for part in 'libcublas.*' cublas_v2.h; do
  rm -rf "$work/build-without_cublas" "$work/without_cublas"
  shadow without_cublas "$part"
  if said=$(configure without_cublas); then
    echo "configured without $part"
    exit 1
  fi
  expect "comes without cuBLAS or its headers" "$said"
done
