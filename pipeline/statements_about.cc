#include "pipeline/statements_about.h"

namespace carnet::pipeline {
namespace {

// `page_of` gives the ascending indices from one on, at most so many.
Result<> VisitPages(LeafIndex from,
                    const std::function<Result<std::vector<LeafIndex>>(size_t, LeafIndex)>& page_of,
                    const std::function<Result<bool>(LeafIndex)>& visit) {
  constexpr size_t kPage = 1'000;  // against memory
  while (true) {
    CARNET_TRY(const auto page, page_of(kPage, from));
    for (const LeafIndex index : page) {
      CARNET_TRY(const bool go_on, visit(index));
      if (!go_on) return Ok();
    }
    if (page.size() < kPage) return Ok();
    from = LeafIndex(page.back().value() + 1);
  }
}

}  // namespace

Result<> VisitAbout(const ledger::Reader& reader, const SubjectDigest& subject,
                    const std::function<Result<bool>(LeafIndex)>& visit) {
  return VisitPages(
      LeafIndex(0),
      [&](size_t limit, LeafIndex from) { return reader.BySubject(subject, limit, from); }, visit);
}

Result<> VisitSignedBy(const ledger::Reader& reader, const SignerId& signer, LeafIndex from,
                       const std::function<Result<bool>(LeafIndex)>& visit) {
  return VisitPages(
      from, [&](size_t limit, LeafIndex at) { return reader.BySigner(signer, limit, at); }, visit);
}

}  // namespace carnet::pipeline
