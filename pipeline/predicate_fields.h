// JSON texts of fields that Carnet adds to drafts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "core/hex.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/reader.h"
#include "pipeline/draft.h"

namespace carnet::pipeline {

std::string Quoted(std::string_view text);
template <typename Digest>
std::string QuotedHex(const Digest& digest) {
  return Quoted(HexEncode(digest.span()));
}

std::string FilesJson(const std::vector<artifact::FileEntry>& files);

// `model` and, where there are weight sets, `tensor_roots`.
void AddModel(const artifact::ModelFiles& files, AddedFields& added);

// S10: the predecessor's index, and the root of the tree that ends with it.
Result<std::string> AfterJson(const ledger::Reader& reader, LeafIndex predecessor);

}  // namespace carnet::pipeline
