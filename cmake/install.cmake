# cmake --install: the program, its licence and documentation, man page and completion. The last two
# are what the program says of itself at that moment.
if(NOT TARGET sac_cuda)
  return()
endif()
include(GNUInstallDirs)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
install(TARGETS sac_cuda)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(PROGRAMS scripts/pytorch_policy.py DESTINATION ${CMAKE_INSTALL_DOCDIR}/scripts)

# No variable of these scripts may be called as a component is: CMake would mix them up (CMP0054).
# install_output(COMMAND FILE): what `sac_cuda COMMAND` prints becomes FILE under the prefix.
function(install_output command file)
  install(CODE "
    get_filename_component(file \"\${CMAKE_INSTALL_PREFIX}/${file}\" ABSOLUTE)
    set(destination \"\$ENV{DESTDIR}\${file}\")
    message(STATUS \"Installing: \${destination}\")
    get_filename_component(directory \"\${destination}\" DIRECTORY)
    file(MAKE_DIRECTORY \"\${directory}\")
    execute_process(COMMAND \"$<TARGET_FILE:sac_cuda>\" ${command} OUTPUT_FILE \"\${destination}\"
      COMMAND_ERROR_IS_FATAL ANY)
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${file}\")")
endfunction()
install_output(man ${CMAKE_INSTALL_MANDIR}/man1/sac_cuda.1)
install_output(completion ${CMAKE_INSTALL_DATADIR}/bash-completion/completions/sac_cuda)
if(SAC_PACKAGE)
  include(cmake/package.cmake)
endif()
