#include <fmt/core.h>

#include <array>

#include "cli/command.h"
#include "cli/quantity_text.h"
#include "cli/read_input.h"
#include "core/hex.h"
#include "core/signer_id.h"
#include "core/utf8.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "json/writer.h"
#include "merkle/add_checkpoint.h"
#include "merkle/checkpoint.h"
#include "merkle/tlog_proof.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "sigstore/bundle.h"
#include "sigstore/hashedrekord.h"
#include "sigstore/key_file.h"
#include "sigstore/signer_certificate.h"
#include "sigstore/statement.h"
#include "sigstore/trusted_root.h"

namespace carnet::cli {
namespace {

// What was found, as names and values in the order in which they are printed.
using Facts = std::vector<std::pair<std::string, std::string>>;

void AddVerdict(const schemas::Predicate& predicate, Facts& facts) {
  using schemas::TextOf;
  const auto verdict = schemas::ReaderOf<wire::Verdict>(predicate);
  facts.emplace_back("verifier", Printable(TextOf(verdict.getVerifier().getId())));
  facts.emplace_back("result", Printable(TextOf(verdict.getVerificationResult())));
  for (const auto level : verdict.getVerifiedLevels()) {
    facts.emplace_back("level", Printable(TextOf(level)));
  }
  facts.emplace_back("policy", Printable(TextOf(verdict.getPolicy().getUri())));
  for (const auto policy : verdict.getCarnetIncluded()) {
    facts.emplace_back("policy", Printable(TextOf(policy.getUri())) + " (included)");
  }
  for (const auto chips : verdict.getCarnetChips()) {
    facts.emplace_back("chips", Printable(TextOf(chips.getUri())));
  }
  facts.emplace_back("at", FormatTimestamp(schemas::TimeOf(verdict.getTimeVerified())));
}

void AddStatement(const sigstore::Bundle& bundle, Facts& facts) {
  facts.emplace_back("statement",
                     HexEncode(sigstore::StatementIdOf(bundle.envelope.payload).span()));
  if (bundle.envelope.payload_type != sigstore::kInTotoPayloadType) {
    facts.emplace_back("payload", Printable(bundle.envelope.payload_type));
    return;
  }
  const auto read = sigstore::ReadStatement(bundle.envelope.payload);
  if (const auto* error = std::get_if<sigstore::StatementError>(&read)) {
    facts.emplace_back("payload", "not a Carnet statement: " + error->message);
    return;
  }
  const auto& statement = std::get<sigstore::Statement>(read);
  facts.emplace_back("kind", schemas::KindName(statement.predicate.kind()));
  if (const auto head = statement.predicate.head()) {
    facts.emplace_back("signer", head->signer.ToString() + " (self-declared)");
    facts.emplace_back("ledger", HexEncode(head->ledger.span()));
    facts.emplace_back("created", FormatTimestamp(head->created) + " (self-declared)");
  }
  if (statement.predicate.kind() == schemas::Kind::kVerdict) {
    AddVerdict(statement.predicate, facts);
  }
  for (const schemas::Subject& subject : statement.subjects) {
    facts.emplace_back("subject",
                       Printable(subject.name) + " sha256:" + HexEncode(subject.digest.span()));
  }
}

Facts BundleFacts(const sigstore::Bundle& bundle) {
  Facts facts = {{"file", "bundle v0.3, one attestation"}};
  if (const auto* key = std::get_if<sigstore::PublicKeyHint>(&bundle.material)) {
    facts.emplace_back("key hint", Printable(key->hint));
  } else {
    const auto& der = std::get<sigstore::Certificate>(bundle.material).der;
    const auto signer = sigstore::ReadSignerCertificate(der);
    facts.emplace_back("certificate",
                       signer ? fmt::format("of {}, as {} says", Printable(signer->identity.san),
                                            Printable(signer->identity.issuer))
                              : Printable(signer.error().message));
  }
  if (!bundle.timestamps.empty())
    facts.emplace_back("time stamps", std::to_string(bundle.timestamps.size()) + ", not judged");
  AddStatement(bundle, facts);
  for (const sigstore::LogEntry& entry : bundle.entries) {
    facts.emplace_back("log entry",
                       fmt::format("index {} in tree size {}, log {}", entry.log_index,
                                   entry.proof_tree_size, HexEncode(entry.log_id.span())));
  }
  if (bundle.entries.empty()) facts.emplace_back("log entry", "none");
  return facts;
}

Result<Facts> PassportFacts(std::string_view text) {
  Facts facts;
  size_t lines = 0;
  std::array<size_t, schemas::kKinds.size()> counts{};
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const auto bundle = sigstore::ReadBundle(text.substr(0, end));
    ++lines;
    if (!bundle) return bundle.error().In("line " + std::to_string(lines));
    const auto read = sigstore::ReadStatement(bundle->envelope.payload);
    if (const auto* statement = std::get_if<sigstore::Statement>(&read)) {
      ++counts[static_cast<size_t>(statement->predicate.kind())];
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  facts.emplace_back("file", "passport, " + GroupedText(lines) + " attestations");
  for (const schemas::KindRow& row : schemas::kKinds) {
    const size_t count = counts[static_cast<size_t>(row.kind)];
    if (count > 0) facts.emplace_back(row.name, std::to_string(count));
  }
  return facts;
}

Result<Facts> NoteFacts(std::string_view text) {
  CARNET_TRY(const merkle::SignedNote note, merkle::ParseUnverifiedNote(text));
  Facts facts = {{"file", "signed note"}};
  const auto checkpoint = merkle::ParseUnverifiedCheckpoint(note.text);
  if (checkpoint) {
    facts = {{"file", "checkpoint"},
             {"origin", Printable(checkpoint->origin)},
             {"tree size", std::to_string(checkpoint->size.value())},
             {"root", HexEncode(checkpoint->root.span())}};
  }
  for (const merkle::NoteSignature& signature : note.signatures) {
    facts.emplace_back("signature", "by " + Printable(signature.name));
  }
  return facts;
}

Result<Facts> ProofFacts(std::string_view text) {
  CARNET_TRY(const merkle::TlogProof proof, merkle::ParseTlogProof(text));
  Facts facts = {{"file", "proof of inclusion (C2SP tlog-proof)"},
                 {"index", std::to_string(proof.index.value())},
                 {"hashes", std::to_string(proof.proof.hashes.size())}};
  if (const auto leaf = sigstore::ReadHashedRekord(AsText(proof.extra)))
    facts.emplace_back("statement", HexEncode(leaf->statement.span()));
  CARNET_TRY(Facts head, NoteFacts(proof.checkpoint));
  head.erase(head.begin());
  facts.insert(facts.end(), head.begin(), head.end());
  return facts;
}

Result<Facts> ConsistencyFacts(std::string_view text) {
  CARNET_TRY(const merkle::AddCheckpoint body, merkle::ParseAddCheckpoint(text));
  Facts facts = {{"file", "proof of consistency (C2SP tlog-witness)"},
                 {"older size", std::to_string(body.old_size.value())},
                 {"hashes", std::to_string(body.proof.hashes.size())}};
  CARNET_TRY(Facts head, NoteFacts(body.checkpoint));
  head.erase(head.begin());
  facts.insert(facts.end(), head.begin(), head.end());
  return facts;
}

Result<Facts> PemFacts(std::string_view text) {
  if (text.find("PUBLIC KEY") != std::string_view::npos) {
    CARNET_TRY(const Bytes spki, sigstore::ReadPublicKey(text));
    const auto p256 = crypto::P256PublicKey::ParseSpki(spki);
    if (p256) {
      return Facts{{"file", "public key, ECDSA P-256"},
                   {"key id", SignerId(p256->id()).ToString()}};
    }
    const auto ed25519 = crypto::Ed25519PublicKey::ParseSpki(spki);
    if (ed25519) return Facts{{"file", "public key, Ed25519"}};
    return p256.error();
  }
  CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(text));
  switch (form) {
    case sigstore::KeyFileForm::kCosign:
      return Facts{{"file", "private key, encrypted in cosign's format"}};
    case sigstore::KeyFileForm::kEncryptedPkcs8:
      return Facts{{"file", "private key, PKCS#8, encrypted"}};
    case sigstore::KeyFileForm::kPkcs8:
      return Facts{{"file", "private key, PKCS#8, NOT encrypted"}};
    case sigstore::KeyFileForm::kSec1:
      return Facts{{"file", "private key, SEC 1, NOT encrypted"}};
    case sigstore::KeyFileForm::kEncryptedSec1:
      return Facts{{"file", "private key, SEC 1, encrypted"}};
  }
  CARNET_CHECK(false);
}

Result<Facts> TrustedRootFacts(std::string_view text) {
  CARNET_TRY(const sigstore::TrustedRoot root, sigstore::ReadTrustedRoot(text));
  Facts facts = {{"file", "trusted root"}};
  for (const sigstore::TrustedLog& log : root.logs) {
    facts.emplace_back("log", Printable(log.key.name()) + " " + HexEncode(log.key.id().span()));
  }
  return facts;
}

Result<Facts> Recognise(std::string_view text) {
  if (text.find("-----BEGIN ") != std::string_view::npos && !text.starts_with("{")) {
    return PemFacts(text);
  }
  if (text.starts_with("c2sp.org/tlog-proof@")) return ProofFacts(text);
  if (text.starts_with("old ") && merkle::ParseAddCheckpoint(text)) return ConsistencyFacts(text);
  if (!text.starts_with("{")) return NoteFacts(text);
  if (text.substr(0, 200).find("sigstore.trustedroot") != text.npos) return TrustedRootFacts(text);
  const size_t first_line = text.find('\n');
  if (first_line != std::string_view::npos && first_line + 1 < text.size() &&
      sigstore::ReadBundle(text.substr(0, first_line)).has_value()) {
    return PassportFacts(text);
  }
  CARNET_TRY(const sigstore::Bundle bundle, sigstore::ReadBundle(text));
  return BundleFacts(bundle);
}

std::string Text(const Facts& facts) {
  std::string text;
  for (const auto& [name, value] : facts) {
    text += name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + value + "\n";
  }
  return text + "nothing was verified\n";
}

std::string Json(const Facts& facts) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("verified", false).Key("facts").BeginArray();
  for (const auto& [name, value] : facts) {
    writer.BeginObject().Member("name", name).Member("value", value).EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

}  // namespace

ExitCode Inspect(const InspectOptions& options, Terminal& terminal) {
  const auto content = ReadInput(options.file, schemas::kMaxPassportBytes);
  if (!content) return terminal.CouldNotTell(content.error());
  const auto facts = Recognise(*content);
  if (!facts) return terminal.Fail(facts.error().In(options.file));
  terminal.Out(options.json ? Json(*facts) : Text(*facts));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
