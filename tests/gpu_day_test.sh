#!/usr/bin/env bash
# scripts/gpu_day.sh with programs that do nothing, fail or hang: the summary says so, and no step stops the
# rest. Usage: gpu_day_test.sh SOURCE WORK
set -euo pipefail
script=$1/scripts/gpu_day.sh
work=$2

fail() {
  echo "$1"
  [ ! -e "$work/out/summary.txt" ] || cat "$work/out/summary.txt"
  exit 1
}

rm -rf "$work"
mkdir -p "$work/programs"
for program in sac_cuda sac_bench_gpu sac_kernel_tests sac_step_worker; do
  cat > "$work/programs/$program" << 'END'
#!/bin/sh
echo "$0 $*"
case "$0 $*" in
  *devices) cat "$(dirname "$0")/devices" ;;
  *--only\ latency*) exit 3 ;;
  *sac_step_worker*--batch=128*) sleep 60 ;;
  *train*) mkdir -p "runs/$5" && echo '"solved": true' > "runs/$5/summary.json" ;;
esac
END
  chmod +x "$work/programs/$program"
done

# Eight minutes, and every task there is.
"$script" --list > "$work/list"
awk '{sum += $2} END {exit sum > 480}' "$work/list" || fail "the steps' limits are more than eight minutes"
for task in $(grep -oh '"[A-Za-z]*-v[0-9]"' "$1"/kernels/env/*.h | tr -d '"'); do
  grep -q "^solve_$task " "$work/list" || fail "$task is not trained"
done

said() {
  grep -qE "^$1 +[0-9]+  $2" "$work/out/summary.txt" || fail "not in the summary: $1 $2"
}
day() {
  code=0
  PATH=/usr/bin:/bin PYTHON=none "$script" "$work/out" "$work/programs" > /dev/null || code=$?
}

echo "cuda   not available: no NVIDIA GPU here" > "$work/programs/devices"
day
[ $code = 2 ] || fail "exit code $code without a GPU"
grep -q "^no usable GPU: no NVIDIA GPU here" "$work/out/summary.txt" || fail "no word of the GPU"
said kernel_tests passed
said latency "FAILED: exit code 3: .*--only latency"
said tables passed
said solve_Pendulum-v1 passed
said peers_sac_cuda_128 "FAILED: stopped after 8 s"
said peers_sac_cuda_256 passed
said peers_torch_graph_256 "left out: none has no PyTorch"
grep -q -- "--only training" "$work/out/tables.txt" || fail "a step's output is not in its file"

echo "cuda   a GPU" > "$work/programs/devices"
day
[ $code = 1 ] || fail "exit code $code with a GPU and a failed step"
