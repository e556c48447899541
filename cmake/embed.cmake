# carnet_embed(<sources variable> FILE <path from the root> NAMESPACE <a::b> FUNCTION <Name>)
# Makes a source file that defines `std::string_view a::b::Name()`, the file's bytes, and appends
# it to the variable. Bytes, not a string literal: those end at 64 KiB in portable C++.
function(carnet_embed sources)
  cmake_parse_arguments(ARG "" "FILE;NAMESPACE;FUNCTION" "" ${ARGN})
  set(input ${PROJECT_SOURCE_DIR}/${ARG_FILE})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
  file(READ ${input} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${ARG_FUNCTION}.cc)
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"// Made from @ARG_FILE@ by cmake/embed.cmake.
#include <string_view>

namespace @ARG_NAMESPACE@ {

std::string_view @ARG_FUNCTION@();

std::string_view @ARG_FUNCTION@() {
  static constexpr unsigned char kBytes[] = {@bytes@};
  return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};
}

}  // namespace @ARG_NAMESPACE@
")
  set(${sources} ${${sources}} ${output} PARENT_SCOPE)
endfunction()
