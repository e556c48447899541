# The libraries that others link: carnet::verify, carnet::ledger, carnet::record. Each is the
# objects of its own part of api/ and of the folders below; nothing internal is installed.

# carnet_public_library(<name> SOURCES … FOLDERS … [ON …] [LINKS …] [REQUIRES …] [SYSTEM …])
#   FOLDERS   whose objects it holds beyond those of the libraries ON which it rests
#   LINKS     third-party targets of those folders; a user of the static library links them too
#   REQUIRES  the same as pkg-config modules, SYSTEM as plain library names
# Makes carnet_api_<name> (objects), carnet_<name>_static, carnet_<name>_shared, carnet::<name>.
function(carnet_public_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;FOLDERS;ON;LINKS;REQUIRES;SYSTEM" ${ARGN})
  set(folders ${ARG_FOLDERS})
  list(TRANSFORM folders PREPEND carnet_)
  list(TRANSFORM ARG_ON PREPEND carnet_api_ OUTPUT_VARIABLE interfaces_below)

  add_library(carnet_api_${name} OBJECT ${ARG_SOURCES})
  carnet_target(carnet_api_${name})
  target_link_libraries(carnet_api_${name} PUBLIC ${interfaces_below} ${folders}
    PRIVATE carnet_warnings)

  if(NOT CARNET_LIBRARIES STREQUAL "shared")
    carnet_static_library(${name})
  endif()
  if(NOT CARNET_LIBRARIES STREQUAL "static")
    carnet_shared_library(${name})
  endif()
  if(TARGET carnet_${name}_shared)
    add_library(carnet::${name} ALIAS carnet_${name}_shared)
  else()
    add_library(carnet::${name} ALIAS carnet_${name}_static)
  endif()
  set_property(GLOBAL APPEND PROPERTY CARNET_PUBLIC_LIBRARIES ${name})
  foreach(part ON REQUIRES SYSTEM)
    set_property(GLOBAL PROPERTY CARNET_${part}_OF_${name} "${ARG_${part}}")
  endforeach()
endfunction()

# One archive of all objects, so that its user meets no target or file of a folder.
macro(carnet_static_library name)
  set(objects $<TARGET_OBJECTS:carnet_api_${name}>)
  foreach(folder IN LISTS folders)
    list(APPEND objects $<TARGET_OBJECTS:${folder}>)
  endforeach()
  add_library(carnet_${name}_static STATIC ${objects})
  target_link_libraries(carnet_${name}_static PUBLIC carnet_headers PRIVATE ${ARG_LINKS})
  foreach(below IN LISTS ARG_ON)
    target_link_libraries(carnet_${name}_static PUBLIC carnet_${below}_static)
  endforeach()
  carnet_name_library(${name} static)
endmacro()

# The folders' code is hidden in it, also where another of the libraries holds a copy: only what is
# marked CARNET_API is seen from outside.
macro(carnet_shared_library name)
  set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.map)
  add_library(carnet_${name}_shared SHARED)
  set_target_properties(carnet_${name}_shared PROPERTIES CARNET_SHARED_DEPENDENCIES ON
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    INSTALL_RPATH "$ORIGIN")
  target_link_libraries(carnet_${name}_shared PUBLIC carnet_headers PRIVATE carnet_api_${name})
  # A symbol that another of the libraries hides is found here, not by a user's linker. What the
  # sanitizers need comes with the program.
  target_link_options(carnet_${name}_shared PRIVATE -Wl,--version-script=${exports}
    $<$<NOT:$<CONFIG:Asan,Tsan,Fuzz>>:-Wl,-z,defs>)
  set_target_properties(carnet_${name}_shared PROPERTIES LINK_DEPENDS ${exports})
  foreach(below IN LISTS ARG_ON)
    target_link_libraries(carnet_${name}_shared PUBLIC carnet_${below}_shared)
  endforeach()
  carnet_name_library(${name} shared)
endmacro()

macro(carnet_name_library name kind)
  set_target_properties(carnet_${name}_${kind} PROPERTIES OUTPUT_NAME carnet-${name}
    EXPORT_NAME ${name}_${kind} LINKER_LANGUAGE CXX)
endmacro()
