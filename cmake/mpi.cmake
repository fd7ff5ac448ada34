# Whether sweeps and runs can be spread over processes by MPI. Sets SAC_WITH_MPI; MPI::MPI_CXX is there then.
set(SAC_MPI AUTO CACHE STRING
  "Spread sweeps and runs over processes by MPI: ON, OFF, or AUTO: where it is found, and the program stays here")
set_property(CACHE SAC_MPI PROPERTY STRINGS AUTO ON OFF)

set(SAC_WITH_MPI OFF)
if(SAC_MPI STREQUAL AUTO AND (SAC_PACKAGE OR NOT SAC_NATIVE))
  return()
endif()
if(SAC_MPI)
  set(MPI_CXX_SKIP_MPICXX ON)  # the C interface; the other one is no more
  if(SAC_MPI STREQUAL AUTO)
    find_package(MPI QUIET COMPONENTS CXX)
  else()
    find_package(MPI REQUIRED COMPONENTS CXX)
  endif()
  set(SAC_WITH_MPI ${MPI_CXX_FOUND})
endif()
if(SAC_WITH_MPI)
  message(STATUS "MPI: sweeps and runs can be spread over processes")
endif()
