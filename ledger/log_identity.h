// The identity of a ledger, from its meta row: origin and public key.
#pragma once

#include "core/result.h"
#include "merkle/signed_note.h"

namespace carnet::ledger {

class Store;

// Errors: corruption, unsupported (format version), io.
Result<merkle::NoteKey> ReadLogKey(const Store& store);

}  // namespace carnet::ledger
