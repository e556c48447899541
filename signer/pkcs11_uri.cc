#include "signer/pkcs11_uri.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/ascii.h"
#include "core/decimal.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "signer/key_place.h"

namespace carnet::signer {
namespace {

// RFC 7512 2.3: what may stand in a value as it is.
constexpr std::string_view kPlain = "-._~:[]@!$'()*+,=";
constexpr std::string_view kPlainInPath = "&";
constexpr std::string_view kPlainInQuery = "/?|";

constexpr std::string_view kFileScheme = "file:";

struct Attribute {
  std::string_view name;
  std::string value;
};

Result<std::string> DecodePercent(std::string_view name, std::string_view text,
                                  std::string_view also_plain) {
  std::string value;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%') {
      std::array<uint8_t, 1> byte{};
      if (!HexDecodeInto(Lowered(text.substr(at + 1, 2)), byte)) {
        return Malformed(fmt::format("{}: expected two hex digits after %", name));
      }
      value += static_cast<char>(byte[0]);
      at += 2;
      continue;
    }
    const bool plain = IsLetterOrDigit(c) || kPlain.find(c) != kPlain.npos ||
                       also_plain.find(c) != also_plain.npos;
    if (!plain) {
      return Malformed(
          fmt::format("{}: {} must be percent-encoded", name, Quoted(std::string_view(&c, 1))));
    }
    value += c;
  }
  return value;
}

Result<std::vector<Attribute>> Split(std::string_view part, char separator,
                                     std::string_view also_plain) {
  std::vector<Attribute> attributes;
  for (size_t begin = 0; begin <= part.size();) {
    const size_t end = std::min(part.find(separator, begin), part.size());
    const std::string_view text = part.substr(begin, end - begin);
    const size_t equals = text.find('=');
    if (equals == text.npos || equals + 1 == text.size()) {
      return Malformed(fmt::format("expected name=value, found {}", Quoted(text)));
    }
    const std::string_view name = text.substr(0, equals);
    const bool known_already = std::any_of(attributes.begin(), attributes.end(),
                                           [&](const Attribute& a) { return a.name == name; });
    if (known_already) return Malformed(fmt::format("{} is given twice", Printable(name)));
    CARNET_TRY(std::string value,
               DecodePercent(Printable(name), text.substr(equals + 1), also_plain));
    attributes.push_back({name, std::move(value)});
    begin = end + 1;
  }
  return attributes;
}

Error NotTaken(std::string_view name, std::string_view taken) {
  return Unsupported(fmt::format("{} is not supported; these are: {}", Printable(name), taken));
}

Result<> CheckText(const Attribute& attribute) {
  if (IsValidUtf8(attribute.value) && !FindForbiddenCharacter(attribute.value)) return Ok();
  return Malformed(std::string(attribute.name) +
                   ": must be UTF-8 without control or invisible characters");
}

Result<> TakeText(const Attribute& attribute, std::string& to) {
  CARNET_TRY_VOID(CheckText(attribute));
  to = attribute.value;
  return Ok();
}

Result<> TakeOfPath(const Attribute& attribute, Pkcs11Uri& uri) {
  const std::string_view name = attribute.name;
  if (name == "token") return TakeText(attribute, uri.token);
  if (name == "manufacturer") return TakeText(attribute, uri.manufacturer);
  if (name == "model") return TakeText(attribute, uri.model);
  if (name == "serial") return TakeText(attribute, uri.serial);
  if (name == "object") return TakeText(attribute, uri.object);
  if (name == "id") {
    uri.id = ToBytes(AsBytes(attribute.value));
    return Ok();
  }
  if (name == "slot-id") {
    uri.slot_id = ParseDecimalU64(attribute.value);
    return uri.slot_id ? Ok() : Result<>(Malformed("slot-id: must be a decimal number"));
  }
  if (name == "type") {
    if (attribute.value == "private") return Ok();
    return Unsupported("type: must be private, as this is the key that signs");
  }
  return NotTaken(name, "token, manufacturer, model, serial, slot-id, object, id, type=private");
}

Result<> TakePinSource(const Attribute& attribute, Pkcs11Uri& uri) {
  CARNET_TRY_VOID(CheckText(attribute));
  std::string_view path = attribute.value;
  if (path.starts_with(kFileScheme)) path.remove_prefix(kFileScheme.size());
  if (path.starts_with("//")) path.remove_prefix(2);
  if (!path.starts_with('/')) {
    return Unsupported("pin-source: must be file: and an absolute path");
  }
  uri.pin_file = path;
  return Ok();
}

Result<> TakeModulePath(const Attribute& attribute, Pkcs11Uri& uri) {
  if (!attribute.value.starts_with('/')) return Malformed("module-path: must be an absolute path");
  return TakeText(attribute, uri.module_path);
}

Result<> TakeModuleName(const Attribute& attribute, Pkcs11Uri& uri) {
  // A slash would make the loader take a file of the working directory.
  if (attribute.value.find('/') != std::string::npos) {
    return Malformed("module-name: must be a name; for a path: module-path");
  }
  return TakeText(attribute, uri.module_name);
}

Result<> TakeOfQuery(const Attribute& attribute, Pkcs11Uri& uri) {
  const std::string_view name = attribute.name;
  if (name == "pin-source") return TakePinSource(attribute, uri);
  if (name == "module-path") return TakeModulePath(attribute, uri);
  if (name == "module-name") return TakeModuleName(attribute, uri);
  if (name == "pin-value") {
    return Rejected(
        "pin-value: everybody can read it in the list of processes; give the PIN in CARNET_PIN, in "
        "a file by pin-source, or when asked");
  }
  return NotTaken(name, "module-path, module-name, pin-source");
}

Result<> CheckComplete(const Pkcs11Uri& uri) {
  if (uri.object.empty() && uri.id.empty()) {
    return Malformed("which key is not said: give object=… or id=…");
  }
  if (uri.module_path.empty() == uri.module_name.empty()) {
    return Malformed(
        "the token's module is one of ?module-path=/…/the-module.so and ?module-name=…");
  }
  return Ok();
}

}  // namespace

Result<Pkcs11Uri> ParsePkcs11Uri(std::string_view text) {
  if (text.size() > kMaxUriBytes) {
    return Malformed(fmt::format("larger than {} bytes", kMaxUriBytes));
  }
  if (!text.starts_with(kTokenScheme)) return Malformed("does not begin with pkcs11:");
  text.remove_prefix(kTokenScheme.size());
  const size_t query = text.find('?');
  Pkcs11Uri uri;
  if (query != 0) {
    CARNET_TRY(const auto attributes, Split(text.substr(0, query), ';', kPlainInPath));
    for (const Attribute& attribute : attributes) {
      CARNET_TRY_VOID(TakeOfPath(attribute, uri));
    }
  }
  if (query != text.npos) {
    CARNET_TRY(const auto attributes, Split(text.substr(query + 1), '&', kPlainInQuery));
    for (const Attribute& attribute : attributes) {
      CARNET_TRY_VOID(TakeOfQuery(attribute, uri));
    }
  }
  CARNET_TRY_VOID(CheckComplete(uri));
  return uri;
}

}  // namespace carnet::signer
