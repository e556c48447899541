// A program outside the tree: README.md's C++ snippet, called.
#include <snippet.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto answer = MayHost(argv[1], argv[2]);
  if (!answer) {
    std::cout << "could not tell: " << answer.error().message << "\n";
    return 3;
  }
  std::cout << (*answer ? "yes" : "no") << "\n";
  return *answer ? 0 : 1;
}
