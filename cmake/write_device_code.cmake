# cmake -DINPUT=<fat binary> -DOUTPUT=<source> -P write_device_code.cmake
# Writes a source file that defines carnet::gpu::DeviceCode(), the bytes of INPUT.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT
"// Made from gpu/sha256_device.cu by gpu/CMakeLists.txt.
#include \"gpu/device_code.h\"

namespace carnet::gpu {

std::string_view DeviceCode() {
  alignas(16) static constexpr unsigned char kBytes[] = {@bytes@};
  return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};
}

}  // namespace carnet::gpu
")
