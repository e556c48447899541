# The .deb: the command, the libraries with their headers, manual, completions, licences.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME carnet)
set(CPACK_PACKAGE_VENDOR "The Carnet Authors")
set(CPACK_PACKAGE_CONTACT "The Carnet Authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
  "carnet records how an AI model was made in an append-only ledger, and checks, offline, the\npassport that a model comes with. With the libraries that other programs link.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX packages)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# What the shared libraries need of the system; they are not installed yet when it is asked.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/api)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${PROJECT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/triggers)
include(CPack)

# The copyright file of everything that NOTICE lists, where Debian's packages bring it.
find_program(CARNET_DPKG_QUERY dpkg-query)
find_package(Python3 COMPONENTS Interpreter)
if(CARNET_DPKG_QUERY AND Python3_FOUND)
  set(licences ${PROJECT_BINARY_DIR}/licences)
  add_custom_command(OUTPUT ${licences}/openssl DEPENDS NOTICE tools/collect_licences.py
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMAND Python3::Interpreter tools/collect_licences.py ${licences} ${CMAKE_CXX_COMPILER})
  add_custom_target(carnet_licences ALL DEPENDS ${licences}/openssl)
  install(DIRECTORY ${licences} DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
