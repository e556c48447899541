#include "verifier/beside_passport.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "artifact/oms_files.h"
#include "core/file_path.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/public_key.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/oms_statement.h"
#include "verifier/describe.h"
#include "verifier/model_signing/verify.h"

namespace carnet::verifier {
namespace {

SignatureBeside Unchecked(std::string why) {
  return {SignatureStatus::kNotChecked, std::move(why)};
}

SignatureBeside Differs(const trust::TrustedKey& key, std::string_view what) {
  return {SignatureStatus::kDiffers, fmt::format("names {}'s key, {}", Printable(key.party), what)};
}

const trust::TrustedKey* KeyOfHint(const std::string& hint, const trust::Trust& trust) {
  for (const trust::TrustedKey& key : trust.keys()) {
    if (sigstore::OmsHintOf(key.key.spki()) == hint) return &key;
  }
  return nullptr;
}

// A signature without a time cannot be from before the key's end.
bool IsRetired(const trust::TrustedKey& key, TimestampMs now) {
  const bool ends = std::any_of(key.sizes.begin(), key.sizes.end(),
                                [](const auto& each) { return each.second.until.has_value(); });
  return ends || !key.dates.Contains(now);
}

// Empty where it is one whose signatures count here.
std::string WhyNotCounted(const trust::TrustedKey& key, TimestampMs now) {
  if (!key.kinds.contains(schemas::Kind::kPassport)) {
    return fmt::format("is by {}'s key, which may not sign passports", Printable(key.party));
  }
  if (IsRetired(key, now)) {
    return fmt::format("is by {}'s key, which is not in force for all times, and has no time",
                       Printable(key.party));
  }
  return "";
}

class FileComparison {
 public:
  FileComparison(const artifact::OmsManifest& manifest, const artifact::ModelFiles& model,
                 const artifact::CoveredFiles& files)
      : manifest_(manifest), model_(model), files_(files) {
    for (const auto& resource : manifest.resources) signed_.emplace(resource.path, &resource);
    for (const auto& file : model.files) here_.insert(file.path);
  }

  // What differs first; empty: nothing does.
  std::string Difference() {
    for (const artifact::FileEntry& file : files_.files()) {
      const auto found = signed_.find(file.path);
      if (found == signed_.end()) {
        if (const std::string above = IgnoredAbove(file.path); !above.empty()) {
          ignored_.insert(above);
          ++uncompared_;
          continue;
        }
        return Shown(file.path) + " is here, and was not signed";
      }
      if (!IsSame(*found->second, file)) return Shown(file.path) + " is another file here";
    }
    for (const auto& [path, resource] : signed_) {
      if (!here_.contains(path) && !MayBeAbsent(path)) return Shown(path) + " is not here";
    }
    return "";
  }

  std::vector<std::string> Notes() const {
    std::vector<std::string> notes;
    for (const std::string& path : ignored_) {
      notes.push_back(fmt::format("{} is here, covered by the passport, and ignored by model.sig",
                                  Shown(path)));
    }
    for (const artifact::FileEntry& file : files_.left_out()) {
      const auto found = signed_.find(file.path);
      if (found == signed_.end()) {
        notes.push_back(Shown(file.path) + " is in neither the passport nor model.sig");
      } else if (!IsSame(*found->second, file)) {
        notes.push_back(Shown(file.path) + " has changed since model.sig");
      }
    }
    for (const std::string& path : model_.not_covered) {
      if (path == artifact::kModelSignatureFile || path == artifact::kClaimsFile) continue;
      notes.push_back(Shown(path) + " is not compared with model.sig");
    }
    return notes;
  }

  std::string Agreement() const {
    if (uncompared_ == 0) return "agrees";
    const size_t all = files_.files().size();
    return fmt::format("agrees on {} of {}", all - uncompared_, Counted(all, "file"));
  }

 private:
  static std::string Shown(const std::string& path) { return Printable(path, kMaxFilePathBytes); }
  static bool IsSame(const artifact::OmsResource& resource, const artifact::FileEntry& file) {
    return std::equal(resource.digest.begin(), resource.digest.end(), file.sha256.span().begin(),
                      file.sha256.span().end());
  }
  std::string IgnoredAbove(const std::string& path) const {
    for (const auto* list : {&manifest_.ignore_paths, &artifact::OmsGitPaths()}) {
      for (const std::string& ignored : *list) {
        if (artifact::IsAtOrBelow(path, ignored)) return ignored;
      }
    }
    return "";
  }
  // A name that S5 leaves out by itself, or that the passport's patterns do.
  static bool MayBeAbsent(const std::string& path) {
    if (!NotCovered::Matching(path).empty()) return true;
    return path == artifact::kClaimsFile || path.starts_with(".cache/huggingface/") ||
           path.starts_with(".git/") || path.ends_with(".passport.sigstore.jsonl");
  }

  const artifact::OmsManifest& manifest_;
  const artifact::ModelFiles& model_;
  const artifact::CoveredFiles& files_;
  std::map<std::string, const artifact::OmsResource*> signed_;
  std::set<std::string> here_;
  std::set<std::string> ignored_;
  size_t uncompared_ = 0;
};

SignatureBeside CompareStatement(const sigstore::OmsStatement& statement,
                                 const trust::TrustedKey& key, const artifact::ModelFiles& model,
                                 const artifact::CoveredFiles& files) {
  if (statement.manifest.method != artifact::OmsMethod{}) {
    return Unchecked(fmt::format(
        "is by {}'s key, but over shards or other hashes: `carnet oms verify key` checks it",
        Printable(key.party)));
  }
  FileComparison comparison(statement.manifest, model, files);
  const std::string difference = comparison.Difference();
  if (!difference.empty()) return Differs(key, "but is about other files: " + difference);
  return {SignatureStatus::kAgrees,
          fmt::format("model.sig by {} {}", Printable(key.party), comparison.Agreement()),
          comparison.Notes()};
}

}  // namespace

SignatureBeside CompareSignature(std::string_view signature, const artifact::ModelFiles& model,
                                 const artifact::CoveredFiles& files, const trust::Trust& trust,
                                 TimestampMs now) {
  if (signature.size() > kMaxSignatureBesideBytes) return Unchecked("has over 32 MiB");
  const auto bundle = sigstore::ReadOmsBundle(signature);
  if (!bundle) return Unchecked("cannot be read: " + bundle.error().message);
  const auto* hint = std::get_if<sigstore::OmsKeyHint>(&bundle->material);
  if (hint == nullptr) {
    return Unchecked("is signed with a certificate: `carnet oms verify` checks it");
  }
  if (hint->hint.empty()) return Unchecked("names no key");
  const trust::TrustedKey* key = KeyOfHint(hint->hint, trust);
  if (key == nullptr) {
    return Unchecked(fmt::format("is by a key that the trust directory does not list, \"{}\"",
                                 Printable(hint->hint, 64)));
  }
  if (std::string why = WhyNotCounted(*key, now); !why.empty()) return Unchecked(std::move(why));
  const auto public_key = crypto::PublicKey::ParseSpki(key->key.spki());
  if (!public_key) return Unchecked(public_key.error().message);
  const auto verified = model_signing::VerifyByKey(*bundle, *public_key);
  if (const auto* problem = std::get_if<model_signing::Problem>(&verified)) {
    return Differs(*key, "but is not good: " + problem->message);
  }
  const auto read = model_signing::ReadSigned(std::get<model_signing::SignedPayload>(verified));
  if (const auto* problem = std::get_if<model_signing::Problem>(&read)) {
    return Differs(*key, "but is not good: " + problem->message);
  }
  return CompareStatement(std::get<sigstore::OmsStatement>(read), *key, model, files);
}

}  // namespace carnet::verifier
