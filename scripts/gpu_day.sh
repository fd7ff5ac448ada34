#!/usr/bin/env bash
# The first minutes on a machine with a GPU: is all of it right, and how fast? Every step has a time limit
# and writes to a file of its own as it goes; none stops the rest. Eight minutes at most.
# Usage: gpu_day.sh OUT [PROGRAMS]     PROGRAMS: the folder of sac_cuda and the others (default: this
#                                      bundle's bin, or build-gpu)
#        gpu_day.sh --list             the steps and their limits in seconds
# Leaves OUT/STEP.txt, OUT/summary.txt, and the tables, profiles and runs in folders of OUT. PYTHON names a
# Python that has PyTorch. Exit code: 0; 1 if a step failed; 2 if there is no usable GPU.
set -u

readonly longest=480  # seconds, all steps together
root=$(cd "$(dirname "$0")/.." && pwd)
case $# in
  1) programs=$root/build-gpu; [ -d "$root/bin" ] && programs=$root/bin ;;
  2) programs=$2 ;;
  *) sed -n '4,9s/^# //p' "$0" >&2; exit 2 ;;
esac
list=no
if [ "$1" = --list ]; then
  list=yes
else
  mkdir -p "$1" || exit 2
  out=$(cd "$1" && pwd)
  programs=$(cd "$programs" && pwd) || exit 2
  for program in sac_cuda sac_bench_gpu sac_kernel_tests sac_step_worker; do
    [ -x "$programs/$program" ] || { echo "gpu_day.sh: no $program in $programs" >&2; exit 2; }
  done
  printf '%-42s %8s  %s\n' step seconds status | tee "$out/summary.txt"
fi
export PATH=$PATH:/usr/local/cuda/bin SAC_TEST_DATA=$root/tests/data
python=${PYTHON:-python3}
[ -n "${PYTHON-}" ] || [ ! -x "$root/.venv/bin/python" ] || python=$root/.venv/bin/python
failed=0

# say NAME SECONDS STATUS: a line of the summary.
say() {
  printf '%-42s %8s  %s\n' "$@" | tee -a "$out/summary.txt"
}

# step NAME LIMIT COMMAND...: runs the command for LIMIT seconds at most, and within what is left of the
# whole. A command that is not installed is left out.
step() {
  local name=$1 limit=$2
  shift 2
  if [ $list = yes ]; then
    echo "$name $limit"
    return
  fi
  local left=$((longest - SECONDS)) begin=$SECONDS
  [ "$left" -ge "$limit" ] || limit=$left
  if [ "$limit" -le 0 ]; then
    failed=1
    say "$name" 0 "not begun: the time is up"
    return
  fi
  if ! command -v "$1" > /dev/null; then
    say "$name" 0 "left out: no $1 here" | tee "$out/$name.txt"
    return
  fi
  timeout -k 1 "$limit" stdbuf -oL -eL "$@" > "$out/$name.txt" 2>&1 < /dev/null
  local code=$? status
  case $code in
    0) status=passed ;;
    124 | 137) status="FAILED: stopped after $limit s" ;;
    *) status="FAILED: exit code $code: $(grep -v '^ *$' "$out/$name.txt" | tail -n 1 | cut -c 1-200)" ;;
  esac
  [ $code = 0 ] || failed=1
  say "$name" $((SECONDS - begin)) "$status"
}

versions() {
  uname -a
  cat /etc/os-release
  nvidia-smi
  nvidia-smi --format=csv --query-gpu=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.limit
  for tool in nvcc cmake g++ ncu compute-sanitizer; do command -v $tool && $tool --version; done
  for header in cublas_v2.h curand.h nvtx3/nvToolsExt.h; do ls /usr/local/cuda/include/$header; done
  "$programs/sac_cuda" devices
}

# One launch by its first case: the second, since the rollout's first is warm-up. Precisions are spelled as in the
# kernels' names.
profile() {
  rm -f "profile_$1_$2.ncu-rep"
  ncu --target-processes all --clock-control none --set full --launch-skip 1 --launch-count 1 --kill yes \
    --kernel-name-base demangled --kernel-name "regex:$1_kernel<.*$2" --export "profile_$1_$2" \
    "$programs/sac_bench_gpu" --only "$1" --out profiled
  ls "profile_$1_$2.ncu-rep"
}

# Trains, and asks that the task was solved.
solve() {
  rm -rf "runs/$1"
  "$programs/sac_cuda" train --device cuda --env "$1" --time-limit 13 --out "runs/$1" &&
    grep -q '"solved": true' "runs/$1/summary.json"
}

# Steps per second, a sample a line, of ours or of a contender of bench/peers.
gradient_steps() {
  printf '1\n1\n1\n' | "$@" --device=cuda --hidden=256 --batch="$batch"
}
export -f versions profile solve gradient_steps
export programs

clocks="nvidia-smi --format=csv --query-gpu=clocks.sm,clocks.mem,clocks_throttle_reasons.active,temperature.gpu"
bench=$programs/sac_bench_gpu
tests=$programs/sac_kernel_tests
products=Unfused.*:Blas.*:*cublas*
[ $list = yes ] || cd "$out"

step versions 8 bash -c versions
step kernel_tests 55 "$tests" --gtest_filter="-$products"
step cublas_tests 15 "$tests" --gtest_filter="$products"
for tool in memcheck racecheck synccheck initcheck; do
  step sanitizer_$tool 15 compute-sanitizer --tool $tool --target-processes all --error-exitcode 9 \
    "$bench" --quick --only checks --only kernels --out quick
done
step latency 25 "$bench" --only latency --out latency
step checks 45 "$bench" --only checks --out checks
step tables 95 "$bench" --only ceilings --only kernels --only training --only normals --only startup --out tables
for kernel in gradients update rollout; do
  for precision in Fp32 Tf32 Bf16; do
    if [ $list = yes ] || command -v ncu > /dev/null; then
      step profile_${kernel}_$precision 7 bash -c "profile $kernel $precision"
    else
      say profile_${kernel}_$precision 0 "left out: no ncu here"
    fi
  done
done
step clocks_in_between 4 $clocks
for task in InvertedPendulumBulletEnv-v0 InvertedPendulumSwingupBulletEnv-v0 Pendulum-v1 InvertedPendulum-v5 \
  InvertedDoublePendulumBulletEnv-v0 InvertedDoublePendulum-v5; do
  step solve_$task 10 bash -c "solve $task"
done
torch=no
if [ $list = yes ] || timeout 20 "$python" -c 'import torch' > /dev/null 2>&1; then torch=yes; fi
for batch in 128 256; do
  export batch
  step peers_sac_cuda_$batch 8 bash -c 'gradient_steps "$programs/sac_step_worker"'
  if [ $torch = yes ]; then
    step peers_torch_graph_$batch 14 bash -c \
      "gradient_steps '$python' '$root/bench/peers/step_worker.py' torch-graph"
  else
    say peers_torch_graph_$batch 0 "left out: $python has no PyTorch"
  fi
done
step clocks_after 4 $clocks

[ $list = no ] || exit 0
usable=$("$programs/sac_cuda" devices | sed -n 's/^cuda *//p')
case $usable in
  "not available"*)
    echo "no usable GPU: ${usable#not available: }" | tee -a "$out/summary.txt"
    exit 2
    ;;
esac
exit $failed
