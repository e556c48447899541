#include "pipeline/statements_about.h"

namespace carnet::pipeline {

Result<> VisitAbout(const ledger::Reader& reader, const SubjectDigest& subject,
                    const std::function<Result<bool>(LeafIndex)>& visit) {
  constexpr size_t kPage = 1'000;  // against memory
  LeafIndex from(0);
  while (true) {
    CARNET_TRY(const auto page, reader.BySubject(subject, kPage, from));
    for (const LeafIndex index : page) {
      CARNET_TRY(const bool go_on, visit(index));
      if (!go_on) return Ok();
    }
    if (page.size() < kPage) return Ok();
    from = LeafIndex(page.back().value() + 1);
  }
}

}  // namespace carnet::pipeline
