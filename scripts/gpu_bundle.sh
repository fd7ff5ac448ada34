#!/usr/bin/env bash
# Puts the built programs, the libraries they need, and what scripts/gpu_day.sh reads into a folder that runs
# where there is nothing but, for the GPU, a driver; and packs it.
# Usage: gpu_bundle.sh BUILD NAME     leaves BUILD/NAME and BUILD/NAME.tar.xz
set -euo pipefail
[ $# = 2 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
bundle=$build/$2
programs='sac_cuda sac_bench_gpu sac_kernel_tests sac_step_worker'

rm -rf "$bundle" "$bundle.tar.xz"
mkdir -p "$bundle"/{bin,programs,lib,glibc}
for program in $programs; do strip -o "$bundle/programs/$program" "$build/$program"; done

# All that they load: the C library and its loader in a folder of their own.
c_library='/(ld-linux[^/]*|lib(c|m|dl|rt|pthread|resolv))\.so'
ldd "$bundle"/programs/* | grep -o '/[^ ]*\.so[^ ]*' | sort -u | while read -r library; do
  if [[ $library =~ $c_library ]]; then cp -L "$library" "$bundle/glibc/"; else cp -L "$library" "$bundle/lib/"; fi
done
glibc=$(objdump -T "$bundle"/programs/* "$bundle"/lib/* | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1)

cat > "$bundle/bin/run" << END
#!/bin/sh
# Runs the program of this name by the machine's C library, or by the bundle's where that is too old.
root=\$(cd "\${0%/*}/.." && pwd)
program=\$root/programs/\${0##*/}
glibc=\$(getconf GNU_LIBC_VERSION 2> /dev/null)
minor=\${glibc#glibc 2.}
[ "\${minor%%.*}" -ge ${glibc#GLIBC_2.} ] 2> /dev/null && exec "\$program" "\$@"
exec "\$root"/glibc/ld-linux-* --library-path "\$root/lib:\$root/glibc:\${LD_LIBRARY_PATH-}" "\$program" "\$@"
END
chmod +x "$bundle/bin/run"
for program in $programs; do ln -s run "$bundle/bin/$program"; done

(cd "$source" && git ls-files LICENSE scripts/gpu_day.sh bench/peers tests/data/step |
  xargs cp --parents -t "$bundle")
cat > "$bundle/README" << END
sac_cuda $(git -C "$source" describe --always --dirty), $("$bundle/bin/sac_cuda" devices | sed -n 's/^build *//p').
For Linux on $(uname -m), and for the GPU an NVIDIA driver. Nothing else is needed: where the C library is older
than ${glibc#GLIBC_}, the bundle's own serves.

    bin/sac_cuda --help             trains
    bin/sac_bench_gpu --help        checks and times the kernels
    scripts/gpu_day.sh OUT          everything, in eight minutes at most
END
# The programs hold the same kernels: a window as large as they are finds them again.
tar -C "$build" -c "$2" | xz -9 > "$bundle.tar.xz"
du -h "$bundle.tar.xz"
