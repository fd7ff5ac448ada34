# No growth over as many iterations as an hour has, and none over 1,000 learners made and let go: on the CPU,
# and with the kernels on the emulator. Part of scripts/torture.sh; tests/torture/growth.cpp is the run.

growth() {
  local device updates learners
  # bench/README.md has some 300 gradient steps per second at hidden 256 and batch 256. Here the network is
  # small, so that an hour of them takes minutes.
  for device in cpu cuda; do
    updates=1200000 learners=1000
    local measure=$build/sac_growth
    if [ $device = cuda ]; then
      measure=$build/sac_growth_simt
      updates=4000  # an emulator takes its time
    fi
    [ $short = no ] || { updates=$((updates / 40)) && learners=$((learners / 40)); }
    "$measure" $device run_$device $updates $learners > log 2> err || found "$(cat log err)"
    while read -r line; do figure "$line"; done < log
  done
}
