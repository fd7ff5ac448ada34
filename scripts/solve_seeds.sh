#!/usr/bin/env bash
# Trains many seeds of a task and tells what they came to: the share that solved it, with its interval,
# and how many of the policies that were kept meet the threshold over fresh episodes.
# Usage: solve_seeds.sh PROGRAM OUT SEEDS CHECKED [OPTIONS of train, --env among them]
# SEEDS seeds from 0 on, fifty agents to a run, into OUT; those of the first CHECKED, 50 at most, play
# 1,000 episodes.
set -euo pipefail
program=$(realpath "$1") out=$2 seeds=$3 checked=$4
shift 4
agents=50
mkdir -p "$out"

runs=()
for ((seed = 0; seed < seeds; seed += agents)); do
  run=$out/from_$seed
  runs+=("$run")
  left=$((seeds - seed))
  if [ ! -e "$run/summary.json" ]; then
    "$program" train "$@" --seed "$seed" --agents $((left < agents ? left : agents)) --save-every 0 \
      --quiet --out "$run"
  elif grep -q '"stop_reason": "interrupted"' "$run/summary.json"; then
    "$program" train --resume "$run" --quiet
  fi
  rm -f "$run/state.safetensors" # as large as fifty replays
  echo "$((seed + agents < seeds ? seed + agents : seeds)) of $seeds seeds"
done
"$program" compare "${runs[@]}"

threshold=$(sed -n 's/.*"target_return": \([-0-9.e]*\),.*/\1/p' "${runs[0]}/config.json")
held=0
for ((p = 0; p < checked; p++)); do
  name=best_agent$p.safetensors
  [ $p != 0 ] || name=best.safetensors
  mean=$("$program" evaluate "${runs[0]}/$name" --episodes 1000 --seed 12345 --json |
    sed -n 's/.*"return_mean": \([-0-9.e]*\),.*/\1/p')
  if awk "BEGIN {exit !($mean >= $threshold)}"; then
    held=$((held + 1))
  else
    echo "seed $p: $mean over 1,000 fresh episodes"
  fi
done
[ "$checked" = 0 ] || echo "$held of $checked policies meet $threshold over 1,000 fresh episodes"
