# A disk that fails: the first, second, third ... call by which a run writes, alone, with all that come
# after it, or after half of it was written. The run ends by itself and says why; what it leaves is whole, and the next run goes on from it to
# where the undisturbed run ended, to the bit. Part of scripts/torture.sh; tests/torture/failing_calls.cpp is
# the disk.

# Two evaluations of two agents.
failing_options=(--env Pendulum-v1 --envs 3 --agents 2 --hidden 4 --batch 4 --replay-size 20 --warmup 10
  --eval-every 10 --eval-episodes 1 --updates-per-step 1 --device cpu --threads 1 --keep-going --quiet
  --seed 5)

# What is tried: a new run, one that goes on where it is, saving all the time, and one that goes on elsewhere.
failing_start() {
  rm -rf run half
  case $1 in
    new) run=("$program" "${failing_options[@]}" --save-every 0 --updates 20 --out run) ;;
    in_place)
      cp -r ended run
      run=("$program" --resume run --quiet --save-every 0.001 --updates 20) ;;
    elsewhere)
      cp -r ended half
      run=("$program" --resume half --quiet --save-every 0 --updates 20 --out run) ;;
  esac
}

# The calls of the run that `run` holds, of which the Nth fails with an errno: 0 alone, 1 with the rest,
# 2 with the rest but for half of itself.
failing_run() {
  code=0
  FAILING_UNDER=$PWD/run FAILING_NTH=$1 FAILING_ERROR=$2 FAILING_REST=$(($3 > 0)) \
    FAILING_HALF=$(($3 > 1)) FAILING_COUNT=$PWD/count \
    LD_PRELOAD=$build/libsac_failing_calls.so timeout 60 "${run[@]}" > /dev/null 2> err || code=$?
  read -r calls failed < count
}

failing_says() {
  case $1 in
    28) reason="No space left on device" ;;
    5) reason="Input/output error" ;;
    122) reason="Disk quota exceeded" ;;
  esac
  grep -q "$reason" err
}

failing_files_are_whole() {
  local file
  for file in run/*.safetensors; do
    case $file in
      'run/*.safetensors' | run/state.safetensors) ;;
      *) "$program" evaluate "$file" --episodes 1 > /dev/null 2> err || found "$what: $(cat err)" ;;
    esac
  done
  for file in run/*.json; do
    [ ! -e "$file" ] || [ "$(head -c 1 "$file")$(tail -c 2 "$file")" = "{}" ] || found "$what: $file is cut"
  done
  [ ! -e run/metrics.csv ] || awk -F, 'NR == 1 {n = NF} NF != n {exit 1}' run/metrics.csv || found "$what: half a row"
}

# The run goes on, without faults now, and ends as it would have.
failing_goes_on() {
  local from=run after=0
  # What failed at once leaves nothing, or what is no run: one line, and another directory does.
  "$program" --resume run --updates 20 --quiet 2> err || after=$?
  if [ $after != 0 ]; then
    [ $after = 2 ] && [ "$(wc -l < err)" = 1 ] && [ ! -e run/config.json ] ||
      found "$what: the next run: exit code $after: $(cat err)"
    rm -rf run
    "${run[@]}" 2> err || found "$what: a new run: $(cat err)"
  fi
  same_run whole run || found "$what: the next run is not the undisturbed one"
  ! compgen -G 'run/*.tmp' > /dev/null || found "$what: a .tmp file is left"
}

failing_try() {
  local way=$1 nth=$2 error=$3 rest=$4
  local after=("" ", as do all after it" " at its half, as do all after it")
  what="$way run, call $nth fails with errno $error${after[rest]}"
  failing_start "$way"
  failing_run "$nth" "$error" "$rest"
  [ -n "$failed" ] || return 1  # the run made fewer calls
  case $code in
    0 | 1) ;;
    2) [ "$nth" = 1 ] && [ ! -e run ] || found "$what ($failed): exit code 2: $(cat err)" ;;
    *) found "$what ($failed): exit code $code: $(cat err)" ;;
  esac
  # What failed at the very end and was then written, which the next line looks at, needs no word.
  [ $code = 0 ] || failing_says "$error" || found "$what ($failed): exit code $code, no word of why: $(cat err)"
  [ $code != 0 ] || same_run whole run || found "$what ($failed): exit code 0, but not the whole run"
  failing_files_are_whole
  failing_goes_on
  ends[code]=$((ends[code] + 1))
}

failing_writes() {
  local run=() code calls total failed what reason way nth rest ends=(0 0 0) errors=(28 5 122) tried=0 until_ms
  "$program" "${failing_options[@]}" --save-every 0 --updates 20 --out whole
  "$program" "${failing_options[@]}" --save-every 0 --updates 13 --out ended
  for way in new in_place elsewhere; do
    until_ms=$(($(milliseconds) + $(choose 3600000 13000)))
    failing_start $way
    failing_run 0 0 0
    total=$calls
    [ "$total" -gt 20 ] || found "$way: the run made $total calls: are they seen?"
    ends=(0 0 0)
    tried=0
    # All in turn; in the short form as many of them, chosen at random, as there is time for.
    for ((nth = 1; nth <= total + 50; ++nth)); do
      for rest in 0 1 2; do
        [ "$(milliseconds)" -lt $until_ms ] || break 2
        [ $short = no ] || nth=$((1 + $(random_below "$total")))
        failing_try $way "$nth" "${errors[(nth + rest) % 3]}" $rest || break 2
        tried=$((tried + 1))
      done
    done
    figure "$way run: $tried failures among $total calls; ${ends[0]} runs wrote all in the end," \
      "${ends[1]} ended with 1, ${ends[2]} with 2; all went on to the bit"
  done
}
