# Third-party libraries, each under a carnet_dep_* target. Shared in development, static in the
# release binary, which is to work when dropped in alone.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # a project above this one links them through ours
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CapnProto REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CARNET_SODIUM REQUIRED IMPORTED_TARGET GLOBAL libsodium)
pkg_check_modules(CARNET_UTF8PROC REQUIRED IMPORTED_TARGET GLOBAL libutf8proc)
pkg_check_modules(CARNET_RE2 REQUIRED IMPORTED_TARGET GLOBAL re2)
pkg_check_modules(CARNET_P11KIT REQUIRED p11-kit-1)  # for PKCS#11's header; modules are loaded
pkg_check_modules(CARNET_CURL REQUIRED libcurl)  # for its headers; the library is loaded
# As users of the installed static libraries find them: with CMake's packages of Cap'n Proto and
# RocksDB a project in C++ alone cannot be configured.
pkg_check_modules(CARNET_FMT REQUIRED IMPORTED_TARGET GLOBAL fmt)
pkg_check_modules(CARNET_CAPNP REQUIRED IMPORTED_TARGET GLOBAL capnp)
pkg_check_modules(CARNET_ROCKSDB REQUIRED IMPORTED_TARGET GLOBAL rocksdb)

# carnet_dep(<name> SHARED <libraries> STATIC <libraries>)
# With CARNET_STATIC the static ones, except in a target with the property CARNET_SHARED_DEPENDENCIES:
# the libraries that others link take those of the system.
function(carnet_dep name)
  cmake_parse_arguments(ARG "" "" "SHARED;STATIC" ${ARGN})
  add_library(carnet_dep_${name} INTERFACE)
  set(shared ${ARG_SHARED})
  if(CARNET_STATIC)
    set(wants_shared $<BOOL:$<TARGET_PROPERTY:CARNET_SHARED_DEPENDENCIES>>)
    foreach(library IN LISTS ARG_STATIC)
      target_link_libraries(carnet_dep_${name} INTERFACE $<$<NOT:${wants_shared}>:${library}>)
    endforeach()
    list(TRANSFORM shared REPLACE "(.+)" "$<${wants_shared}:\\1>")
  endif()
  target_link_libraries(carnet_dep_${name} INTERFACE ${shared})
endfunction()

# The .a files by path: Debian's CMake targets of these libraries are the shared ones.
function(carnet_static_archives variable)
  set(archives)
  foreach(name IN LISTS ARGN)
    find_library(CARNET_ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
    list(APPEND archives ${CARNET_ARCHIVE_${name}})
  endforeach()
  set(${variable} ${archives} PARENT_SCOPE)
endfunction()

# fmt where there is no archive of it, as in Debian: its implementation, compiled once. Header-only
# use would cost seconds in each file that formats a message.
function(carnet_fmt_archive)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/fmt.cc CONTENT
"// Made by cmake/dependencies.cmake.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

// format.h declares these two as instantiated elsewhere: here.
template FMT_API auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;

}  // namespace detail
FMT_END_NAMESPACE
")
  add_library(carnet_fmt STATIC ${PROJECT_BINARY_DIR}/fmt.cc)
  target_include_directories(carnet_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
  set_target_properties(carnet_fmt PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

if(CARNET_STATIC)
  carnet_static_archives(CRYPTO_ARCHIVES crypto)
  carnet_static_archives(SODIUM_ARCHIVES sodium)
  carnet_static_archives(UTF8PROC_ARCHIVES utf8proc)
  carnet_static_archives(RE2_ARCHIVES re2)
  carnet_static_archives(CAPNP_ARCHIVES capnp kj)
  carnet_static_archives(ROCKSDB_ARCHIVES rocksdb snappy z bz2 lz4 zstd)
  carnet_static_archives(JSON_ARCHIVES boost_json boost_container)
  carnet_fmt_archive()
endif()
carnet_dep(crypto SHARED OpenSSL::Crypto
  STATIC ${CRYPTO_ARCHIVES} Threads::Threads ${CMAKE_DL_LIBS})
carnet_dep(sodium SHARED PkgConfig::CARNET_SODIUM STATIC ${SODIUM_ARCHIVES})
carnet_dep(capnp SHARED CapnProto::capnp STATIC ${CAPNP_ARCHIVES} Threads::Threads)
carnet_dep(rocksdb SHARED RocksDB::rocksdb-shared
  STATIC ${ROCKSDB_ARCHIVES} Threads::Threads ${CMAKE_DL_LIBS})
carnet_dep(json SHARED boost_json boost_container STATIC ${JSON_ARCHIVES})
carnet_dep(utf8proc SHARED PkgConfig::CARNET_UTF8PROC STATIC ${UTF8PROC_ARCHIVES})
carnet_dep(re2 SHARED PkgConfig::CARNET_RE2 STATIC ${RE2_ARCHIVES} Threads::Threads)
add_library(carnet_dep_pkcs11 INTERFACE)
target_include_directories(carnet_dep_pkcs11 SYSTEM INTERFACE ${CARNET_P11KIT_INCLUDE_DIRS})
add_library(carnet_dep_curl INTERFACE)
target_include_directories(carnet_dep_curl SYSTEM INTERFACE ${CARNET_CURL_INCLUDE_DIRS})
carnet_dep(fmt SHARED fmt::fmt STATIC carnet_fmt)
