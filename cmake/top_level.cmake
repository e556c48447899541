# Build types and tools of this project's own builds. Not read where Carnet is a part of another
# project: that one chooses.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # CARNET_CHECK stays: it does not depend on NDEBUG
set(CMAKE_CXX_FLAGS_ASAN
    "-Og -g1 -fsanitize=address,undefined -fno-sanitize=vptr,null,alignment,object-size -fno-sanitize-recover=all -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_TSAN "-Og -g1 -fsanitize=thread")
set(CMAKE_CXX_FLAGS_FUZZ "-O1 -g1 -fsanitize=address,fuzzer-no-link")

# Both are used where they are there: a compiler cache, and a linker that is much faster.
find_program(CARNET_CCACHE ccache)
if(CARNET_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CARNET_CCACHE})
endif()
find_program(CARNET_MOLD mold)
set(fast_linker "")
if(CARNET_MOLD)
  set(fast_linker "-fuse-ld=mold")
endif()
foreach(type DEV ASAN TSAN)
  set(CMAKE_EXE_LINKER_FLAGS_${type} ${fast_linker})
  set(CMAKE_SHARED_LINKER_FLAGS_${type} ${fast_linker})
endforeach()
foreach(type RELEASE FUZZ)
  set(CMAKE_EXE_LINKER_FLAGS_${type} "")
  set(CMAKE_SHARED_LINKER_FLAGS_${type} "")
endforeach()
