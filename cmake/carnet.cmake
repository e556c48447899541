# Warnings, and the one way in which a folder becomes a library.

# Which of the libraries that others link are built: static, shared, or both. The choice of
# BUILD_SHARED_LIBS where none is made.
set(default_libraries static)
if(BUILD_SHARED_LIBS)
  set(default_libraries shared)
endif()
set(CARNET_LIBRARIES ${default_libraries} CACHE STRING "Libraries to build: static, shared or both")
set_property(CACHE CARNET_LIBRARIES PROPERTY STRINGS static shared both)
if(NOT CARNET_LIBRARIES MATCHES "^(static|shared|both)$")
  message(FATAL_ERROR "CARNET_LIBRARIES: ${CARNET_LIBRARIES}: expected static, shared or both")
endif()

# A shared library, or a Python module that links the static ones, needs code that can lie anywhere.
if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE AND (CARNET_PYTHON OR NOT CARNET_LIBRARIES STREQUAL "static"))
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

add_library(carnet_warnings INTERFACE)
target_compile_options(carnet_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  $<$<BOOL:${CARNET_WERROR}>:-Werror>)

# What every target of this project is compiled with.
function(carnet_target name)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # No absolute source path in a binary: the same commit gives the same bytes anywhere.
  target_compile_options(${name} PRIVATE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
endfunction()

# carnet_library(<folder> SOURCES … HEADERS … DEPENDS … [PRIVATE …])
# One static library a folder. DEPENDS are folders below it, as the layer table allows.
function(carnet_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE" ${ARGN})
  add_library(carnet_${name} STATIC ${ARG_SOURCES})
  carnet_target(carnet_${name})
  target_sources(carnet_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  list(TRANSFORM ARG_DEPENDS PREPEND carnet_)
  target_link_libraries(carnet_${name} PUBLIC ${ARG_DEPENDS} PRIVATE carnet_warnings ${ARG_PRIVATE})
endfunction()
