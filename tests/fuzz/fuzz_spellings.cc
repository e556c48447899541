// Numbers, times and encoded bytes have one spelling each: what is read is written as the same
// text. Any bytes can be printed.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/decimal.h"
#include "core/file_path.h"
#include "core/flop.h"
#include "core/hex.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "core/utf8.h"

using namespace carnet;

namespace {

void CheckNumbers(std::string_view text) {
  const auto number = ParseDecimalU64(text);
  if (number) CARNET_CHECK(std::to_string(*number) == text);
  const auto flop = Flop::Parse(text);
  if (flop) CARNET_CHECK(flop->ToString() == text);
  CARNET_CHECK(!number || flop.has_value());
}

void CheckTimes(std::string_view text) {
  if (const auto time = ParseTimestamp(text)) CARNET_CHECK(FormatTimestamp(*time) == text);
  if (const auto date = ParseDate(text)) {
    CARNET_CHECK(FormatTimestamp(*date) == std::string(text) + "T00:00:00.000Z");
  }
  if (const auto time = ParseRfc3339(text)) {
    CARNET_CHECK(ParseTimestamp(FormatTimestamp(*time)).value() == *time);
  }
}

void CheckSigners(std::string_view text) {
  if (const auto signer = SignerId::Parse(text)) {
    CARNET_CHECK(signer->ToString() == text);
    CARNET_CHECK(SignerId::Decode(signer->encoded()) == *signer);
  }
  if (const auto signer = SignerId::Decode(AsBytes(text))) {
    CARNET_CHECK(AsText(signer->encoded()) == text);
    CARNET_CHECK(SignerId::Parse(signer->ToString()).value() == *signer);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = AsText({data, size});
  CheckNumbers(text);
  CheckTimes(text);
  CheckSigners(text);
  if (const auto bytes = HexDecode(text)) CARNET_CHECK(HexEncode(*bytes) == text);
  if (const auto bytes = Base64Decode(text)) CARNET_CHECK(Base64Encode(*bytes) == text);
  const std::string printable = Printable(text);
  CARNET_CHECK(IsValidUtf8(printable) && !FindForbiddenCharacter(printable));
  if (CheckFilePath(text)) CARNET_CHECK(text.size() > 80 || printable == text);
  return 0;
}
