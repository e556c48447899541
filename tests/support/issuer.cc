#include "tests/support/issuer.h"

#include <boost/json.hpp>

#include "crypto/sha256.h"
#include "json/reader.h"
#include "schemas/codec.h"
#include "sigstore/hashedrekord.h"
#include "tests/support/party_keys.h"
#include "tests/support/statement_text.h"

namespace carnet::test {
namespace {

using boost::json::value;
using drafts::Hex;
using schemas::Kind;

// 2^53 and above are strings (S4).
value CountValue(const std::optional<Flop>& count) {
  if (!count) return "undisclosed";
  if (count->value() < (Uint128{1} << 53)) return static_cast<uint64_t>(count->value());
  return value(count->ToString());
}

value FlopValue(const std::optional<Flop>& flop) {
  return flop ? value(flop->ToString()) : value("undisclosed");
}

template <typename R>
auto Accepted(R result, const std::string& name) {
  if (!result.has_value()) throw RefusedDraft(name, result.error().message);
  return std::move(result).value();
}

}  // namespace

Issuer::Issuer(World& world) : world_(world), made_(world.story.size()) {
  drafts_.reserve(world.story.size());
  for (const Statement& statement : world.story) {
    drafts_.push_back(boost::json::parse(statement.draft));
    drafts_by_name_[statement.name] = &drafts_.back().as_object();
  }
}

std::string Issuer::Issue() {
  world_.ids.clear();
  world_.indices.clear();
  for (auto& [name, log] : world_.logs) log.Clear();
  for (size_t i = 0; i < made_.size(); ++i) {
    Make(i);
    if (!world_.story[i].logged_late) Log(i);
  }
  for (size_t i = 0; i < made_.size(); ++i) {
    if (world_.story[i].logged_late) Log(i);
  }
  std::string file;
  for (size_t i = 0; i < made_.size(); ++i) {
    if (world_.story[i].enclosed) file += Line(i) + "\n";
  }
  if (world_.edit_file) world_.edit_file(file);
  return file;
}

void Issuer::Make(size_t number) {
  const Statement& statement = world_.story[number];
  value predicate = drafts_[number];
  Resolve(statement, predicate);
  sigstore::Bundle& bundle = made_[number].bundle;
  const PartyKey& key = KeyNamed(statement.key);
  if (statement.certified) {
    made_[number].certificate = LeafFor(key.spki(), *statement.certified, statement.created);
    auto same_key = ValueOf(signer::Signer::FromPkcs8(key.key.ToPkcs8()), "key");
    const auto certified = ValueOf(
        signer::Signer::Certified(std::move(same_key), made_[number].certificate), "certificate");
    bundle = Sign(statement, predicate, *certified).bundle;
  } else {
    bundle = Sign(statement, predicate, *key.signer).bundle;
  }
  if (statement.edit_payload) {
    std::string payload(AsText(bundle.envelope.payload));
    statement.edit_payload(payload);
    bundle.envelope.payload = ToBytes(AsBytes(payload));
    bundle.envelope.signature = KeyNamed(statement.key)
                                    .key.Sign(AsBytes(sigstore::PreAuthEncoding(
                                        sigstore::kInTotoPayloadType, AsBytes(payload))));
  }
  const auto& stamped = statement.certified ? statement.certified : statement.stamped;
  if (stamped && !stamped->stamp_pki.empty()) {
    bundle.timestamps.push_back(StampFor(bundle.envelope.signature, *stamped, statement.created));
  }
  if (statement.edit_signed) statement.edit_signed(bundle);
  world_.ids.insert_or_assign(statement.name, sigstore::StatementIdOf(bundle.envelope.payload));
}

signer::SignedStatement Issuer::Sign(const Statement& statement, const value& predicate,
                                     const signer::Signer& signer) {
  const std::string text = boost::json::serialize(predicate);
  const json::Tree tree = ValueOf(json::Parse(text), statement.name);
  auto draft =
      Accepted(schemas::ReadPredicate(statement.kind, tree.root(), schemas::HeadRule::kForbidden),
               statement.name);
  if (statement.kind == Kind::kVerdict) {
    return Accepted(signer.SignVerdict(draft, world_.model(statement.model).digest),
                    statement.name);
  }
  const MemoryLog& log = world_.log(statement.log);
  return Accepted(signer.SignPredicate(std::move(draft), {.ledger = log.IdAt(log.size() + 1),
                                                          .created = TimestampMs(statement.created),
                                                          .nonce = statement.nonce}),
                  statement.name);
}

void Issuer::Log(size_t number) {
  const Statement& statement = world_.story[number];
  const sigstore::Envelope& envelope = made_[number].bundle.envelope;
  const Bytes& certificate = made_[number].certificate;
  const StatementId& id = world_.IdOf(statement.name);
  std::string body =
      certificate.empty()
          ? sigstore::WriteHashedRekord(id, envelope.signature, KeyNamed(statement.key).spki())
          : sigstore::WriteCertifiedHashedRekord(id, envelope.signature, certificate);
  if (statement.edit_body) statement.edit_body(body);
  for (size_t i = 0; i < statement.times_logged; ++i) {
    made_[number].indices.push_back(world_.log(statement.log).Append(body));
  }
  if (!made_[number].indices.empty()) {
    world_.indices[statement.name] = made_[number].indices.front();
  }
}

std::string Issuer::Line(size_t number) {
  const Statement& statement = world_.story[number];
  Made& made = made_[number];
  const MemoryLog& log = world_.log(statement.log);
  if (!made.indices.empty()) {
    made.bundle.entries = {log.Receipt(made.indices.at(statement.entry_shown), log.size())};
  }
  if (statement.edit_receipt) statement.edit_receipt(made.bundle);
  return sigstore::WriteBundle(made.bundle);
}

void Issuer::Resolve(const Statement& statement, value& part) {
  if (auto* object = part.if_object()) {
    for (auto& member : *object) Resolve(statement, member.value());
  } else if (auto* array = part.if_array()) {
    for (value& element : *array) Resolve(statement, element);
  } else if (part.is_string() && part.get_string().starts_with('@')) {
    const std::string word(part.get_string().begin() + 1, part.get_string().end());
    part = Placeholder(statement, word);
  }
}

value Issuer::Placeholder(const Statement& statement, const std::string& word) {
  if (const auto id = world_.ids.find(word); id != world_.ids.end()) return value(Hex(id->second));
  const MemoryLog& log = world_.log(statement.log);
  const StorySums sums(drafts_by_name_);
  if (word == "seen") return value(log.NoteAt(log.size()));
  if (word == "update") return FlopValue(sums.ParameterUpdate(statement.name));
  if (word == "total") return FlopValue(sums.Cumulative(statement.name));
  const size_t colon = word.find(':');
  if (colon == word.npos) GiveUp(statement.name + ": no statement " + word + " before it");
  const std::string what = word.substr(0, colon);
  const std::string of = word.substr(colon + 1);
  if (what == "id") {
    return value(IdSubject(schemas::KindName(world_.At(of).kind), world_.At(of).nonce)[0].second);
  }
  if (what == "key") return value("key:" + Hex(KeyNamed(of).id()));
  if (what == "identity") return value("identity:" + Hex(KeyNamed(of).id()));
  if (what == "person") return value(IdText(of));
  if (what == "sha") return value(Hex(crypto::Sha256Of(of)));
  if (what == "seen") return value(log.NoteAt(std::stoull(of)));
  if (what == "after") return After(statement, of);
  if (what == "tokens") return CountValue(sums.Tokens(of));
  if (what == "flop") {
    return {{"update", FlopValue(sums.FlopOf(of, "update"))},
            {"total", FlopValue(sums.FlopOf(of, "total"))}};
  }
  return ModelPart(what, of);
}

value Issuer::ModelPart(const std::string& part, const std::string& name) {
  const artifact::ModelFiles& model = world_.model(name);
  if (part == "model") return value(Hex(model.digest));
  boost::json::array list;
  if (part == "files") {
    for (const auto& file : model.files) {
      list.push_back({{"path", file.path}, {"sha256", Hex(file.sha256)}, {"bytes", file.bytes}});
    }
  } else if (part == "roots") {
    for (const auto& set : model.weight_sets) {
      list.push_back({{"set", set.name}, {"root", Hex(set.root)}});
    }
  } else if (part == "leaves") {
    for (const auto& set : model.weight_sets) {
      boost::json::array leaves;
      for (const auto& tensor : set.tensors) {
        const std::string text = std::string(1, '\0') + artifact::TensorLeafText(tensor);
        leaves.push_back(value(Hex(crypto::Sha256Of(text))));
      }
      list.push_back(boost::json::object{{"leaves", leaves}});
    }
  } else {
    GiveUp("no placeholder @" + part + ":" + name);
  }
  return list;
}

boost::json::object Issuer::After(const Statement& statement, const std::string& name) {
  const auto found = world_.indices.find(name);
  if (found == world_.indices.end()) GiveUp(statement.name + ": " + name + " is not logged yet");
  const uint64_t index = found->second;
  const MemoryLog& log = world_.log(world_.At(name).log);
  return {{"index", index}, {"root", Hex(log.CheckpointAt(index + 1).root)}};
}

}  // namespace carnet::test
