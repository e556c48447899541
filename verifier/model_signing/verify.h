// A model's signature by OpenSSF Model Signing (specification v1.0, section 8), in steps:
//
//  1  the bundle is one of v0.3, signed by the method that was asked for
//  2  by key: the hint, where there is one, is that of the key; the signature is that key's over
//  the
//     pre-authentication encoding with the payload type that the envelope declares.
//     By certificate: a path leads from the leaf to one of the given anchors, of which there are
//     none by default; every certificate of it is valid at the given time; the leaf is for
//     signatures (keyUsage digitalSignature, or extendedKeyUsage codeSigning); the signature is the
//     leaf's
//     By Sigstore: model_signing/sigstore.h
//  3  the payload is an in-toto statement of version 1 of the predicate, and of no older form
//  4  no name is absolute, climbs, or is there twice; shards make up their files
//  5  the subject is the digest of the resources in their order
//  6  links are followed only where the statement says so and the caller allows it; what was signed
//     as a single file is one
//  7  every file that was signed is there, of the same size and content
//  8  every other file is unsigned, which is a no unless the caller allows it; ignored paths are
//     not, but all that are there are named
//
// Not checked: revocation; who the holder of a key is; whether the certificate's subject is
// somebody in particular; that empty files are there where files are cut into shards.
//
// Values in, values out; pipeline/verify_model_signature.h reads the disk in between.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "artifact/oms_files.h"
#include "artifact/oms_manifest.h"
#include "core/bytes.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/public_key.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/oms_statement.h"
#include "verifier/model_signing/reason.h"

namespace carnet::verifier::model_signing {

// What a valid signature is over, and whose it is. Steps 3 to 8 take it from whoever verified it:
// step 2 here, or the verifier of Sigstore's bundles.
struct SignedPayload {
  std::string payload_type;  // as the envelope declares it
  Bytes payload;
  std::string signer;                 // "key sha256:…", for people
  std::vector<std::string> warnings;  // about the signature
  std::string checked_at = {};  // the trusted times of the signature, for people; may be empty
};

// The method is not the one that was asked for.
Problem OtherMethod(const sigstore::OmsBundle& bundle, std::string_view wanted);

// Steps 1 and 2.
std::variant<SignedPayload, Problem> VerifyByKey(const sigstore::OmsBundle& bundle,
                                                 const crypto::PublicKey& key);
// `at` is the trusted time of the signature where there is one, else now. Requires an anchor.
std::variant<SignedPayload, Problem> VerifyByCertificate(
    const sigstore::OmsBundle& bundle, std::span<const crypto::Certificate> anchors,
    TimestampMs at);

// Whether a leaf may sign models, by its usages. Absent: yes.
std::optional<Problem> CheckLeafUsage(const crypto::Certificate& leaf);

// Steps 3 to 5.
std::variant<sigstore::OmsStatement, Problem> ReadSigned(const SignedPayload& signed_payload);

struct FileOptions {
  std::vector<std::string> ignored;  // beside those of the statement; CheckOmsPath accepts them
  bool ignore_git = true;
  bool allow_symlinks = false;
  bool allow_unsigned = false;
  std::string signature;  // the signature file's own path in the model; "": it is elsewhere
};

struct ScopeOf {
  artifact::OmsScope scope;
  std::vector<std::string> warnings;
};

// Step 6, before the disk is read: what to list. A path of `options` at or above a signed file
// ignores nothing, and a warning says so.
std::variant<ScopeOf, Problem> ScopeFor(const artifact::OmsManifest& manifest,
                                        const FileOptions& options);

// What was read of a signed resource: absent where there is no such file, or its size is another,
// so that there was nothing to hash.
using Found = std::vector<std::optional<Bytes>>;

struct FilesOutcome {
  std::vector<Problem> problems;       // none: as signed
  std::vector<std::string> ignored;    // paths that are there and ignored; folders end in '/'
  std::vector<std::string> uncovered;  // files and other entries that nothing covers
  std::vector<std::string> warnings;
};

// Which listed file each resource is about; null: none, or one of another size.
std::vector<const artifact::ListedFile*> MatchFiles(const artifact::OmsManifest& manifest,
                                                    const artifact::OmsListing& listing);

// Steps 6 to 8. `found` has one digest for each resource, in their order.
FilesOutcome CompareFiles(const artifact::OmsManifest& manifest,
                          const artifact::OmsListing& listing, const Found& found,
                          const FileOptions& options);

}  // namespace carnet::verifier::model_signing
