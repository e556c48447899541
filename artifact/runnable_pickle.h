// Pickles in the clothes of a document or a picture: texts of protocol 0, and files whose first
// bytes are opcodes too, such as a GIF's. Python runs a pickle while it reads it: whether the file
// goes on as a pickle after the first call makes no difference. artifact/pickle.h reads those of
// weight files. Thread safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace carnet::artifact {

enum class PickleScan : uint8_t {
  kHarmless,   // no pickle, or Python's error comes before anything happens
  kRuns,       // Python calls or changes what the pickle names, or builds a value with it
  kWantsMore,  // the head of a file: what follows it decides
};

enum class Extent : uint8_t { kWholeFile, kHead };

// What Python's `pickle.load` makes of `content`, called once or again and again. Where versions
// of Python differ, the most lenient counts. Harmless are names alone (which import their
// modules), and what a persistent id stands for: that the program decides which reads it.
PickleScan ScanForPickle(std::string_view content, Extent extent);

}  // namespace carnet::artifact
