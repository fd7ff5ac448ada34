#!/usr/bin/env bash
# Puts the built programs, the libraries they need, and what scripts/gpu_day.sh reads into a folder that runs
# where there is nothing but a C library and, for the GPU, a driver; and packs it.
# Usage: gpu_bundle.sh BUILD NAME     leaves BUILD/NAME and BUILD/NAME.tar.xz
set -euo pipefail
[ $# = 2 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
bundle=$build/$2

rm -rf "$bundle" "$bundle.tar.xz"
mkdir -p "$bundle"/{bin,lib}
for program in sac_cuda sac_bench_gpu sac_kernel_tests sac_step_worker; do
  strip -o "$bundle/bin/$program" "$build/$program"
done

# All that they load, but for the C library, which has to be the machine's own, as its driver's is.
ldd "$bundle"/bin/* | awk '$2 == "=>" && $3 ~ "^/" {print $3}' | sort -u |
  grep -vE '/(libc|libm|libdl|librt|libpthread|libresolv)\.so' |
  while read -r library; do cp -L "$library" "$bundle/lib/"; done

(cd "$source" && git ls-files LICENSE scripts/gpu_day.sh bench/peers tests/data/step | xargs cp --parents -t "$bundle")
glibc=$(objdump -T "$bundle"/bin/* "$bundle"/lib/* 2> /dev/null | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1)
cat > "$bundle/README" << END
sac_cuda $(git -C "$source" describe --always --dirty), $("$bundle/bin/sac_cuda" devices | sed -n 's/^build *//p').
For Linux on $(uname -m) with glibc ${glibc#GLIBC_} or later; for the GPU an NVIDIA driver. Nothing else is needed.

    bin/sac_cuda --help             trains
    bin/sac_bench_gpu --help        checks and times the kernels
    scripts/gpu_day.sh OUT          everything, in eight minutes at most
END
tar -C "$build" -cJf "$bundle.tar.xz" "$2"
du -h "$bundle.tar.xz"
