# For any processor from x86-64-v2 on: all of the program is a library, which there is once for each level
# of x86-64, beside an executable that is nothing but main, or a module that is nothing but bindings. The
# loader of the C library takes the copy that suits the processor (glibc-hwcaps, from glibc 2.33 on). What
# computes is compiled anew for each level, the rest once. Included from host/.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  message(FATAL_ERROR "SAC_PACKAGE=ON: packages are for x86_64, and this is ${CMAKE_SYSTEM_PROCESSOR}")
elseif(SAC_NATIVE)
  message(FATAL_ERROR "SAC_PACKAGE=ON, SAC_NATIVE=ON: expected one of them, any processor or this machine's")
endif()
set(levels v2 v3 v4)
get_target_property(hot_sources sac_host SOURCES)
get_target_property(libraries sac_host LINK_LIBRARIES)
foreach(level ${levels})
  add_library(sac_cuda_${level} SHARED ${hot_sources})
  set_target_properties(sac_cuda_${level} PROPERTIES OUTPUT_NAME sac_cuda BUILD_WITH_INSTALL_RPATH ON
    UNITY_BUILD ${SAC_UNITY} UNITY_BUILD_MODE GROUP
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/glibc-hwcaps/x86-64-${level})
  # Nobody replaces a function of the library by one of another: calls within it may be inlined.
  target_compile_options(sac_cuda_${level} PRIVATE -march=x86-64-${level} -fno-semantic-interposition)
  target_link_options(sac_cuda_${level} PRIVATE -Wl,-Bsymbolic-functions)
  target_link_libraries(sac_cuda_${level} PRIVATE ${libraries} sac_gpu)
  add_dependencies(sac_cuda_${level} sac_commit)
endforeach()
set_target_properties(sac_cuda_v2 PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
add_dependencies(sac_cuda_v2 sac_cuda_v3 sac_cuda_v4)
target_link_libraries(sac_program INTERFACE sac_options sac_cuda_v2)

# install_levels(FOLDER COMPONENT): as the loader looks for them.
function(install_levels folder component)
  install(TARGETS sac_cuda_v2 LIBRARY DESTINATION ${folder} COMPONENT ${component})
  foreach(level v3 v4)
    install(TARGETS sac_cuda_${level} COMPONENT ${component}
      LIBRARY DESTINATION ${folder}/glibc-hwcaps/x86-64-${level})
  endforeach()
endfunction()

# install_bill(PYTHON COMPONENT LIBRARY OUT [ARGUMENTS]): writes the bill of materials, and licences, to the
# folder OUT.
function(install_bill python component library out)
  install(CODE "execute_process(COMMAND \"${python}\" \"${PROJECT_SOURCE_DIR}/cmake/bill_of_materials.py\"
    --build \"${PROJECT_BINARY_DIR}\" --library \"$<TARGET_FILE:${library}>\" --version ${PROJECT_VERSION}
    --out \"${out}\" ${ARGN} COMMAND_ERROR_IS_FATAL ANY)" COMPONENT ${component})
endfunction()

# install_gpu_library(PYTHON FOLDER ABOUT): the kernels beside the library that looks for them, with their bill
# of materials and licences in the folder ABOUT, as a package of its own.
function(install_gpu_library python folder about)
  install(TARGETS sac_cuda_gpu LIBRARY DESTINATION ${folder} COMPONENT gpu)
  cmake_path(GET CUDAToolkit_BIN_DIR PARENT_PATH toolkit)
  set(bill ${PROJECT_BINARY_DIR}/bill_gpu)
  install_bill(${python} gpu sac_cuda_gpu ${bill} --gpu --toolkit ${toolkit}
    --toolkit-version ${CUDAToolkit_VERSION})
  install(DIRECTORY ${bill}/ DESTINATION ${about} COMPONENT gpu)
endfunction()
