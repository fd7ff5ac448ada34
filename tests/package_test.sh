#!/usr/bin/env bash
# Unpacks the packages into empty folders and runs the program there from an empty environment: it trains
# until a task is solved, exports and reports. Usage: package_test.sh BUILD, after `make package` or `make package-gpu`.
set -euo pipefail
[ $# = 1 ] || { sed -n '3s/^.*Usage: /usage: /p' "$0" >&2; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
packages=$build/packages
scratch=$build/Testing/package
rm -rf "$scratch"
mkdir -p "$scratch"
fail() {
  printf 'package_test: %s\n' "$@" >&2
  exit 1
}

# The first minutes of a user: ROOT has bin/sac_cuda and share/.
first_minutes() {
  local root=$1
  local run="env -i $root/bin/sac_cuda"
  mkdir "$root.work"
  cd "$root.work"
  $run --env Pendulum-v1 --hidden 64 --seed 0 --out run > train.txt 2>&1 || fail "train: $(tail -n 1 train.txt)"
  grep -q '"solved": true' run/summary.json || fail "Pendulum-v1 was not solved: $(tail -n 1 train.txt)"
  $run export run policy.onnx > /dev/null
  $run report run --out report.html > /dev/null
  local file
  for file in policy.onnx report.html; do [ -s $file ] || fail "no $file"; done
  for file in man/man1/sac_cuda.1 bash-completion/completions/sac_cuda doc/sac_cuda/README.md \
    doc/sac_cuda/sac_cuda.spdx.json doc/sac_cuda/licences/onednn; do
    [ -s "$root/share/$file" ] || fail "$root lacks share/$file"
  done
}

# The .tar.gz brings its libraries along: all but the C library's come from its own folder.
mkdir "$scratch/tar"
tar -xzf "$packages"/sac_cuda-*.tar.gz -C "$scratch/tar" --strip-components=1
tar_program=$scratch/tar/bin/sac_cuda
foreign=$(ldd "$tar_program" | grep '=> /' | grep -vE "$scratch|/lib(c|m|dl|rt|pthread)\.so" || true)
[ -z "$foreign" ] || fail "the .tar.gz loads libraries of this system:" "$foreign"
first_minutes "$scratch/tar"

# The .deb depends on the packages that have them.
deb=$(echo "$packages"/sac-cuda_*.deb)
dpkg-deb -x "$deb" "$scratch/deb"
depends=$(dpkg-deb -f "$deb" Depends)
for library in libc6 libdnnl libfmt libgif libgomp libprotobuf-lite libstdc++ libwebp; do
  [[ $depends == *$library* ]] || fail "the .deb does not depend on $library: $depends"
done
[ -s "$scratch/deb/usr/share/doc/sac-cuda/copyright" ] || fail "the .deb has no copyright file"
first_minutes "$scratch/deb/usr"

# The loader takes the library for the processor's level; told of none, the one for all.
loader=/lib64/ld-linux-x86-64.so.2
highest() {
  $loader --help | sed -n 's/^ *\(x86-64-v[34]\) (supported, searched)/\1/p' | head -n 1
}
loaded() {
  env -i LD_TRACE_LOADED_OBJECTS=1 $loader "$@" "$tar_program" |
    sed -n 's/.*=> \(.*libsac_cuda.so\).*/\1/p'
}
level=$(highest)
[[ $(loaded) == */lib/sac_cuda/${level:+glibc-hwcaps/$level/}libsac_cuda.so ]] || fail "for $level it loads $(loaded)"
[[ $(loaded --glibc-hwcaps-mask none) == */lib/sac_cuda/libsac_cuda.so ]] ||
  fail "told of none it loads $(loaded --glibc-hwcaps-mask none)"
cd "$scratch"
env -i $loader --glibc-hwcaps-mask none "$tar_program" --env Pendulum-v1 --hidden 64 --out v2 > /dev/null 2>&1 ||
  fail "the code for x86-64-v2 does not run"
grep -q '"compiled_for": "SSE2"' v2/config.json || fail "config.json does not say that the code for x86-64-v2 ran"
grep -q '"solved": true' v2/summary.json || fail "Pendulum-v1 was not solved by the code for x86-64-v2"

# No instruction beyond its level.
wider() { objdump -d "$1" | grep -cE "$2" || true; }
[ "$(wider "$scratch/tar/lib/sac_cuda/libsac_cuda.so" '%[yz]mm')" = 0 ] || fail "the code for x86-64-v2 has AVX in it"
[ "$(wider "$scratch/tar/lib/sac_cuda/glibc-hwcaps/x86-64-v3/libsac_cuda.so" '%zmm')" = 0 ] ||
  fail "the code for x86-64-v3 has AVX-512 in it"
[ "$(wider "$scratch/tar/lib/sac_cuda/glibc-hwcaps/x86-64-v4/libsac_cuda.so" '%zmm')" != 0 ] ||
  fail "the code for x86-64-v4 has no AVX-512 in it"

# The bill of materials is valid, and names what is loaded and what was compiled in.
bill=$scratch/tar/share/doc/sac_cuda/sac_cuda.spdx.json
"$source/.package-venv/bin/pyspdxtools" -i "$bill" || fail "the bill of materials is not valid"
for part in onednn eigen3 cli11 nlohmann-json3 librandom123 fmtlib protobuf giflib libwebp; do
  grep -q "\"name\": \"$part\"" "$bill" || fail "the bill of materials lacks $part"
  [ -s "$scratch/tar/share/doc/sac_cuda/licences/$part" ] || fail "the licence of $part is missing"
done
# The kernels for GPUs are added to what is there. Without a GPU they can be found and no more.
gpu_deb=$(echo "$packages"/sac-cuda-gpu_*.deb)
if [ -e "$gpu_deb" ]; then
  [[ $(dpkg-deb -f "$gpu_deb" Depends) == *"sac-cuda (= $(dpkg-deb -f "$deb" Version))"* ]] ||
    fail "sac-cuda-gpu does not depend on the sac-cuda it was made with"
  for root in "$scratch/tar" "$scratch/deb/usr"; do
    [[ $(env -i "$root/bin/sac_cuda" devices) == *"no CUDA kernels"* ]] || fail "$root has kernels before they are added"
  done
  tar -xzf "$packages"/sac_cuda_gpu-*.tar.gz -C "$scratch/tar" --strip-components=1
  dpkg-deb -x "$gpu_deb" "$scratch/deb"
  for root in "$scratch/tar" "$scratch/deb/usr"; do
    for mask in "" "--glibc-hwcaps-mask none"; do
      found=$(env -i $loader $mask "$root/bin/sac_cuda" devices)
      [[ $found == *"CUDA kernels for sm_"* ]] || fail "with the kernels added, $root says $found"
    done
    "$source/.package-venv/bin/pyspdxtools" -i "$root/share/doc/sac_cuda_gpu/sac_cuda_gpu.spdx.json" ||
      fail "the kernels' bill of materials is not valid"
    [ -s "$root/share/doc/sac_cuda_gpu/licences/nvidia-cuda-toolkit" ] || fail "NVIDIA's licence is missing"
  done
fi
rm -rf "$scratch"
echo "package_test: passed"
