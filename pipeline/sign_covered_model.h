// A model as its passport covers it, signed by OpenSSF Model Signing with the passport's key: the
// root is the passport's `oms_root`. From digests at hand: no file is read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "artifact/oms_manifest.h"
#include "core/not_covered.h"
#include "core/result.h"
#include "crypto/ecdsa.h"
#include "signer/signer.h"

namespace carnet::pipeline {

struct CoveredModel {
  const artifact::ModelFiles& files;
  NotCovered patterns;                   // that the passport states
  bool folder;                           // else a single file
  bool links_followed;                   // as the files were read
  std::vector<std::string> beside = {};  // paths in the folder that are written yet: the passport's
};

// What is signed: the covered files, without those of git at the top. Ignored are all others that
// are there, and the signature and the claims, there already or not. Errors: rejected (nothing is
// left to sign, too many files).
Result<artifact::OmsManifest> ManifestOf(const CoveredModel& model);

// `model.sig` of this manifest, LF at the end. Errors: those of the key; rejected.
Result<std::string> SignManifest(const artifact::OmsManifest& manifest, std::string_view name,
                                 const signer::Signer& signer);

// Whether `text` is a signature of this very manifest by this key, whatever the model is called.
bool IsSignatureOf(const std::string& text, const artifact::OmsManifest& manifest,
                   const crypto::P256PublicKey& key);

}  // namespace carnet::pipeline
