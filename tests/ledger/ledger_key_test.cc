// That a plain key leaves nothing behind in this process's memory.
#include "ledger/ledger_key.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "core/file.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::test;

namespace {

constexpr uint8_t kMask = 0x5a;  // so that the search does not find what it searches for
using Masked = std::vector<uint8_t>;

// 48 bytes from the middle of a key file, most of them the key in base64.
Masked NeedleFrom(const std::string& path) {
  constexpr size_t kBeforeTheKey = 60;  // label, algorithm
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  Masked needle(48);
  BOOST_REQUIRE_EQUAL(::pread(file.get(), needle.data(), needle.size(), kBeforeTheKey), 48);
  for (uint8_t& byte : needle) byte ^= kMask;
  return needle;
}

bool HasNeedle(const std::vector<uint8_t>& memory, const Masked& needle) {
  const auto same = [](uint8_t plain, uint8_t masked) { return (plain ^ kMask) == masked; };
  return std::search(memory.begin(), memory.end(), needle.begin(), needle.end(), same) !=
         memory.end();
}

// Whether any writable page of this process has it. Larger mappings are a sanitizer's shadow.
bool IsInMemory(const Masked& needle) {
  constexpr uint64_t kLargest = uint64_t{64} << 20;
  const FileDescriptor memory(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t from = 0, to = 0;
    std::array<char, 5> rights{};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights.data()) != 3) continue;
    if (rights[0] != 'r' || rights[1] != 'w' || to - from > kLargest) continue;
    std::vector<uint8_t> content(to - from);
    const ssize_t got =
        ::pread(memory.get(), content.data(), content.size(), static_cast<off_t>(from));
    if (got > 0 && HasNeedle(content, needle)) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_key)

BOOST_AUTO_TEST_CASE(the_text_of_a_plain_key_is_wiped_after_writing_and_reading,
                     *LongOnOneThread()) {
  const ScratchFolder folder;
  const std::string path = folder / "key.pem";
  BOOST_REQUIRE(
      ledger::WriteLedgerKey(path, crypto::Ed25519PrivateKey::Generate(), nullptr).has_value());
  const Masked needle = NeedleFrom(path);
  BOOST_CHECK(!IsInMemory(needle));
  BOOST_REQUIRE(ledger::ReadLedgerKey(path, nullptr).has_value());
  BOOST_CHECK(!IsInMemory(needle));
  const auto kept = ReadFile(path, 10'000);  // the search does find it
  BOOST_REQUIRE(kept.has_value());
  BOOST_CHECK(IsInMemory(needle));
}

BOOST_AUTO_TEST_SUITE_END()
