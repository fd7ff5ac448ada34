#!/usr/bin/env bash
# Installs what the build needs from the packages of Debian or Ubuntu, and checks the versions.
# Usage: setup.sh [program | package | all]. `program` is what `make train` needs; `package` adds what `make package`
# and `make wheel` need, `all`, the default, what tests and benchmarks need. Does nothing, quickly, when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

# Package, oldest version that serves (- for any), and who needs it. The versions are those of Ubuntu 22.04, the
# oldest system of the four: Debian 12 and 13, Ubuntu 22.04 and 24.04.
needed='
  g++                 11      program  a C++20 compiler
  cmake               3.22    program
  make                -       program
  ninja-build         1.10    program
  libdnnl-dev         2.2     program  oneDNN: matrix products of the CPU learner
  ocl-icd-opencl-dev  -       program  asked for by the CMake files of libdnnl-dev
  libeigen3-dev       3.4     program  the double reference, vectorised elementwise mathematics
  libcli11-dev        2.1     program  CLI11: the command line
  nlohmann-json3-dev  3.10    program  run files, safetensors headers
  libfmt-dev          8.1     program  text
  libprotobuf-dev     3.12    program  Protocol Buffers: ONNX files
  protobuf-compiler   3.12    program  the same
  libgif-dev          5.1     program  GIFLIB: animations
  libwebp-dev         1.2     program  libwebp: smaller animations
  librandom123-dev    1.14    program  Philox on the host
  dpkg-dev            -       package  dpkg-shlibdeps: which packages the program depends on
  python3             3.9     package  the bill of materials
  groff-base          -       all      the test of the man page
  tmux                3       all      the test of the panel that training shows
  libgtest-dev        1.11    all      GoogleTest
  libopenmpi-dev      4.1     all      Open MPI: sweeps over several processes, and their tests
  openmpi-bin         4.1     all      mpirun: the same
  libbenchmark-dev    1.6     all      Google Benchmark
  clang               14      all      libFuzzer: the tests of what reads files
  libclang-rt-dev     14      all      its runtime; Ubuntu 22.04 has it in a package that clang brings along
'
oldest_clang=14

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

what=${1-all}
[[ $what =~ ^(program|package|all)$ ]] || fail "unknown argument $what; expected program, package or all"
system=$(. /etc/os-release 2> /dev/null && echo "$ID$VERSION_ID" || true)
packages=()
declare -A oldest
while read -r package least who _; do
  [ "$who" = program ] || [ "$who" = "$what" ] || [ "$what" = all ] || continue
  [ "$package" != libclang-rt-dev ] || [ "$system" != ubuntu22.04 ] || continue
  packages+=("$package")
  oldest[$package]=$least
done <<< "$(grep . <<< "$needed")"

command -v dpkg-query > /dev/null ||
  fail "this is not a Debian-like system; install these yourself, in these versions or later" \
    "(names as in Debian), and build with cmake:" \
    "$(for p in "${packages[@]}"; do printf '%s %s; ' "$p" "${oldest[$p]#-}"; done)"

# Versions of what is installed, without epoch and Debian's revision.
declare -A version
look() {
  version=()
  local package status installed
  while read -r package status installed; do
    [ "$status" = installed ] || continue
    installed=${installed#*:}
    version[$package]=${installed%-*}
  done <<< "$(dpkg-query -W -f='${Package} ${db:Status-Status} ${Version}\n' "${packages[@]}" 2> /dev/null || true)"
  # What is on the PATH or in CXX is what will be used, a package or not.
  local compiler=${CXX:-c++}
  if command -v "$compiler" > /dev/null; then
    version[g++]=$("$compiler" -dumpfullversion -dumpversion)
    "$compiler" --version | grep -q clang && oldest[g++]=$oldest_clang
  fi
  if command -v cmake > /dev/null; then
    version[cmake]=$(cmake --version | sed -n '1s/.*version //p')
  fi
  if command -v ninja > /dev/null; then version[ninja-build]=$(ninja --version); fi
}

look
missing=()
for package in "${packages[@]}"; do
  [ -n "${version[$package]-}" ] || missing+=("$package")
done

# The tests read the kernels' machine code. A CUDA toolkit without its disassembler gets it from
# PyPI.
lacks_disassembler=no
if [ "$what" = all ] && command -v nvcc > /dev/null && ! command -v cuobjdump > /dev/null &&
  [ ! -x .cuda-tools/nvidia/cu13/bin/cuobjdump ]; then
  lacks_disassembler=yes
  python3 -m pip --version > /dev/null 2>&1 || missing+=(python3-pip)
fi

# Virtual environments of packages from PyPI: folder, which packages, who needs it, pip's options. Tests hold exports
# against ONNX Runtime, and event files against TensorBoard; they build and use the Python package with what is newest;
# packages are made and checked by others' tools.
environments='
  .test-venv     tests/python/requirements.txt  all      --no-deps
  .python-venv   python/tests/requirements.txt  all
  .package-venv  tests/python/package.txt       package
'
lacking=()
while read -r folder list who options; do
  [ "$who" != "$what" ] || cmp -s "$list" "$folder/installed" || lacking+=("$folder $list $options")
done <<< "$(grep . <<< "$environments")"
if [ "$what" != program ]; then
  python3 -c 'import ensurepip, venv' 2> /dev/null || missing+=(python3-venv)
  python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2> /dev/null ||
    missing+=(python3-dev)
fi

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2> /dev/null ||
      fail "this user may not install packages without a password; have these installed and try again:" \
        "apt-get install ${missing[*]}"
    as_root=(sudo -n)
  fi
  echo "setup: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null ||
    fail "apt-get could not install them; on Ubuntu they are in the component universe"
  look
fi

too_old=()
for package in "${packages[@]}"; do
  found=${version[$package]-none}
  least=${oldest[$package]}
  [ "$least" = - ] || dpkg --compare-versions "$found" ge "$least" ||
    too_old+=("$package is $found; $least or later is needed")
done
[ ${#too_old[@]} -eq 0 ] ||
  fail "${too_old[@]}" "PyPI has a newer cmake and ninja; CXX names another compiler"

if [ $lacks_disassembler = yes ]; then
  echo "setup: installing cuobjdump and nvdisasm"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --target .cuda-tools \
    nvidia-cuda-cuobjdump==13.2.51 nvidia-cuda-nvdisasm==13.2.51
fi

for environment in "${lacking[@]}"; do
  read -r folder list options <<< "$environment"
  echo "setup: installing what $list lists into $folder"
  python3 -m venv $folder
  # What is imported at all is compiled then: compiling everything would take longer than the rest.
  $folder/bin/pip install --quiet --disable-pip-version-check --no-compile $options -r $list
  cp $list $folder/installed
done
