// A test program from which something is taken out, so that it can be seen whether a test notices
// (tools/mutate_checks.py): what removed_rule.cc and removed_check.cc share.
#pragma once

#include <string>

namespace carnet::test {

// Something would have been refused, and was not.
void CountRemoval();

// Ends the program at the first check that fails, which is all that there is to learn, and says
// which; or says at its end how much was removed.
void EndAtFirstFailure();

[[noreturn]] void EndWithoutAnswer(const std::string& why);

}  // namespace carnet::test

// The linker passes calls of `f` to `__wrap_f`, and makes `f` known as `__real_f`.
#define CARNET_WRAP(type, function, symbol, ...)          \
  type Real##function(__VA_ARGS__) asm("__real_" symbol); \
  type Wrap##function(__VA_ARGS__) asm("__wrap_" symbol); \
  type Wrap##function(__VA_ARGS__)
