#!/usr/bin/env bash
# Installs what the build needs, as Debian packages. Does nothing, quickly, when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  build-essential cmake ninja-build pkg-config
  libdnnl-dev              # matrix products of the CPU learner
  ocl-icd-opencl-dev       # asked for by the CMake files of libdnnl-dev
  libeigen3-dev            # the double reference, vectorised elementwise mathematics
  libcli11-dev             # command line
  nlohmann-json3-dev       # run files, safetensors headers
  libfmt-dev               # text
  librandom123-dev         # Philox on the host
  libgtest-dev             # tests
  libbenchmark-dev         # benchmarks
)

explain() {
  {
    echo "setup: $1"
    echo "setup: needed: a C++20 compiler (g++ 12 or clang 14), CMake 3.25, Ninja, oneDNN 2.6, Eigen 3.4,"
    echo "setup: CLI11 2.1, nlohmann-json 3.11, fmt 9.1, Random123 1.14, GoogleTest 1.12, Google Benchmark 1.7;"
    echo "setup: on Debian or Ubuntu: apt-get install ${packages[*]}"
  } >&2
  exit 1
}

command -v dpkg-query > /dev/null || explain "this is not a Debian-like system; install these yourself and build with cmake"

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done

# The tests read the kernels' machine code. A CUDA toolkit without its disassembler gets it from
# PyPI.
lacks_disassembler=no
if command -v nvcc > /dev/null && ! command -v cuobjdump > /dev/null &&
  [ ! -x .cuda-tools/nvidia/cu13/bin/cuobjdump ]; then
  lacks_disassembler=yes
  python3 -m pip --version > /dev/null 2>&1 || missing+=(python3-pip)
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2> /dev/null ||
      explain "missing ${missing[*]}, and this user may not install packages"
    as_root=(sudo -n)
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

if [ $lacks_disassembler = yes ]; then
  echo "setup: installing cuobjdump and nvdisasm"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --target .cuda-tools \
    nvidia-cuda-cuobjdump==13.2.51 nvidia-cuda-nvdisasm==13.2.51
fi
