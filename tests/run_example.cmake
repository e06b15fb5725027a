# cmake -D program=... -D expected=... -P run_example.cmake: runs an example; exit code 0, and the expected output when
# the file `expected` exists.
execute_process(COMMAND "${program}" OUTPUT_VARIABLE output RESULT_VARIABLE result)
message("${output}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${program} ended with ${result}")
endif()
if(EXISTS "${expected}")
  file(READ "${expected}" text)
  if(NOT output STREQUAL text)
    message(FATAL_ERROR "the output differs from ${expected}:\n${text}")
  endif()
endif()
