# Third-party libraries, each under a carnet_dep_* target. Shared in development, static in the
# release binary, which is to work when dropped in alone.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CapnProto REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)

function(carnet_dep name)
  add_library(carnet_dep_${name} INTERFACE)
  target_link_libraries(carnet_dep_${name} INTERFACE ${ARGN})
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
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/fmt.cc CONTENT
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
  add_library(carnet_dep_fmt STATIC ${CMAKE_BINARY_DIR}/fmt.cc)
  target_include_directories(carnet_dep_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
  set_target_properties(carnet_dep_fmt PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

if(CARNET_STATIC)
  carnet_static_archives(CRYPTO_ARCHIVES crypto)
  carnet_static_archives(SODIUM_ARCHIVES sodium)
  carnet_static_archives(UTF8PROC_ARCHIVES utf8proc)
  carnet_static_archives(CAPNP_ARCHIVES capnp kj)
  carnet_static_archives(ROCKSDB_ARCHIVES rocksdb snappy z bz2 lz4 zstd)
  carnet_static_archives(JSON_ARCHIVES boost_json boost_container)
  carnet_dep(crypto ${CRYPTO_ARCHIVES} Threads::Threads ${CMAKE_DL_LIBS})
  carnet_dep(sodium ${SODIUM_ARCHIVES})
  carnet_dep(utf8proc ${UTF8PROC_ARCHIVES})
  carnet_dep(capnp ${CAPNP_ARCHIVES} Threads::Threads)
  carnet_dep(rocksdb ${ROCKSDB_ARCHIVES} Threads::Threads ${CMAKE_DL_LIBS})
  carnet_dep(json ${JSON_ARCHIVES})
  carnet_fmt_archive()
else()
  carnet_dep(crypto OpenSSL::Crypto)
  carnet_dep(sodium PkgConfig::SODIUM)
  carnet_dep(utf8proc PkgConfig::UTF8PROC)
  carnet_dep(capnp CapnProto::capnp)
  carnet_dep(rocksdb RocksDB::rocksdb-shared)
  carnet_dep(json boost_json boost_container)
  carnet_dep(fmt fmt::fmt)
endif()
