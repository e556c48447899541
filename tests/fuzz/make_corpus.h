// The honest part of the fuzz corpora: what our own writers make of a small world.
#pragma once

#include <filesystem>

namespace carnet::test {

// Writes `<folder>/fuzz_<name>/<seed>` for every target that has a writer; replaces what is there.
void MakeCorpus(const std::filesystem::path& folder);

}  // namespace carnet::test
