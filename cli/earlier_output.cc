#include "cli/earlier_output.h"

#include "core/file.h"
#include "schemas/limits.h"
#include "sigstore/bundle.h"
#include "sigstore/dsse.h"

namespace carnet::cli {

bool HoldsStatement(const std::string& path, const StatementId& id) {
  const auto text = ReadFilePrefix(path, schemas::kMaxLineBytes);
  if (!text) return false;
  const auto bundle = sigstore::ReadBundle(text->substr(0, text->find('\n')));
  return bundle && sigstore::StatementIdOf(bundle->envelope.payload) == id;
}

}  // namespace carnet::cli
