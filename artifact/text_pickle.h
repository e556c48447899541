// Pickles of protocol 0, which are text: a program in the clothes of a document. artifact/pickle.h
// reads the binary protocols. Thread safe.
#pragma once

#include <string_view>

namespace carnet::artifact {

// Whether Python would take the beginning of `text` for a whole pickle that names a class or a
// function, without which a pickle holds neither tensors nor a program. Arguments are checked only
// as far as they keep sentences from being taken for opcodes.
bool BeginsWithTextPickle(std::string_view text);

}  // namespace carnet::artifact
