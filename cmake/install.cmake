# What `cmake --install` writes: the public headers, the libraries, and how CMake and pkg-config
# find them; the command with its manual and completions.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Carnet)
get_property(libraries GLOBAL PROPERTY CARNET_PUBLIC_LIBRARIES)

install(TARGETS carnet_headers EXPORT CarnetHeaders
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT CarnetHeaders NAMESPACE carnet:: DESTINATION ${package_dir})
foreach(kind static shared)
  if(kind STREQUAL CARNET_LIBRARIES OR CARNET_LIBRARIES STREQUAL "both")
    list(TRANSFORM libraries REPLACE "(.+)" "carnet_\\1_${kind}" OUTPUT_VARIABLE targets)
    install(TARGETS ${targets} EXPORT Carnet_${kind}
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT Carnet_${kind} NAMESPACE carnet:: DESTINATION ${package_dir})
  endif()
endforeach()

list(JOIN libraries " " all_libraries)
configure_package_config_file(cmake/CarnetConfig.cmake.in ${PROJECT_BINARY_DIR}/CarnetConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change what programs see.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/CarnetConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/CarnetConfig.cmake
  ${PROJECT_BINARY_DIR}/CarnetConfigVersion.cmake DESTINATION ${package_dir})

# carnet-<name>.pc. With a shared library a user needs it alone; what the static one needs beside
# it is private then (`pkg-config --static`).
function(carnet_install_pkg_config name)
  foreach(part ON REQUIRES SYSTEM)
    get_property(${part} GLOBAL PROPERTY CARNET_${part}_OF_${name})
  endforeach()
  list(TRANSFORM ON PREPEND carnet-)
  list(TRANSFORM SYSTEM PREPEND -l)
  list(JOIN ON " " requires)
  list(JOIN REQUIRES " " requires_private)
  list(JOIN SYSTEM " " libs_private)
  if(CARNET_LIBRARIES STREQUAL "static")
    string(APPEND requires " ${requires_private}")
    string(PREPEND libs_private " ")
    set(libs_also ${libs_private})
    set(requires_private "")
    set(libs_private "")
  endif()
  file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/carnet.pc.in ${PROJECT_BINARY_DIR}/carnet-${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/carnet-${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
foreach(name IN LISTS libraries)
  carnet_install_pkg_config(${name})
endforeach()

if(CARNET_CLI)
  install(TARGETS carnet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES LICENSE NOTICE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
