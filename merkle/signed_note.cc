#include "merkle/signed_note.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/base64.h"
#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "core/check.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/sha256.h"

namespace carnet::merkle {
namespace {

constexpr uint8_t kEd25519Type = 0x01;                         // do not change
constexpr std::string_view kSignatureStart = "\xe2\x80\x94 ";  // U+2014, space
constexpr std::string_view kSeparator = "\n\n";
constexpr size_t kShortIdBytes = 4;

// Unicode's White_Space beyond ASCII's control characters, which no note holds.
constexpr std::string_view kSpaces[] = {" ",      "\xc2\x85", "\u00a0", "\u1680", "\u2000",
                                        "\u2001", "\u2002",   "\u2003", "\u2004", "\u2005",
                                        "\u2006", "\u2007",   "\u2008", "\u2009", "\u200a",
                                        "\u2028", "\u2029",   "\u202f", "\u205f", "\u3000"};

// What the specification demands of any name, including one that we do not know.
bool IsKeyName(std::string_view name) {
  if (name.empty() || name.find('+') != name.npos) return false;
  return std::none_of(std::begin(kSpaces), std::end(kSpaces),
                      [&](std::string_view space) { return name.find(space) != name.npos; });
}

std::string TypeAndKey(const crypto::Ed25519PublicKey& key) {
  return ByteWriter().U8(kEd25519Type).Append(key.raw()).Take();
}

uint32_t ShortId(const LogId& id) { return ByteReader(id.span()).U32Be().value(); }

bool IsNoteByte(char c) { return c == '\n' || static_cast<uint8_t>(c) >= 0x20; }

// `— <name> <base64>`, without its LF.
Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kSignatureStart)) {
    return Malformed("note: a line after the text is not a signature line");
  }
  line.remove_prefix(kSignatureStart.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsKeyName(line.substr(0, space))) {
    return Malformed("note: bad key name in a signature line");
  }
  const auto blob = Base64Decode(line.substr(space + 1));
  if (!blob || blob->size() <= kShortIdBytes) {
    return Malformed("note: bad base64 in a signature line");
  }
  ByteReader reader(*blob);
  const uint32_t short_id = reader.U32Be().value();
  return NoteSignature{std::string(line.substr(0, space)), short_id,
                       ToBytes(reader.Take(reader.remaining()).value())};
}

bool Claims(const NoteSignature& signature, const NoteKey& key) {
  return key.name() == signature.name && ShortId(key.id()) == signature.short_id;
}

Error SignsAgain(const NoteSignature& signature) {
  return Rejected("note: more than one signature by " + Printable(signature.name));
}

// Before anything is verified: as many lines of a name and short id as known keys have them.
Result<> CheckOneLineEach(const SignedNote& note, std::span<const NoteKey> keys) {
  std::vector<size_t> lines(keys.size());
  for (const NoteSignature& signature : note.signatures) {
    size_t sharing = 0;
    for (const NoteKey& key : keys) sharing += Claims(signature, key) ? 1u : 0u;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (Claims(signature, keys[i]) && ++lines[i] > sharing) return SignsAgain(signature);
    }
  }
  return Ok();
}

}  // namespace

NoteKey::NoteKey(std::string name, const crypto::Ed25519PublicKey& key, const LogId& id)
    : name_(std::move(name)), key_(key), id_(id) {}

Result<> CheckKeyName(std::string_view name) {
  if (name.empty()) return Malformed("key name is empty");
  if (!IsValidUtf8(name)) return Malformed("key name is not UTF-8");
  if (!IsKeyName(name) || FindForbiddenCharacter(name)) {
    return Malformed(fmt::format("key name \"{}\" contains a space, '+' or a control character",
                                 Printable(name)));
  }
  return Ok();
}

Result<NoteKey> NoteKey::Create(std::string name, const crypto::Ed25519PublicKey& key) {
  CARNET_TRY_VOID(CheckKeyName(name));
  const auto id = crypto::Sha256().Update(name).Update("\n").Update(TypeAndKey(key)).Finish();
  return NoteKey(std::move(name), key, Retag<LogId>(id));
}

Result<NoteKey> NoteKey::ParseVkey(std::string_view vkey) {
  const size_t first = vkey.find('+');
  const size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
  if (second == vkey.npos) return Malformed("vkey: must be name+id+key");
  const auto short_id = HexDecode(vkey.substr(first + 1, second - first - 1));
  if (!short_id || short_id->size() != kShortIdBytes) {
    return Malformed("vkey: id is not 8 lowercase hex digits");
  }
  const auto blob = Base64Decode(vkey.substr(second + 1));
  if (!blob || blob->empty()) return Malformed("vkey: bad base64 in the key");
  if (blob->front() != kEd25519Type) {
    return Unsupported(fmt::format("vkey: expected key type 1, Ed25519, found {}", blob->front()));
  }
  CARNET_TRY(const auto key, crypto::Ed25519PublicKey::FromRaw(ByteSpan(*blob).subspan(1)));
  CARNET_TRY(NoteKey note_key, Create(std::string(vkey.substr(0, first)), key));
  if (ByteReader(*short_id).U32Be() != ShortId(note_key.id())) {
    return Malformed("vkey: id does not belong to this name and key");
  }
  return note_key;
}

std::string NoteKey::ToVkey() const {
  return name_ + "+" + HexEncode(id_.span().first(kShortIdBytes)) + "+" +
         Base64Encode(AsBytes(TypeAndKey(key_)));
}

Result<SignedNote> ParseUnverifiedNote(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return Malformed("note: larger than 64 KiB");
  if (!IsValidUtf8(bytes)) return Malformed("note: not UTF-8");
  if (!std::all_of(bytes.begin(), bytes.end(), IsNoteByte)) {
    return Malformed("note: contains a control character");
  }
  const size_t split = bytes.rfind(kSeparator);  // the text may contain empty lines
  if (split == bytes.npos) return Malformed("note: no empty line before the signatures");
  SignedNote note{std::string(bytes.substr(0, split + 1)), {}};
  std::string_view lines = bytes.substr(split + kSeparator.size());
  if (lines.empty()) return Malformed("note: no signature line");
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    if (end == lines.npos) return Malformed("note: last line does not end in LF");
    if (note.signatures.size() == kMaxNoteSignatures) {
      return Malformed("note: more than 100 signature lines");
    }
    CARNET_TRY(NoteSignature signature, ParseSignatureLine(lines.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return note;
}

Result<std::vector<size_t>> VerifyNote(const SignedNote& note, std::span<const NoteKey> keys) {
  CARNET_TRY_VOID(CheckOneLineEach(note, keys));
  std::vector<bool> signed_by(keys.size());
  for (const NoteSignature& signature : note.signatures) {
    bool known = false, good = false;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (!Claims(signature, keys[i])) continue;
      known = true;
      // Two keys may share a short id; the signature must be by one of them.
      if (keys[i].key().Verify(AsBytes(note.text), signature.signature) !=
          crypto::SignatureCheck::kGood) {
        continue;
      }
      if (signed_by[i]) return SignsAgain(signature);
      good = signed_by[i] = true;
    }
    if (known && !good) return Rejected("note: bad signature by " + Printable(signature.name));
  }
  std::vector<size_t> signers;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (signed_by[i]) signers.push_back(i);
  }
  if (signers.empty()) return Rejected("note: no signature by a known key");
  return signers;
}

std::string SignNote(std::string_view text, const NoteKey& key,
                     const crypto::Ed25519PrivateKey& private_key) {
  CARNET_CHECK(text.ends_with('\n'));
  CARNET_CHECK(private_key.public_key() == key.key());
  const auto signature = private_key.Sign(AsBytes(text));
  const std::string blob = ByteWriter().U32Be(ShortId(key.id())).Append(signature.span()).Take();
  std::string note(text);
  note.append("\n").append(kSignatureStart).append(key.name()).append(" ");
  return note.append(Base64Encode(AsBytes(blob))).append("\n");
}

}  // namespace carnet::merkle
