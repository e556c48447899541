// What each part of the extension adds to the module carnet._carnet, in the order of use.
#pragma once

#include <nanobind/nanobind.h>

namespace carnet::python {

void BindDigest(nanobind::module_& module);     // Model, digest
void BindTrust(nanobind::module_& module);      // Trust, Policy, Chips
void BindVerdict(nanobind::module_& module);    // Verdict and its parts
void BindGate(nanobind::module_& module);       // Gate, find_passport
void BindStreaming(nanobind::module_& module);  // StreamingGate, StreamedFile
void BindLedger(nanobind::module_& module);     // Ledger, LedgerReader, fsck
void BindRecord(nanobind::module_& module);     // Key, attest, RunRecorder, issue_passport
void BindDraft(nanobind::module_& module);      // FilledDraft, AttestedMachine, Project
void BindTrace(nanobind::module_& module);      // Trace and its parts
void BindTensors(nanobind::module_& module);    // digest_memory, root_of_tensors

}  // namespace carnet::python
