// Signatures and log entries of the lines of a passport, against the trusted keys and logs.
//
// 5  unknown-key: the hint is base64(SHA-256(SPKI)) of a trusted key; no other key is tried. Of a
//    certificate instead: certified_signer.h.
// 6  signer-mismatch: `head.signer` names that key or identity. A verdict has no head.
// 7  bad-signature: ECDSA P-256 over SHA-256(PAE), which is the statement id. After as many bad
//    ones as a verdict lists the others are not verified.
// 9  The entry that counts is the one whose log id names the log that `head.ledger` names, by any
//    key of that log. wrong-ledger: `head.ledger` names no trusted log, or all entries from trusted
//    logs are from another one; not-logged: no entry from any trusted log; duplicate-log-entry:
//    two from the log. Entries from other logs: other_entries.h. A verdict's log is the first
//    trusted one that it has an entry from.
// 10 Of the notes that the counted entries of a log show: each is a checkpoint signed by the log's
//    key in force at its tree size where trust gives sizes, else now, or else at a verified time of
//    the line (bad-checkpoint); all have the
//    text of the first valid one (log-views-differ); where trust pins a checkpoint of that size,
//    the roots are equal (log-fork). A note is verified once, however many lines show it; one that
//    only lines without a good signature show is not.
// 11 wrong-log-body: canonicalizedBody is the hashedrekord 0.0.2 of (statement id, signature, SPKI
// or
//    certificate) byte by byte, kindVersion says so, integratedTime is absent or 0, no
//    inclusionPromise. bad-inclusion-proof: both indices agree, treeSize and rootHash are the
//    checkpoint's, and the proof leads from the leaf to that root.
// A line whose key is unknown is not judged by 6 and 7, nor one that fails 5, 7, 9 or 10 by what
// follows in 10 and 11: nothing expensive is done for a line that nobody trusted has signed. Not
// checked: whether the log's order makes sense (R12-R14), whether the key may sign this at that
// time (R8, R15-R17).
#pragma once

#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::bundle {

// R5-R7. Sets `signer` and `signature_good` of the attestations, and the file's `not_verified`. The
// `threads` share only the cryptography, so that the findings come in the order of the lines.
// `trust` must outlive the file.
void VerifySignatures(PassportFile& file, const trust::Trust& trust, TimestampMs now,
                      unsigned threads, Findings& findings);

// R9-R11, after R5 and R7. Sets their `position` and the file's `views`, as one thread would find
// them. `trust` must outlive the file.
void VerifyLogEntries(PassportFile& file, const trust::Trust& trust, TimestampMs now,
                      unsigned threads, Findings& findings);

}  // namespace carnet::verifier::bundle
