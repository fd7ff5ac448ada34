# kill -9 at random moments, each followed by a resume that must end where the undisturbed run ended, to
# the bit. Part of scripts/torture.sh.

# Runs of a second or two. All have two agents whose replay wraps and save their state all the time; more
# than that is different: precision, threads, the environment, how long an update takes.
# Leaves the command that starts one in `run`.
kills_make_run() {
  local way=$1
  shift
  local options=(--agents 2 --device cpu --keep-going --quiet --save-every 0.01 --warmup 100
    --eval-episodes 3 --seed "$seed")
  case $way in
    0) options+=(--env Pendulum-v1 --envs 9 --hidden 32 --batch 16 --replay-size 300
      --eval-every 20 --threads 1 --updates "$(choose 1000 500)") ;;
    1) options+=(--env InvertedPendulum-v5 --envs 200 --hidden 64 --batch 64 --replay-size 3000
      --eval-every 60 --updates "$(choose 600 300)") ;;
    2) options+=(--env InvertedPendulumSwingupBulletEnv-v0 --envs 33 --hidden 64 --batch 32
      --precision bf16 --replay-size 1000 --eval-every 40 --threads 2 --updates "$(choose 400 200)") ;;
  esac
  run=("$program" "${options[@]}" "$@")
}
kills_ways=3

# Starts the command, and kills it after so many milliseconds. False if it had ended by then.
kills_after() {
  local code=0 delay=$1
  shift
  "$@" 2> err &
  local process=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  kill -9 $process 2> /dev/null || true
  wait $process 2> /dev/null || code=$?
  [ $code = 0 ] || [ $code = 137 ] || found "exit code $code before it was killed: $(cat err)"
  [ $code = 137 ]
}

# Whatever stands in the killed run's directory is whole.
kills_leave_whole_files() {
  local file
  for file in killed/*.safetensors; do
    [ -e "$file" ] || continue
    [ "$file" != killed/state.safetensors ] || continue
    "$program" evaluate "$file" --episodes 1 > /dev/null 2> err || found "evaluate $file: $(cat err)"
  done
}

kills_resume_or_start() {
  local way=$1 code=0
  "$program" --resume killed --quiet 2> err || code=$?
  [ $code != 0 ] || return 0
  # Nothing was there yet: that is one line, and the directory can be used.
  [ $code = 2 ] && [ ! -e killed/config.json ] && [ "$(wc -l < err)" = 1 ] ||
    found "--resume: exit code $code: $(cat err)"
  empty=$((empty + 1))
  "${run[@]}"
}

kills() {
  local run=() way wanted kills=0 early=0 empty=0 halves=0 again=0 stateless=0 longest=() until_ms
  wanted=$(choose 200 1000000)
  until_ms=$(($(milliseconds) + $(choose 3600000 35000)))
  for ((way = 0; way < kills_ways; ++way)); do
    local start
    start=$(milliseconds)
    kills_make_run $way --out whole$way
    "${run[@]}"
    longest+=($(($(milliseconds) - start)))
  done
  figure "undisturbed runs of ${longest[*]} ms"
  while [ $kills -lt "$wanted" ] && [ "$(milliseconds)" -lt $until_ms ]; do
    way=$((kills % kills_ways))
    rm -rf killed
    kills_make_run $way --out killed
    # Every third one has been killed, and resumed, before.
    if [ $((kills % 9 / 3)) = 2 ]; then
      kills_after "$(random_below "${longest[way]}")" "${run[@]}" || true
      if [ -e killed/config.json ]; then
        again=$((again + 1))
        kills_after "$(random_below "${longest[way]}")" "$program" --resume killed --quiet ||
          { early=$((early + 1)); again=$((again - 1)); continue; }
      fi
    else
      kills_after "$(random_below "${longest[way]}")" "${run[@]}" ||
        { early=$((early + 1)); continue; }
    fi
    kills=$((kills + 1))
    compgen -G 'killed/*.tmp' > /dev/null && halves=$((halves + 1))
    [ -e killed/state.safetensors ] || stateless=$((stateless + 1))
    kills_leave_whole_files
    kills_resume_or_start $way
    same_run whole$way killed || found "kill $kills, way $way: not the undisturbed run"
    compgen -G 'killed/*.tmp' > /dev/null && found "kill $kills: a .tmp file is left: $(ls killed)"
  done
  figure "$kills kills, all resumed to the bit: $halves while a file was written, $stateless before the" \
    "first state ($empty of them before the configuration), $again of a resumed run; $early came too late"
}
