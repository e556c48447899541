#include "schemas/value_codec.h"

#include <array>
#include <string>

#include "core/ascii.h"
#include "core/decimal.h"
#include "core/digests.h"
#include "core/flop.h"
#include "core/hex.h"
#include "core/timestamp.h"
#include "core/utf8.h"
#include "schemas/limits.h"
#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

constexpr size_t kNonceDigits = 32;

capnp::Data::Reader AsData(const Sha256Digest& digest) {
  return {digest.data(), Sha256Digest::kSize};
}

std::string HexOf(capnp::Data::Reader bytes) {
  CARNET_CHECK(bytes.size() == Sha256Digest::kSize);
  return HexEncode({bytes.begin(), bytes.size()});
}

Result<> ReadCount(const FieldPlan& rules, json::Value value, wire::Count::Builder to) {
  std::optional<uint64_t> count;
  if (value.is(json::Type::kNumber)) {
    count = value.AsU64();
    if (!count) return Malformed("not a whole number from 0 to 2^53-1");
    if (*count > kMaxJsonInteger) return Malformed("a count above 2^53-1 must be a decimal string");
  } else if (value.is(json::Type::kString)) {
    count = ParseDecimalU64(value.string());
    if (!count) return Malformed("not a whole number from 0 to 2^64-1");
    if (*count <= kMaxJsonInteger) return Malformed("a count up to 2^53-1 must be a number");
  } else {
    return WrongType("a count", value);
  }
  if (*count > rules.max_value) return Malformed("above " + std::to_string(rules.max_value));
  to.setValue(*count);
  return Ok();
}

void WriteCount(wire::Count::Reader count, json::Writer& writer) {
  if (count.isUndisclosed()) {
    writer.String(kUndisclosed);
  } else if (count.getValue() <= kMaxJsonInteger) {
    writer.Unsigned(count.getValue());
  } else {
    writer.String(std::to_string(count.getValue()));
  }
}

Result<> ReadFlop(json::Value value, wire::FlopAmount::Builder to) {
  if (!value.is(json::Type::kString)) return WrongType("a decimal string", value);
  CARNET_TRY(const Flop flop, Flop::Parse(value.string()));
  SetFlop(to, flop);
  return Ok();
}

void WriteFlop(wire::FlopAmount::Reader amount, json::Writer& writer) {
  if (amount.isUndisclosed()) {
    writer.String(kUndisclosed);
  } else {
    writer.String(FlopOf(amount).ToString());
  }
}

Result<> ReadDigest(json::Value value, wire::Digest::Builder to) {
  if (!value.is(json::Type::kString)) return WrongType("a digest", value);
  const auto digest = HexDecodeTo<Sha256Digest>(value.string());
  if (!digest) return Malformed("not 64 lowercase hex digits");
  to.setBytes(AsData(*digest));
  return Ok();
}

void WriteDigest(wire::Digest::Reader digest, json::Writer& writer) {
  if (digest.isUndisclosed()) {
    writer.String(kUndisclosed);
  } else {
    writer.String(HexOf(digest.getBytes()));
  }
}

Result<> ReadSigner(json::Value value, wire::SignerRef::Builder to) {
  if (!value.is(json::Type::kString)) return WrongType("a signer id", value);
  CARNET_TRY(const SignerId signer, SignerId::Parse(value.string()));
  SetSigner(to, signer);
  return Ok();
}

void WriteSigner(wire::SignerRef::Reader signer, json::Writer& writer) {
  writer.String(SignerIdOf(signer).ToString());
}

Result<> CheckNonce(std::string_view text) {
  if (std::array<uint8_t, kNonceDigits / 2> bytes; HexDecodeInto(text, bytes)) return Ok();
  return Malformed("not 32 lowercase hex digits");
}

Result<> ReadNonce(json::Value value, wire::Nonce::Builder to) {
  if (!value.is(json::Type::kString)) return WrongType("a nonce", value);
  const std::string_view text = value.string();
  CARNET_TRY_VOID(CheckNonce(text));
  std::copy(text.begin(), text.end(), to.initText(kNonceDigits).begin());
  return Ok();
}

Result<> ReadTime(json::Value value, wire::Time::Builder to) {
  if (!value.is(json::Type::kString)) return WrongType("a time", value);
  CARNET_TRY(const TimestampMs time, ParseTimestamp(value.string()));
  to.setMs(time.value());
  return Ok();
}

Result<> CheckDigest(capnp::Data::Reader bytes) {
  if (bytes.size() == Sha256Digest::kSize) return Ok();
  return Malformed("not " + std::to_string(Sha256Digest::kSize) + " bytes");
}

Result<> ReadFlag(json::Value value, wire::Flag::Builder to) {
  if (!value.is(json::Type::kBool)) return WrongType("true or false", value);
  to.setValue(value.boolean());
  return Ok();
}

// Where a line contains what S4 forbids; LF only separates lines where `lines` is set.
std::optional<size_t> ForbiddenAt(std::string_view text, bool lines) {
  size_t begin = 0;
  while (lines) {
    const size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    if (const auto at = FindForbiddenCharacter(text.substr(begin, end - begin))) return begin + *at;
    begin = end + 1;
  }
  if (const auto at = FindForbiddenCharacter(text.substr(begin))) return begin + *at;
  return std::nullopt;
}

// "Undisclosed." would count as stated: whatever has the letters of that word and no others.
bool IsMisspeltUndisclosed(std::string_view text) {
  if (text == kUndisclosed) return false;
  std::string letters;
  for (const char c : text) {
    if (IsLetterOrDigit(c) && !IsDigit(c)) letters += Lowered(c);
  }
  return letters == kUndisclosed;
}

}  // namespace

bool IsUndisclosed(json::Value value) {
  return value.is(json::Type::kString) && value.string() == kUndisclosed;
}

Error WrongType(std::string_view expected, json::Value found) {
  return Malformed("expected " + std::string(expected) + ", found " +
                   std::string(json::TypeName(found.type())));
}

Result<std::string_view> ReadText(const FieldPlan& rules, json::Value value) {
  if (!value.is(json::Type::kString)) return WrongType("a string", value);
  CARNET_TRY_VOID(CheckText(rules, value.string()));
  return value.string();
}

Result<> CheckText(const FieldPlan& rules, std::string_view text) {
  const size_t limit = rules.multi_line ? kMaxMultiLineBytes : kMaxTextBytes;
  if (text.size() > limit) return Malformed("longer than " + std::to_string(limit) + " bytes");
  if (const auto at = ForbiddenAt(text, rules.multi_line)) {
    return Malformed("control or invisible character at byte " + std::to_string(*at));
  }
  if (rules.not_empty && IsBlank(text)) return Malformed("empty");
  if (rules.undisclosable && IsMisspeltUndisclosed(text)) {
    return Malformed("must be spelt \"undisclosed\"");
  }
  return Ok();
}

Result<> ReadValue(const FieldPlan& rules, Form form, json::Value value,
                   capnp::AnyStruct::Builder to) {
  switch (form) {
    case Form::kCount:
      return ReadCount(rules, value, to.as<wire::Count>());
    case Form::kFlop:
      return ReadFlop(value, to.as<wire::FlopAmount>());
    case Form::kDigest:
      return ReadDigest(value, to.as<wire::Digest>());
    case Form::kSigner:
      return ReadSigner(value, to.as<wire::SignerRef>());
    case Form::kNonce:
      return ReadNonce(value, to.as<wire::Nonce>());
    case Form::kTime:
      return ReadTime(value, to.as<wire::Time>());
    case Form::kFlag:
      return ReadFlag(value, to.as<wire::Flag>());
    case Form::kText:
    case Form::kEnum:
    case Form::kList:
    case Form::kObject:
    case Form::kVariant:
      break;
  }
  CARNET_CHECK(false);
}

void WriteValue(Form form, capnp::DynamicStruct::Reader value, json::Writer& writer) {
  switch (form) {
    case Form::kCount:
      return WriteCount(value.as<wire::Count>(), writer);
    case Form::kFlop:
      return WriteFlop(value.as<wire::FlopAmount>(), writer);
    case Form::kDigest:
      return WriteDigest(value.as<wire::Digest>(), writer);
    case Form::kSigner:
      return WriteSigner(value.as<wire::SignerRef>(), writer);
    case Form::kNonce:
      writer.String(TextOf(value.as<wire::Nonce>().getText()));
      return;
    case Form::kTime:
      writer.String(FormatTimestamp(TimeOf(value.as<wire::Time>())));
      return;
    case Form::kFlag:
      writer.Bool(value.as<wire::Flag>().getValue());
      return;
    case Form::kText:
    case Form::kEnum:
    case Form::kList:
    case Form::kObject:
    case Form::kVariant:
      break;
  }
  CARNET_CHECK(false);
}

Result<> CheckValue(const FieldPlan& rules, Form form, capnp::DynamicStruct::Reader value) {
  switch (form) {
    case Form::kCount:
      if (value.as<wire::Count>().getValue() <= rules.max_value) return Ok();
      return Malformed("above " + std::to_string(rules.max_value));
    case Form::kDigest:
      return CheckDigest(value.as<wire::Digest>().getBytes());
    case Form::kSigner: {
      const auto bytes = value.as<wire::SignerRef>().getBytes();
      if (SignerId::Decode({bytes.begin(), bytes.size()})) return Ok();
      return Malformed("not a signer id");
    }
    case Form::kNonce:
      return CheckNonce(TextOf(value.as<wire::Nonce>().getText()));
    case Form::kTime: {  // that can be spelt, and is read back as itself
      const TimestampMs time = TimeOf(value.as<wire::Time>());
      const auto read = ParseTimestamp(FormatTimestamp(time));
      if (read.has_value() && *read == time) return Ok();
      return Malformed("not a time before the year 10000");
    }
    case Form::kFlop:  // every number
    case Form::kFlag:
      return Ok();
    case Form::kText:
    case Form::kEnum:
    case Form::kList:
    case Form::kObject:
    case Form::kVariant:
      break;
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::schemas
