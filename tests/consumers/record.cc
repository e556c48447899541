// Makes a key pair by the library that records: `record PREFIX`.
#include <carnet/record.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto key = carnet::Key::Generate(argv[1], "a password");
  if (!key) return std::puts(key.error().message.c_str()), 1;
  return std::puts(key->id().c_str()) < 0;
}
