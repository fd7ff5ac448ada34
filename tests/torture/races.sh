# ThreadSanitizer over the learner on the CPU and the threads of the run around it. Part of
# scripts/torture.sh; tests/torture/races.cpp is the run.

races() {
  local code=0 said
  # A finding must be one: whoever cannot see a race that is there says nothing.
  "$build/sac_races" --race > race.log 2>&1 || code=$?
  [ $code != 0 ] && grep -q "WARNING: ThreadSanitizer: data race" race.log ||
    found "a race that is there is not seen: exit code $code: $(head -3 race.log)"
  code=0
  said=$(TSAN_OPTIONS=halt_on_error=1 timeout "$(choose 900 120)" "$build/sac_races" run "$(choose 600 20)" 2> races.log) || code=$?
  [ $code = 0 ] || found "exit code $code: $(grep -aE 'WARNING|SUMMARY|^ +#[0-3] ' races.log | head -12)"
  figure "$said, and no race"
}
