# Installs the built program into a fresh prefix and runs it from there. Given: BUILD, PREFIX.
file(REMOVE_RECURSE ${PREFIX})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX} OUTPUT_QUIET
  COMMAND_ERROR_IS_FATAL ANY)
foreach(file share/doc/sac_cuda/LICENSE share/doc/sac_cuda/README.md
    share/doc/sac_cuda/docs/learning_curve.svg share/doc/sac_cuda/scripts/pytorch_policy.py)
  if(NOT EXISTS ${PREFIX}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()

# output_of(COMMAND VARIABLE)
function(output_of command variable)
  execute_process(COMMAND ${PREFIX}/bin/sac_cuda ${command} OUTPUT_VARIABLE output
    COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()
output_of(--version version)
if(NOT version MATCHES "^sac_cuda [0-9.]+\n$")
  message(FATAL_ERROR "--version: ${version}")
endif()
foreach(pair man:share/man/man1/sac_cuda.1
    completion:share/bash-completion/completions/sac_cuda)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 command)
  list(GET pair 1 file)
  output_of(${command} expected)
  file(READ ${PREFIX}/${file} installed)
  if(NOT installed STREQUAL expected)
    message(FATAL_ERROR "${file} is not what sac_cuda ${command} prints")
  endif()
endforeach()
file(REMOVE_RECURSE ${PREFIX})
