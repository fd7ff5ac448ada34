#!/usr/bin/env bash
# Makes the virtual environment of the comparison, .venv in the repository, from pinned PyPI packages.
# Does nothing, quickly, when that is done. Takes 5 GB there: PyPI has PyTorch only with CUDA.
set -euo pipefail
cd "$(dirname "$0")/../.."

explain() {
  echo "peers: $1" >&2
  exit 1
}

wanted=(bench/peers/requirements.txt)
# On a GPU machine also what torch.compile and JAX need there.
if nvidia-smi > /dev/null 2>&1; then wanted+=(bench/peers/requirements-gpu.txt); fi

stamp=.venv/peers-installed
if [ -f "$stamp" ] && cat "${wanted[@]}" | cmp -s - "$stamp"; then exit 0; fi

python=$(command -v python3.11 || true)
[ -n "$python" ] || explain "Python 3.11 is missing; on Debian 12: apt-get install python3 python3-venv python3-dev"
"$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
  explain "Python.h is missing, which torch.compile needs; on Debian 12: apt-get install python3-dev"
[ -x .venv/bin/python ] || "$python" -m venv .venv ||
  explain "no virtual environment; on Debian 12: apt-get install python3-venv"

echo "peers: installing into .venv"
# The lists are complete. Without --no-deps pip would add what is never used here.
for list in "${wanted[@]}"; do .venv/bin/pip install --quiet --no-deps -r "$list"; done
cat "${wanted[@]}" > "$stamp"
