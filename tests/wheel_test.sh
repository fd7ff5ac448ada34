#!/usr/bin/env bash
# Installs the wheel into an empty virtual environment and uses it there from an empty environment: a task is solved,
# exported, reported. Says how long that takes a user. Usage: wheel_test.sh FOLDER [GPU_FOLDER], after
# `make wheel` and `make wheel-gpu`.
set -euo pipefail
[ $# = 1 ] || [ $# = 2 ] || { sed -n '3s/^.*Usage: /usage: /p' "$0" >&2; exit 2; }
tests=$(cd "$(dirname "$0")" && pwd)
wheel=$(echo "$(cd "$1" && pwd)"/*.whl)
gpu_wheel=$(echo "$(cd "${2-$1}" && pwd)"/*.whl)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fail() {
  printf 'wheel_test: %s\n' "$@" >&2
  exit 1
}

[[ $wheel == *-manylinux_*_x86_64.whl ]] || fail "$wheel is not tagged for manylinux"
size=$(stat -c %s "$wheel")
((size <= 30000000)) || fail "the wheel has $size bytes, more than 30 MB"

python3 -m venv venv
python=$scratch/venv/bin/python
seconds=$(date +%s.%N)
venv/bin/pip install --quiet --disable-pip-version-check "$wheel[gymnasium]"
installed=$(date +%s.%N)
compiled_for=$(env -i "$python" "$tests/first_minutes.py" | tail -n 1) || fail "the first minutes failed"
ready=$(date +%s.%N)
for command in "venv/bin/sac_cuda --version" "venv/bin/sac_cuda evaluate run --episodes 10"; do
  env -i $command > said.txt 2>&1 || fail "$command: $(cat said.txt)"
done

# Its libraries are its own, but for those that every Linux has.
package=$("$python" -c 'import sac_cuda, os; print(os.path.dirname(sac_cuda.__file__))')
for file in "$package"/_core*.so "$package"/lib/libsac_cuda.so "$package"/lib/glibc-hwcaps/*/libsac_cuda.so; do
  foreign=$(ldd "$file" | grep '=> /' | grep -vE "$scratch|/lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s)\.so" || true)
  [ -z "$foreign" ] || fail "$file loads libraries of this system:" "$foreign"
done

# The loader takes the library for the processor's level; told of none, the one for all.
loader=/lib64/ld-linux-x86-64.so.2
loaded() {
  env -i $loader "$@" "$python" -c \
    'import sac_cuda; sac_cuda.__version__; print(*{l.split()[-1] for l in open("/proc/self/maps") if "libsac_cuda" in l})'
}
level=$($loader --help | sed -n 's/^ *\(x86-64-v[34]\) (supported, searched)/\1/p' | head -n 1)
[[ $(loaded) == "$package/lib/${level:+glibc-hwcaps/$level/}libsac_cuda.so" ]] || fail "for $level it loads $(loaded)"
[[ $(loaded --glibc-hwcaps-mask none) == "$package/lib/libsac_cuda.so" ]] ||
  fail "told of none it loads $(loaded --glibc-hwcaps-mask none)"
mkdir v2 && cd v2
[ "$(env -i $loader --glibc-hwcaps-mask none "$python" "$tests/first_minutes.py" | tail -n 1)" = SSE2 ] ||
  fail "the code for x86-64-v2 does not run"

# The bill of materials is valid, and the licences of what is inside are there.
about=$(echo "$package"/../sac_cuda-*.dist-info)
"$tests/../.package-venv/bin/pyspdxtools" -i "$about/sboms/sac_cuda.spdx.json" ||
  fail "the bill of materials is not valid"
for part in onednn eigen3 cli11 nlohmann-json3 librandom123 fmtlib protobuf giflib libwebp nanobind; do
  [ -s "$about/licenses/$part" ] || fail "the licence of $part is missing"
done

# The kernels for GPUs are added to it. Without a GPU they can be found and no more.
if [ $# = 2 ]; then
  [[ $(env -i "$scratch/venv/bin/sac_cuda" devices) == *"no CUDA kernels"* ]] || fail "there are kernels before they are added"
  "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$gpu_wheel"
  found=$(env -i "$scratch/venv/bin/sac_cuda" devices)
  [[ $found == *"CUDA kernels for sm_"* ]] || fail "with the kernels added it says $found"
  about=$(echo "$package"/../sac_cuda_gpu-*.dist-info)
  "$tests/../.package-venv/bin/pyspdxtools" -i "$about/sac_cuda_gpu.spdx.json" ||
    fail "the kernels' bill of materials is not valid"
fi

awk -v size="$size" -v a="$seconds" -v b="$installed" -v c="$ready" -v what="$compiled_for" 'BEGIN {
  printf "wheel_test: passed; %.1f MB, code for %s; pip install %.1f s, then solved, exported and reported in %.1f s\n",
    size / 1e6, what, b - a, c - b }'
