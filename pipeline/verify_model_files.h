// A model on disk against what a signature of OpenSSF Model Signing says of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/oms_digests.h"
#include "core/digests.h"
#include "core/result.h"
#include "verifier/model_signing/verify.h"

namespace carnet::pipeline {

struct ModelVerdict {
  std::string signer;                               // empty where the signature is not good
  std::optional<Sha256Digest> root = std::nullopt;  // once the statement has been read
  size_t resources = 0;                             // files, or shards, that were signed
  verifier::model_signing::FilesOutcome files = {};

  bool passed() const { return files.problems.empty(); }
};

ModelVerdict RefusedFor(verifier::model_signing::Problem problem);

// Steps 3 to 8 of verifier/model_signing/verify.h, of a signature that was found good. Whatever is
// wrong with the model is a problem. Errors: not_found, io; conflict for a file that changes while
// being read; rejected for a model that no signature can be about (too many files).
Result<ModelVerdict> VerifyModelFiles(const verifier::model_signing::SignedPayload& signed_payload,
                                      const std::string& model,
                                      const verifier::model_signing::FileOptions& options,
                                      const artifact::OmsReadOptions& read_options);

}  // namespace carnet::pipeline
