# Defines farcall::compiled: farcall with its non-template code compiled once, in the project that uses it and with
# that project's flags. Used by the build and by the installed package; built only when something links to it.
if(NOT TARGET farcall_compiled)
  set(farcall_source "${CMAKE_CURRENT_BINARY_DIR}/farcall_compiled/farcall.cpp")
  file(CONFIGURE OUTPUT "${farcall_source}" CONTENT "#include <farcall/src.hpp>\n" @ONLY)
  add_library(farcall_compiled STATIC EXCLUDE_FROM_ALL "${farcall_source}")
  add_library(farcall::compiled ALIAS farcall_compiled)
  target_compile_definitions(farcall_compiled PUBLIC FARCALL_SEPARATE_COMPILATION)
  target_link_libraries(farcall_compiled PUBLIC farcall::farcall)
  set_target_properties(farcall_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  unset(farcall_source)
endif()
