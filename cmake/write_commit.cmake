# cmake -DSOURCE=… -DHEADER=… -P write_commit.cmake
# Runs in every build; writes the header only where the commit is another, so that nothing is
# compiled for nothing. Sources without a repository of their own, such as a tarball inside
# another project's, have no commit.
execute_process(COMMAND git -C ${SOURCE} rev-parse --show-toplevel
  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(REAL_PATH ${SOURCE} source)
set(commit "unknown commit")
if(top STREQUAL source)
  execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(found)
    set(commit ${found})
  endif()
endif()

set(content "#pragma once\n#define CARNET_COMMIT \"${commit}\"\n")
set(before "")
if(EXISTS ${HEADER})
  file(READ ${HEADER} before)
endif()
if(NOT content STREQUAL before)
  file(WRITE ${HEADER} "${content}")
endif()
