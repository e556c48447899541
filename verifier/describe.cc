#include "verifier/describe.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "schemas/readers.h"

namespace carnet::verifier {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

constexpr size_t kShortDigestBytes = 4;
constexpr size_t kMaxNameBytes = 80;  // against a line of 4,096 bytes in every message

std::string KindAndName(std::string_view kind, capnp::Text::Reader name) {
  return std::string(kind) + " " + Quoted(TextOf(name), kMaxNameBytes);
}

std::string NameOf(const schemas::Predicate& predicate) {
  switch (predicate.kind()) {
    case Kind::kDataset:
      return KindAndName("dataset", ReaderOf<wire::Dataset>(predicate).getName());
    case Kind::kDevice:
      // Canonical (S7): it cannot be any text.
      return "device " + Printable(TextOf(ReaderOf<wire::Device>(predicate).getId()));
    case Kind::kPassport:
      return KindAndName("passport of", ReaderOf<wire::Passport>(predicate).getName());
    case Kind::kSegment: {
      const auto segment = ReaderOf<wire::Segment>(predicate);
      const uint64_t seq = segment.getSeq().getValue();
      const uint64_t lane = segment.getLane().getValue();
      return lane == 0 ? fmt::format("segment {}", seq)
                       : fmt::format("segment {} of lane {}", seq, lane);
    }
    case Kind::kAllocation:
    case Kind::kRun:
    case Kind::kCompletion:
    case Kind::kVerdict:
      return std::string(schemas::KindName(predicate.kind()));
  }
  CARNET_CHECK(false);
}

}  // namespace

std::string ShortDigest(ByteSpan digest) {
  CARNET_CHECK(digest.size() >= kShortDigestBytes);
  return "sha256:" + HexEncode(digest.first(kShortDigestBytes)) + "…";
}

std::string Describe(const Statement& line) {
  return fmt::format("{} ({})", NameOf(line.predicate), ShortDigest(line.id.span()));
}

std::string SpeakerByKey(const Statement& line) {
  constexpr size_t kShown = 12;  // "key:" and eight digits
  const auto head = line.predicate.head();
  return head ? head->signer.ToString().substr(0, kShown) + "…" : "an unknown key";
}

std::string Said(std::string_view name, const std::string& speaker) {
  return fmt::format("{}, says {}", Quoted(name, kMaxNameBytes), speaker);
}

std::string Counted(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Finding FindingAbout(const Statement& line, Refusal refusal, const std::string& what,
                     std::string hint) {
  return {refusal, Describe(line) + " " + what, line.id, line.number, std::move(hint)};
}

}  // namespace carnet::verifier
