#!/bin/sh
# Are the simulators' float steps vector instructions? A header that the compiler cannot vectorise still gives the right
# numbers, at a third of the speed. Every step divides: by vectors, then.
#   vector_instructions_test.sh OBJDUMP OBJECT
set -eu
"$1" --disassemble --demangle --no-show-raw-insn "$2" | awk '
  /^[0-9a-f]+ </ { step = /EnvironmentLanes<float, .*>::step\(\)>:/ ? $0 : ""; steps += step != "" }
  step && /div[ps]s / { ++divisions; if (/divss /) { print "scalar: " step; bad = 1; step = "" } }
  END { print steps + 0 " steps, " divisions + 0 " divisions"; exit bad || !steps || !divisions }'
