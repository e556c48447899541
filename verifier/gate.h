// Gate: the forty rules of the passport (docs/rules.md), in order. Offline: no network,
// no clock, no database; values in, verdict out.
//
// Rows in order: model R18; signatures R1-R5, R7; log R9-R14; identity R6, R8, R15-R17; lineage
// R19-R28; time R29; compute R30-R37; custody; hardware; policy R38. A failed rule stops the rules
// that need its result; the others go on. From R19 on every rule needs all lines to be signed and
// logged: nothing that costs more than reading is done for lines that anybody can make. What is not
// checked is listed in Verdict::not_checked.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/judgement.h"
#include "verifier/measure.h"
#include "verifier/policy/policy.h"
#include "verifier/streamed_check.h"
#include "verifier/verdict.h"

namespace carnet::verifier {

class Gate {
 public:
  // All must outlive the gate. `threads` threads read and verify the lines; the verdict does not
  // depend on their number, and 1 starts none. Without `chips`, CatalogueFor(trust) is used.
  Gate(const trust::Trust& trust, const policy::Policy& policy, unsigned threads = 1,
       const compute::Catalogue* chips = nullptr)
      : trust_(trust), policy_(policy), threads_(threads), chips_(chips) {}

  // Whatever the bytes of passport or model cause is Decision::kFail (R40); an error means "could
  // not tell" and is the caller's side: malformed, of the trust directory's own hub-default or
  // chips.csv. Thread safe.
  Result<Verdict> Check(std::string_view passport, const artifact::ModelFiles& model,
                        TimestampMs now, const Beside& beside = {}) const;

  // The same of the passport among the lines of claims.jsonl: which one, and what becomes of the
  // other lines, verifier/claims.h says. Errors also: not_found (no line is a passport), conflict
  // (several count).
  Result<Verdict> CheckClaims(std::string_view claims, const artifact::ModelFiles& model,
                              TimestampMs now, const Beside& beside = {}) const;

  // The same where these statements are signed but not logged yet, so that a publisher learns
  // before they are in the log for good: R9-R11 are not judged for them, nor R13 where it needs
  // their receipts; everything else is, as if they were logged next, in this order.
  Result<Verdict> CheckUnlogged(std::string_view passport, const std::vector<StatementId>& unlogged,
                                const artifact::ModelFiles& model, TimestampMs now) const;

  // The same of a model whose files are yet to arrive: the lines are judged now, the files by what
  // is returned. Errors: as Check. The gate may end before it, but not what the gate borrows.
  Result<std::unique_ptr<StreamedCheck>> Open(std::string_view passport, TimestampMs now,
                                              Refusals refusals = Refusals::kEarly) const;

 private:
  Result<Verdict> Judge(std::string_view passport, const std::vector<StatementId>& unlogged,
                        const artifact::ModelFiles& model, TimestampMs now,
                        const Beside& beside) const;

  const trust::Trust& trust_;
  const policy::Policy& policy_;
  unsigned threads_;
  const compute::Catalogue* chips_;
};

}  // namespace carnet::verifier
