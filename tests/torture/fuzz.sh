# libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer against whatever reads a file that may be
# anybody's: first all of tests/fuzz/corpus, then what the fuzzer makes of it. As many side by side as there
# are processors. Part of scripts/torture.sh.

fuzz() {
  local name running=() process
  for name in checkpoint state step_file config actions; do
    [ -x "$build/sac_fuzz_$name" ] ||
      found "sac_fuzz_$name was not built: it needs clang++ with libFuzzer (scripts/setup.sh)"
  done
  for name in checkpoint state step_file config actions; do
    if [ ${#running[@]} = "$(nproc)" ]; then
      wait "${running[0]}" || exit 1
      running=("${running[@]:1}")
    fi
    fuzz_one $name &
    running+=($!)
  done
  for process in "${running[@]}"; do wait "$process" || exit 1; done
}

fuzz_one() {
  local name=$1 words seconds
  local fuzzer=$build/sac_fuzz_$name corpus=$root/tests/fuzz/corpus/$name
  seconds=$(choose 600 10)
  words=$root/tests/fuzz/$name.dict
  [ -f "$words" ] || words=$root/tests/fuzz/safetensors.dict
  mkdir -p "$name"
  "$fuzzer" "$corpus"/* > "$name.log" 2>&1 || found "$name: its own corpus: $(fuzz_finding "$name.log")"
  # Files get longer slowly, so that most of the time goes into small ones.
  "$fuzzer" -seed=$((seed + 1)) -max_total_time="$seconds" -print_final_stats=1 -dict="$words" \
    -max_len=65536 -timeout=30 -rss_limit_mb=2048 -artifact_prefix="$PWD/$name-" "$name" "$corpus" \
    > "$name.log" 2>&1 || found "$name: $(fuzz_finding "$name.log")"
  figure "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log") inputs in $seconds s," \
    "$(grep -ao 'cov: [0-9]*' "$name.log" | tail -1 | cut -c6-) places reached from" \
    "$(find "$corpus" -type f | wc -l) files"
}

# The line that says what it was, and where the input lies.
fuzz_finding() { grep -aE 'ERROR|runtime error|fuzz:|Test unit written' "$1" | tr '\n' ' '; }
