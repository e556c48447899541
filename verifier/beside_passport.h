// A signature of OpenSSF Model Signing in the folder of the model that a passport is about: whether
// the two agree. Nothing in it can make a passport good.
//
// 1 It counts where it names a trusted key that may sign passports and is not retired; else it is
//   not checked: unreadable, with a certificate, of nobody who is trusted. Its files have to be
//   whole files by SHA-256, which is what the gate knows of them.
// 2 Then it has to hold: the signature is that key's, and the statement is one of version 1 whose
//   root is that of its resources (verifier/model_signing/verify.h, steps 2 to 5).
// 3 Every file that the passport covers is signed as it is here, or ignored; every signed file that
//   is not here is one that the passport leaves out.
// Files that the passport leaves out may change; those that have are named, and so is every ignored
// path that is here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "artifact/covered_files.h"
#include "artifact/model_files.h"
#include "core/timestamp.h"
#include "trust/trust.h"

namespace carnet::verifier {

// Against memory: of a model as large as a passport can be.
inline constexpr uint64_t kMaxSignatureBesideBytes = uint64_t{32} << 20;

enum class SignatureStatus { kAgrees, kDiffers, kNotChecked };

struct SignatureBeside {
  SignatureStatus status;
  std::string text;                     // what it agrees on, differs in, or why it is not checked
  std::vector<std::string> notes = {};  // of one that agrees: what it says nothing about
};

// `files` are those of `model` that the passport covers.
SignatureBeside CompareSignature(std::string_view signature, const artifact::ModelFiles& model,
                                 const artifact::CoveredFiles& files, const trust::Trust& trust,
                                 TimestampMs now);

}  // namespace carnet::verifier
