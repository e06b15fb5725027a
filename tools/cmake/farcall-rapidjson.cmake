# Defines farcall::rapidjson, the include folder of RapidJSON. Used by the build and by the installed package.
if(NOT TARGET farcall::rapidjson)
  find_path(FARCALL_RAPIDJSON_INCLUDE_DIR NAMES rapidjson/reader.h DOC "Folder that contains rapidjson/")
  mark_as_advanced(FARCALL_RAPIDJSON_INCLUDE_DIR)
  if(FARCALL_RAPIDJSON_INCLUDE_DIR)
    add_library(farcall::rapidjson INTERFACE IMPORTED)
    set_target_properties(farcall::rapidjson PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${FARCALL_RAPIDJSON_INCLUDE_DIR}")
  else()
    set(farcall_NOT_FOUND_MESSAGE
      "farcall needs RapidJSON: install rapidjson-dev or set FARCALL_RAPIDJSON_INCLUDE_DIR to the folder that contains rapidjson/")
  endif()
endif()
