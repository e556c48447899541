// ReadFiles with a digest cache before it: a file whose digests are known, and which is unchanged,
// is not hashed again.
#pragma once

#include <vector>

#include "artifact/digest_cache.h"
#include "artifact/file_outcome.h"
#include "artifact/model_files.h"
#include "core/result.h"

namespace carnet::artifact {

// A change of a file within this time after another may show the same change time: file systems
// stamp by the timer's tick, or by the second. What is younger than this is never remembered.
inline constexpr int64_t kRacyNs = 2'000'000'000;

// The outcomes of ReadFiles, in every field. What is cached:
//   1. files of at least limits().least_file_bytes, on file systems that the cache's trust names;
//   2. not those whose content decides more than a digest: indexes, configurations, and files of a
//      name that may be left out;
//   3. not those that were written or changed less than kRacyNs before they were read, or that are
//      another file, or changed, after it;
//   4. tensors of weight files that were read with `options.tensors`, and only where nothing about
//      them was refused. To recall these the header is read and parsed again.
// Whatever stands in the way of recalling a file has it hashed. Errors: those of ReadFiles; then
// nothing is remembered.
Result<std::vector<FileOutcome>> ReadFilesCached(const std::vector<ListedFile>& files,
                                                 const ReadOptions& options, DigestCache& cache);

}  // namespace carnet::artifact
