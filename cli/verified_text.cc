#include "cli/verified_text.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

using sigstore::CertificateIdentity;
using verifier::bundle::VerifiedBundle;

std::string BundleSignerText(const VerifiedBundle& verified) {
  if (const auto* key = std::get_if<KeyId>(&verified.signer)) {
    return "key:" + HexEncode(key->span());
  }
  const auto& identity = std::get<CertificateIdentity>(verified.signer);
  return fmt::format("{}, as {} says", WholeText(identity.san), WholeText(identity.issuer));
}

std::string PositionText(const verifier::bundle::LoggedAt& position) {
  if (position.tree_size == 0)
    return fmt::format("{}, entry {}, promised", position.log, position.index);
  return fmt::format("{}, entry {}, in a tree of {}", position.log, position.index,
                     position.tree_size);
}

void WriteBundleSigner(const VerifiedBundle& verified, json::Writer& writer) {
  writer.Key("signer").BeginObject();
  if (const auto* key = std::get_if<KeyId>(&verified.signer)) {
    writer.Member("key", HexEncode(key->span()));
  } else {
    const auto& identity = std::get<CertificateIdentity>(verified.signer);
    writer.Member("identity", WholeText(identity.san));
    writer.Member("issuer", WholeText(identity.issuer));
  }
  writer.EndObject();
}

}  // namespace

std::string WholeText(std::string_view text) { return Printable(text, 8 * text.size() + 1); }

std::string ResultRow(std::string_view name, std::string_view value) {
  return fmt::format("{:<12}{}\n", name, value);
}

std::string VerifiedRows(const VerifiedBundle& verified) {
  std::string text = ResultRow("signer", BundleSignerText(verified));
  if (verified.statement) {
    text += ResultRow("statement", WholeText(verified.statement->predicate_type));
  }
  for (const auto& time : verified.times) {
    text += ResultRow("time", fmt::format("{}, {}", FormatTimestamp(time.time), time.source));
  }
  for (const auto& position : verified.positions) text += ResultRow("log", PositionText(position));
  return text;
}

void WriteVerified(const VerifiedBundle& verified, json::Writer& writer) {
  WriteBundleSigner(verified, writer);
  if (verified.statement) {
    writer.Member("predicate_type", WholeText(verified.statement->predicate_type));
  }
  writer.Key("times").BeginArray();
  for (const auto& time : verified.times) {
    writer.BeginObject().Member("time", FormatTimestamp(time.time));
    writer.Member("source", time.source).EndObject();
  }
  writer.EndArray().Key("log").BeginArray();
  for (const auto& position : verified.positions) {
    writer.BeginObject().Member("log", position.log).Member("index", position.index);
    if (position.tree_size != 0) writer.Member("tree_size", position.tree_size);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace carnet::cli
