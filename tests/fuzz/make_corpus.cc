#include "tests/fuzz/make_corpus.h"

#include <boost/json.hpp>

#include "crypto/pem.h"
#include "crypto/sha256.h"
#include "ledger/keyspace.h"
#include "ledger/tile_rows.h"
#include "merkle/hasher.h"
#include "merkle/tile_path.h"
#include "merkle/tlog_proof.h"
#include "schemas/stored.h"
#include "sigstore/bundle.h"
#include "sigstore/key_file.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/oms_statement.h"
#include "sigstore/trusted_root.h"
#include "tests/artifact/cache_of_tests.h"
#include "tests/fuzz/corpus_folder.h"
#include "tests/support/honest_runs.h"
#include "tests/support/party_keys.h"
#include "tests/support/vectors.h"
#include "verifier/compute/chips.h"
#include "verifier/policy/policy.h"

namespace carnet::test {
namespace {

using crypto::SecretBytes;
using schemas::Kind;

char KindByte(Kind kind) { return static_cast<char>(kind); }

World StoryWithVerdict() {
  World world = FineTuneWorld();
  AddVerdict(world, "vsa", "chat", "@chat");
  return world;
}

// The payload of one statement, and its parts, for the targets that read them.
void WritePayload(const std::filesystem::path& corpus, const Statement& statement,
                  std::string_view payload) {
  CorpusFolder(corpus, "statement").Write(statement.name, payload);
  CorpusFolder(corpus, "foreign_statement").Write(statement.name, payload);
  CorpusFolder(corpus, "json").Write(statement.name, payload);
  boost::json::object predicate =
      boost::json::parse({payload.data(), payload.size()}).as_object().at("predicate").as_object();
  const char kind = KindByte(statement.kind);
  CorpusFolder(corpus, "predicate").Write(statement.name, kind + boost::json::serialize(predicate));
  if (statement.kind == Kind::kVerdict) return;
  predicate.erase("head");
  const std::string draft = boost::json::serialize(predicate);
  CorpusFolder(corpus, "predicate")
      .Write(statement.name + ".draft", static_cast<char>(kind | 8) + draft);
  CorpusFolder(corpus, "draft").Write(statement.name, kind + draft);
}

void WriteReceipt(const std::filesystem::path& corpus, const std::string& name,
                  const sigstore::LogEntry& entry) {
  CorpusFolder(corpus, "hashedrekord").Write(name, entry.canonicalized_body);
  CorpusFolder(corpus, "entry_body").Write(name, entry.canonicalized_body);
  CorpusFolder(corpus, "signed_note").Write(name, entry.checkpoint);
  const merkle::TlogProof proof{{}, LeafIndex(entry.log_index), entry.proof, entry.checkpoint};
  CorpusFolder(corpus, "tlog_proof").Write(name, merkle::WriteTlogProof(proof));
}

void WriteStory(const std::filesystem::path& corpus) {
  World world = StoryWithVerdict();
  const std::string passport = world.Issue();
  CorpusFolder(corpus, "passport").Write("chat", passport);
  CorpusFolder(corpus, "claims").Write("chat_among_others", "{}\n\n" + passport + passport + "{");
  const auto lines = LinesOf(passport);
  for (size_t i = 0; i < lines.size(); ++i) {
    const Statement& statement = world.story.at(i);
    const auto bundle = ValueOf(sigstore::ReadBundle(lines[i]), statement.name);
    CorpusFolder(corpus, "bundle").Write(statement.name, lines[i]);
    CorpusFolder(corpus, "foreign_bundle").Write(statement.name, lines[i]);
    WritePayload(corpus, statement, AsText(bundle.envelope.payload));
    WriteReceipt(corpus, statement.name, bundle.entries.at(0));
    CorpusFolder(corpus, "stored")
        .Write(
            statement.name,
            schemas::EncodeStored({sigstore::StatementIdOf(bundle.envelope.payload),
                                   bundle.envelope.signature, KeyNamed(statement.key).spki(),
                                   KeyNamed(statement.key).signer->id(), bundle.envelope.payload}));
  }
}

void WriteKeys(const std::filesystem::path& corpus) {
  const PartyKey& party = KeyNamed("lab");
  const auto& log = LogKeyNamed("ledger.example");
  const SecretBytes pkcs8 = party.key.ToPkcs8();
  const CorpusFolder keys(corpus, "keys");
  keys.Write("p256.spki", party.spki());
  keys.Write("p256.pkcs8", pkcs8.Expose());
  keys.Write("p256.signature", party.key.Sign(AsBytes("message")));
  keys.Write("ed25519.spki", log.public_key().ToSpki());
  keys.Write("ed25519.pkcs8", log.ToPkcs8().Expose());

  const std::array<uint8_t, 32> salt{1};
  const crypto::BoxNonce nonce(std::array<uint8_t, 24>{2});
  const SecretBytes password = SecretBytes::CopyOf("password");
  const std::string cosign =
      ValueOf(sigstore::WriteCosignKey(pkcs8, password, salt, nonce), "cosign key");
  const auto body = ValueOf(crypto::ParsePem(cosign), "cosign key");
  const std::string plain = crypto::WritePem("PRIVATE KEY", pkcs8.Expose());
  const CorpusFolder files(corpus, "key_file");
  files.Write("cosign.key", cosign);
  files.Write("cosign.json", body.body.Expose());
  files.Write("plain.key", plain);
  files.Write("public.pub", sigstore::WritePublicKey(party.spki()));
  const CorpusFolder pem(corpus, "pem");
  pem.Write("cosign.key", cosign);
  pem.Write("plain.key", plain);
  pem.Write("text_before", "key of lab\n" + plain);
}

void WriteLog(const std::filesystem::path& corpus) {
  const auto& private_key = LogKeyNamed("ledger.example");
  const auto key =
      ValueOf(merkle::NoteKey::Create("ledger.example", private_key.public_key()), "log");
  const merkle::Checkpoint checkpoint{"ledger.example", TreeSize(1), merkle::EmptyRoot(), {}};
  CorpusFolder(corpus, "signed_note").Write("text", merkle::CheckpointText(checkpoint));
  CorpusFolder(corpus, "vkey").Write("log", key.ToVkey());
  const sigstore::TrustedLog log{"https://ledger.example", key, TimestampMs(1000),
                                 TimestampMs(2000), "operator"};
  CorpusFolder(corpus, "trusted_root").Write("one_log", sigstore::WriteTrustedRoot({{log}, 0}));
  const CorpusFolder paths(corpus, "tile_path");
  for (const uint64_t index : {0ull, 255ull, 1'234'067ull, 18'446'744'073'709'551'615ull}) {
    const std::string name = std::to_string(index);
    paths.Write("tile_" + name, merkle::TilePath({2, index, 256}));
    paths.Write("entries_" + name, merkle::TilePath({std::nullopt, index, 17}));
  }
}

void WriteModelSignature(const std::filesystem::path& corpus) {
  const CorpusFolder files(corpus, "oms");
  const Bytes digest = ToBytes(crypto::Sha256Of("file").span());
  artifact::OmsManifest manifest;
  manifest.ignore_paths = {".git", "model.sig"};
  manifest.resources = {{"a.bin", 0, 0, digest}, {"sub/b:0", 0, 0, digest}};
  const std::string whole = sigstore::WriteOmsStatement("model", manifest);
  files.Write("files", whole);
  manifest.method.shard_bytes = 10;
  manifest.resources = {{"a.bin", 0, 10, digest}, {"a.bin", 10, 13, digest}};
  files.Write("shards", sigstore::WriteOmsStatement("model", manifest));
  manifest.method = {artifact::OmsHash::kBlake2b, std::nullopt};
  manifest.resources = {{"a.bin", 0, 0, Bytes(64)}};
  files.Write("blake2b", sigstore::WriteOmsStatement("model", manifest));
  const sigstore::Envelope envelope{std::string(sigstore::kInTotoPayloadType),
                                    ToBytes(AsBytes(whole)), Bytes(70)};
  files.Write("key", sigstore::WriteOmsBundle({sigstore::OmsKeyHint{"00"}, envelope}));
  files.Write("chain",
              sigstore::WriteOmsBundle({sigstore::OmsCertificateChain{{digest}}, envelope}));
}

// The first byte is the decoder that fuzz_keyspace.cc picks.
void WriteRows(const std::filesystem::path& corpus) {
  const CorpusFolder rows(corpus, "keyspace");
  const auto digest = crypto::Sha256Of("row");
  rows.Write("meta", '\0' + ledger::EncodeMeta({"ledger.example", ToBytes(digest.span())}));
  ledger::RightEdge edge;
  for (uint8_t leaf = 0; leaf < 5; ++leaf) edge.Append(merkle::HashLeaf({&leaf, 1}));
  rows.Write("state", '\1' + ledger::EncodeState(edge.state()));
  rows.Write("statement", '\2' + ledger::EncodeStatement(
                                     {Kind::kRun, LeafIndex(7), {StatementId(digest.span())}}));
  rows.Write("index", '\3' + ledger::EncodeIndex(LeafIndex(258)));
  rows.Write("recorders",
             '\4' + ledger::EncodeRecorders(
                        {SignerId(KeyId(digest.span())), SignerId(IdentityDigest(digest.span()))}));
  edge.PutRows([&](std::string_view, std::string_view value) {
    rows.Write("tile", '\5' + std::string(value));
  });
}

void WriteData(const std::filesystem::path& corpus) {
  const std::string_view chips = verifier::compute::ChipsCsv();
  CorpusFolder(corpus, "chips").Write("shipped", chips);
  CorpusFolder(corpus, "chips").Write("first_rows", chips.substr(0, chips.find("h100")));
  for (const std::string& id : verifier::policy::ShippedPolicyIds()) {
    CorpusFolder(corpus, "policy").Write(id, ValueOf(verifier::policy::ShippedPolicyText(id), id));
  }
}

// Those of the targets that read one format, as files that arrive.
void WriteStreams(const std::filesystem::path& corpus) {
  const CorpusFolder streams(corpus, "model_stream");
  const std::filesystem::path hostile = SourceFolder() / "tests/fuzz/corpus";
  const std::pair<const char*, char> formats[] = {{"safetensors", 0}, {"gguf", 1},
                                                  {"torch_file", 2},  {"leavable", 3},
                                                  {"leavable", 4},    {"model_config", 5}};
  for (const auto& [target, path] : formats) {
    for (const auto& file :
         std::filesystem::directory_iterator(hostile / (std::string("fuzz_") + target))) {
      const std::string name = file.path().filename().string();
      const std::string head{path, static_cast<char>(name.size())};
      streams.Write(std::to_string(path) + "." + name, head + Slurp(file.path()));
    }
  }
  for (const char* file : {"zip.pt", "legacy.bin", "views.pt"}) {
    streams.Write(file, "\2\7" + Slurp(SourceFolder() / "tests/artifact/torch" / file));
  }
  const std::string index = R"({"weight_map":{"a":"model.safetensors"}})";
  streams.Write("index", "\6\1" + index);
  streams.Write("left_out", "\7\1ref");
}

void WriteDigestCache(const std::filesystem::path& corpus) {
  artifact::DigestCache cache(KeyOfTests(), AtAnyTime());
  const Sha256Digest digest = crypto::Sha256Of("weights");
  cache.Remember({{1 << 20, 5, 1, 2}, 6}, {digest});
  const artifact::LayoutDigest layout = Retag<artifact::LayoutDigest>(digest);
  cache.Remember({{2 << 20, -5, 1, 3}, 0}, {digest, artifact::KnownTensors{layout, {digest}}});
  CorpusFolder(corpus, "digest_cache").Write("two_files", cache.Encode());
}

}  // namespace

void MakeCorpus(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  WriteStory(folder);
  WriteKeys(folder);
  WriteLog(folder);
  WriteModelSignature(folder);
  WriteDigestCache(folder);
  WriteRows(folder);
  WriteData(folder);
  WriteStreams(folder);
  WritePki(folder);
  WriteSigstore(folder);
}

}  // namespace carnet::test
