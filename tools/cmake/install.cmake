# cmake --install: the headers, the CMake package and the pkg-config file. Nothing in it depends on the machine or on
# the prefix, so an installed tree can be moved.
include(CMakePackageConfigHelpers)

set(farcall_package share/cmake/farcall)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/farcall-config-version.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_file(tools/cmake/farcall.pc.in farcall.pc @ONLY)

install(DIRECTORY include/ DESTINATION include FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
install(TARGETS farcall EXPORT farcall-targets)
install(EXPORT farcall-targets NAMESPACE farcall:: DESTINATION ${farcall_package})
install(FILES
  tools/cmake/farcall-config.cmake
  tools/cmake/farcall-compiled.cmake
  tools/cmake/farcall-rapidjson.cmake
  "${PROJECT_BINARY_DIR}/farcall-config-version.cmake"
  DESTINATION ${farcall_package})
install(FILES "${PROJECT_BINARY_DIR}/farcall.pc" DESTINATION share/pkgconfig)
install(FILES LICENSE DESTINATION share/doc/farcall)
