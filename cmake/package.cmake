# What is in the packages besides what cmake --install puts anywhere, and how CPack makes them. The .deb
# leaves the libraries to Debian's packages; the .tar.gz brings all of them along but the C library's.
set(private_folder lib/sac_cuda)
install_levels(${private_folder} program)
# The old kind of search path also holds for what the libraries load in turn.
target_link_options(sac_cuda PRIVATE -Wl,--disable-new-dtags)
set_target_properties(sac_cuda PROPERTIES INSTALL_RPATH "$ORIGIN/../${private_folder}")

find_program(PYTHON3 python3 REQUIRED)
set(bill ${PROJECT_BINARY_DIR}/bill)
install_bill(${PYTHON3} program sac_cuda_v2 ${bill})
install(DIRECTORY ${bill}/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/sac-cuda RENAME copyright COMPONENT debian)

if(SAC_WITH_CUDA AND SKBUILD)  # python/gpu/pyproject.toml
  install_gpu_library(${PYTHON3} sac_cuda/lib ${SKBUILD_METADATA_DIR})
elseif(SAC_WITH_CUDA)
  install_gpu_library(${PYTHON3} ${private_folder} ${CMAKE_INSTALL_DATADIR}/doc/sac_cuda_gpu)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/sac-cuda-gpu RENAME copyright COMPONENT gpu)
endif()

install(CODE "
  file(GET_RUNTIME_DEPENDENCIES LIBRARIES \"$<TARGET_FILE:sac_cuda_v2>\" RESOLVED_DEPENDENCIES_VAR loaded
    PRE_EXCLUDE_REGEXES \"^ld-linux\" \"^lib(c|m|dl|rt|pthread)\\\\.so\")
  file(INSTALL \${loaded} DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${private_folder}\" FOLLOW_SYMLINK_CHAIN)"
  COMPONENT libraries)

set(CPACK_PACKAGE_NAME sac_cuda)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Soft Actor-Critic trainer for pendulum tasks")
set(CPACK_PACKAGE_DESCRIPTION "Trains policies for six pendulum tasks on the CPU, in seconds; plays, reports and
exports them. The tasks' simulators reproduce Bullet, MuJoCo and Gymnasium.")
set(CPACK_PACKAGE_CONTACT "the sac_cuda authors <sac_cuda@localhost>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_FILE_NAME sac_cuda-${PROJECT_VERSION}-linux-x86_64)
set(CPACK_PACKAGE_FILE_NAME ${CPACK_ARCHIVE_FILE_NAME})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_NAME sac-cuda)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/package_components.cmake)
include(CPack)
