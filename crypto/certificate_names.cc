#include "crypto/certificate_names.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "core/check.h"
#include "core/utf8.h"
#include "crypto/openssl_error.h"

namespace carnet::crypto {
namespace {

constexpr size_t kMaxNameText = 200;

ByteSpan BytesOf(const ASN1_STRING& text) {
  return {ASN1_STRING_get0_data(&text), static_cast<size_t>(ASN1_STRING_length(&text))};
}

bool IsPlainText(std::string_view text) {
  return IsValidUtf8(text) && !FindForbiddenCharacter(text);
}

// Whether OpenSSL can write it as UTF-8, whatever kind of string it is.
bool IsPlainString(const ASN1_STRING& value) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, &value);
  if (size < 0) return false;
  const bool plain = IsPlainText(AsText({utf8, static_cast<size_t>(size)}));
  OPENSSL_free(utf8);
  return plain;
}

Result<AlternativeName> CheckedAlternative(AlternativeNameForm form, std::string type,
                                           const ASN1_STRING& value) {
  const std::string_view text = AsText(BytesOf(value));
  const bool ascii = form == AlternativeNameForm::kOtherName ||
                     text.find_first_not_of(
                         "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTU"
                         "VWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~ ") == std::string_view::npos;
  if (text.empty() || !ascii || !IsPlainText(text)) {
    return Malformed("subject alternative name " + Quoted(text) + " is not plain text");
  }
  return AlternativeName{form, std::move(type), std::string(text)};
}

// Absent for a form that is left out.
Result<std::optional<AlternativeName>> ReadAlternative(const GENERAL_NAME& name) {
  const auto checked = [](auto form, std::string type,
                          const ASN1_STRING& value) -> Result<std::optional<AlternativeName>> {
    CARNET_TRY(auto read, CheckedAlternative(form, std::move(type), value));
    return std::optional(std::move(read));
  };
  switch (name.type) {
    case GEN_EMAIL:
      return checked(AlternativeNameForm::kEmail, "", *name.d.rfc822Name);
    case GEN_DNS:
      return checked(AlternativeNameForm::kDns, "", *name.d.dNSName);
    case GEN_URI:
      return checked(AlternativeNameForm::kUri, "", *name.d.uniformResourceIdentifier);
    case GEN_OTHERNAME:
      break;
    default:
      return std::optional<AlternativeName>();
  }
  const ASN1_TYPE* value = name.d.otherName->value;
  const auto type = DottedOid(*name.d.otherName->type_id);
  if (value == nullptr || value->type != V_ASN1_UTF8STRING || !type) {
    return std::optional<AlternativeName>();
  }
  return checked(AlternativeNameForm::kOtherName, *type, *value->value.utf8string);
}

}  // namespace

std::optional<std::string> DottedOid(const ASN1_OBJECT& object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), text.size(), &object, 1);
  if (size <= 0 || static_cast<size_t>(size) >= text.size()) return std::nullopt;
  return text.data();
}

Result<> CheckName(const X509_NAME& name, std::string_view which) {
  for (int i = 0; i < X509_NAME_entry_count(&name); ++i) {
    if (!IsPlainString(*X509_NAME_ENTRY_get_data(X509_NAME_get_entry(&name, i)))) {
      DiscardOpenSslErrors();
      return Malformed(fmt::format("{} name has a part that is not plain text", which));
    }
  }
  return Ok();
}

std::string NameText(const X509_NAME& name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  CARNET_CHECK(out != nullptr);
  X509_NAME_print_ex(out.get(), &name, 0, XN_FLAG_RFC2253 & ~unsigned{ASN1_STRFLGS_ESC_MSB});
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return Printable({text, static_cast<size_t>(size)}, kMaxNameText);
}

Result<AlternativeNames> ReadAlternativeNames(const X509& certificate) {
  int critical = 0;
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, &critical, nullptr)));
  if (names == nullptr && critical == -1) return AlternativeNames{};
  if (names == nullptr) {
    return OpenSslError(ErrorCode::kMalformed, "subject alternative names");
  }
  AlternativeNames read{{}, static_cast<size_t>(sk_GENERAL_NAME_num(names.get())), critical == 1};
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    CARNET_TRY(auto one, ReadAlternative(*sk_GENERAL_NAME_value(names.get(), i)));
    if (one) read.names.push_back(*std::move(one));
  }
  return read;
}

Result<std::string> ReadUtf8String(ByteSpan der) {
  const uint8_t* at = der.data();
  const StringPtr text(d2i_ASN1_UTF8STRING(nullptr, &at, static_cast<long>(der.size())));
  DiscardOpenSslErrors();
  if (text == nullptr) return Malformed("expected a DER UTF8String");
  uint8_t* encoded = nullptr;
  const int size = i2d_ASN1_UTF8STRING(text.get(), &encoded);
  const bool same = size >= 0 && ToBytes(der) == Bytes(encoded, encoded + size);
  OPENSSL_free(encoded);
  if (!same) return Malformed("UTF8String is not DER, or has trailing bytes");
  const std::string_view content = AsText(BytesOf(*text));
  if (!IsPlainText(content)) return Malformed("UTF8String " + Quoted(content) + " is not plain");
  return std::string(content);
}

}  // namespace carnet::crypto
