// The JSON of tests/support/test_sigstore.h, spelt out: no writer of ours.
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "tests/support/test_sigstore.h"

namespace carnet::test {
namespace {

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Member(const std::string& key, const std::string& json) {
  return Quoted(key) + ":" + json;
}

std::string Text(const std::string& key, const std::string& value) {
  return Member(key, Quoted(value));
}

std::string Base64Member(const std::string& key, ByteSpan value) {
  return Text(key, TestBase64(value));
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ",") + part;
  return out;
}

std::string Object(const std::vector<std::string>& members) { return "{" + Joined(members) + "}"; }

template <typename T, typename ToJson>
std::string Array(const std::vector<T>& items, ToJson to_json) {
  std::vector<std::string> parts;
  for (const T& item : items) parts.push_back(to_json(item));
  return "[" + Joined(parts) + "]";
}

std::string RawBytes(const Bytes& der) { return Object({Base64Member("rawBytes", der)}); }

std::string ProofJson(const EntryParts& entry) {
  return Object(
      {Text("logIndex", entry.proof_index), Base64Member("rootHash", entry.root_hash),
       Text("treeSize", entry.tree_size),
       Member("hashes",
              Array(entry.hashes, [](const Bytes& hash) { return Quoted(TestBase64(hash)); })),
       Member("checkpoint", Object({Text("envelope", entry.checkpoint)}))});
}

std::string EntryJsonOf(const EntryParts& entry) {
  std::vector<std::string> members = {
      Text("logIndex", entry.index), Member("logId", Object({Base64Member("keyId", entry.log_id)})),
      Member("kindVersion", Object({Text("kind", entry.kind), Text("version", entry.version)}))};
  if (!entry.integrated_time.empty()) {
    members.push_back(Text("integratedTime", entry.integrated_time));
  }
  if (!entry.promise.empty()) {
    members.push_back(
        Member("inclusionPromise", Object({Base64Member("signedEntryTimestamp", entry.promise)})));
  }
  if (entry.has_proof) members.push_back(Member("inclusionProof", ProofJson(entry)));
  members.push_back(Base64Member("canonicalizedBody", AsBytes(entry.body)));
  return Object(members);
}

std::string MaterialJson(const BundleParts& bundle) {
  std::vector<std::string> members;
  if (!bundle.certificate.empty()) {
    members.push_back(Member("certificate", RawBytes(bundle.certificate)));
  } else if (!bundle.chain.empty()) {
    members.push_back(Member("x509CertificateChain",
                             Object({Member("certificates", Array(bundle.chain, RawBytes))})));
  } else {
    members.push_back(Member("publicKey", Object({Text("hint", bundle.hint)})));
  }
  members.push_back(Member("tlogEntries", Array(bundle.entries, EntryJsonOf)));
  members.push_back(
      Member("timestampVerificationData",
             Object({Member("rfc3161Timestamps", Array(bundle.tokens, [](const Bytes& token) {
                              return Object({Base64Member("signedTimestamp", token)});
                            }))})));
  return Object(members);
}

std::string ContentJson(const BundleParts& bundle) {
  if (bundle.content == TestContent::kMessage) {
    const std::string digest =
        Object({Text("algorithm", bundle.digest_algorithm), Base64Member("digest", bundle.digest)});
    return Member("messageSignature", Object({Member("messageDigest", digest),
                                              Base64Member("signature", bundle.signature)}));
  }
  return Member(
      "dsseEnvelope",
      Object({Base64Member("payload", AsBytes(bundle.payload)),
              Text("payloadType", bundle.payload_type),
              Member("signatures", "[" + Object({Base64Member("sig", bundle.signature)}) + "]")}));
}

std::string ValidForJson(const std::string& start, const std::string& end) {
  std::vector<std::string> members;
  if (!start.empty()) members.push_back(Text("start", start));
  if (!end.empty()) members.push_back(Text("end", end));
  return Member("validFor", Object(members));
}

std::string LogJson(const LogParts& log) {
  return Object({Text("baseUrl", log.base_url), Text("hashAlgorithm", "SHA2_256"),
                 Member("publicKey", Object({Base64Member("rawBytes", log.key),
                                             Text("keyDetails", log.key_details),
                                             ValidForJson(log.start, log.end)})),
                 Member("logId", Object({Base64Member("keyId", log.id)}))});
}

std::string AuthorityJson(const AuthorityParts& authority) {
  return Object(
      {Text("uri", authority.uri),
       Member("certChain", Object({Member("certificates", Array(authority.chain, RawBytes))})),
       ValidForJson(authority.start, authority.end)});
}

}  // namespace

std::string TestBase64(ByteSpan bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

Bytes TestSha256(ByteSpan bytes) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Bytes TestDigestOf(TestHash hash, ByteSpan bytes) {
  if (hash == TestHash::kSha256) return TestSha256(bytes);
  const bool sha384 = hash == TestHash::kSha384;
  Bytes digest(sha384 ? SHA384_DIGEST_LENGTH : SHA512_DIGEST_LENGTH);
  (sha384 ? SHA384 : SHA512)(bytes.data(), bytes.size(), digest.data());
  return digest;
}

std::string TestPae(const std::string& type, const std::string& payload) {
  return "DSSEv1 " + std::to_string(type.size()) + " " + type + " " +
         std::to_string(payload.size()) + " " + payload;
}

std::string EntryParts::Json() const { return EntryJsonOf(*this); }

std::string BundleParts::Json() const {
  return Object({Text("mediaType", media_type), Member("verificationMaterial", MaterialJson(*this)),
                 ContentJson(*this)});
}

std::string RootParts::Json() const {
  return Object({Text("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"),
                 Member("tlogs", Array(logs, LogJson)),
                 Member("certificateAuthorities", Array(certificate_authorities, AuthorityJson)),
                 Member("ctlogs", Array(ct_logs, LogJson)),
                 Member("timestampAuthorities", Array(timestamp_authorities, AuthorityJson))});
}

}  // namespace carnet::test
