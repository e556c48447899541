// A model on disk, signed by OpenSSF Model Signing.
#pragma once

#include <string>
#include <vector>

#include "artifact/oms_digests.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/ec_private_key.h"

namespace carnet::pipeline {

struct SignModelRequest {
  std::string model;  // folder or file
  artifact::OmsScope scope = {};
  artifact::OmsMethod method = {};
  // Where the signature goes, in the model; "": elsewhere. Ignored, there already or not.
  std::string signature = "";
  std::vector<crypto::Certificate> chain = {};  // leaf first; none: signed by the key alone
};

struct SignedModel {
  std::string bundle;  // JSON, LF at the end
  Sha256Digest root;
  size_t resources;                  // files, or shards
  std::vector<std::string> ignored;  // paths that are there and ignored; folders end in '/'
  std::vector<std::string> warnings;
};

// What somebody is going to sign, and what will be said of it; the bundle is empty.
struct ModelToSign {
  std::string statement;  // in-toto, JSON
  SignedModel model;
};
// The chain is not looked at. Errors: those of ReadOmsModel.
Result<ModelToSign> PrepareModel(const SignModelRequest& request,
                                 const artifact::OmsReadOptions& options);

// Whether verifiers read the bundle: requires one. Errors: rejected.
Result<> CheckModelSignature(const std::string& bundle);

// What is signed is read back as a verifier does. Errors: those of ReadOmsModel; rejected: a
// certificate that is not the key's, is not for signing or is not valid at `now`; a signature that
// would be larger than verifiers read.
Result<SignedModel> SignModel(const SignModelRequest& request, const crypto::EcPrivateKey& key,
                              TimestampMs now, const artifact::OmsReadOptions& options);

// `text` as those who verify read it. Errors: rejected, where they would refuse it.
Result<> CheckModelSignature(const std::string& text);

// For people: it identifies nothing.
std::string NameOfModel(const std::string& path);

// A path of a user's, relative to the model's root, or absolute, as CheckOmsPath accepts it.
// Errors: malformed for one that is not in the model; io, not_found.
Result<std::string> IgnoredPath(const std::string& model, const std::string& given);

}  // namespace carnet::pipeline
