#!/bin/sh
# Compiler launcher for nvcc: keeps ptxas's report of registers, spills and shared memory beside the
# object, as OBJECT.resources, and passes on everything else that the compiler says.
object=
previous=
for argument; do
  [ "$previous" = -o ] && object=$argument
  previous=$argument
done
[ -n "$object" ] || exec "$@"
said=$("$@" -Xptxas=-v 2>&1)
status=$?
pattern='^ptxas info|^ +[0-9]+ bytes stack frame'
printf '%s\n' "$said" | grep -E "$pattern" > "$object.resources"
printf '%s\n' "$said" | grep -vE "$pattern" | grep . >&2
exit $status
