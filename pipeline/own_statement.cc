#include "pipeline/own_statement.h"

namespace carnet::pipeline {

Result<sigstore::ParsedStatement> ReadOwnStatement(const sigstore::Bundle& bundle) {
  auto read = sigstore::ParsedStatement::Parse(bundle.envelope.payload);
  if (!read) {
    return Corruption("a recorded statement cannot be read back: " + read.error().message);
  }
  return read;
}

}  // namespace carnet::pipeline
