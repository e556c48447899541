# Build types, warnings, and the one way in which a folder becomes a library.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # CHECKs stay: they do not depend on NDEBUG
set(CMAKE_CXX_FLAGS_ASAN
    "-Og -g1 -fsanitize=address,undefined -fno-sanitize=vptr,null,alignment,object-size -fno-sanitize-recover=all -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_TSAN "-Og -g1 -fsanitize=thread")
set(CMAKE_CXX_FLAGS_FUZZ "-O1 -g1 -fsanitize=address,fuzzer-no-link")
foreach(type DEV RELEASE ASAN TSAN FUZZ)
  set(CMAKE_EXE_LINKER_FLAGS_${type} "")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_DEV "-fuse-ld=mold")
set(CMAKE_EXE_LINKER_FLAGS_ASAN "-fuse-ld=mold")
set(CMAKE_EXE_LINKER_FLAGS_TSAN "-fuse-ld=mold")

# No absolute source path in a binary: the same commit gives the same bytes anywhere.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

add_library(carnet_warnings INTERFACE)
target_compile_options(carnet_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror)

# carnet_library(<folder> SOURCES … HEADERS … DEPENDS … [PRIVATE …])
# One static library a folder. DEPENDS are folders below it, as the layer table allows.
function(carnet_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE" ${ARGN})
  add_library(carnet_${name} STATIC ${ARG_SOURCES})
  target_sources(carnet_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${ARG_HEADERS})
  list(TRANSFORM ARG_DEPENDS PREPEND carnet_)
  target_link_libraries(carnet_${name} PUBLIC ${ARG_DEPENDS} PRIVATE carnet_warnings ${ARG_PRIVATE})
endfunction()
