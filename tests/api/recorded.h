// A model whose making was recorded through <carnet/record.h>: two keys, a ledger, a trust
// directory, one run of two segments, its passport. Made once a process.
#pragma once

#include <carnet/record.h>

#include <string>

namespace carnet::test {

inline constexpr char kPassword[] = "secret";

class Recorded {
 public:
  static const Recorded& Get();

  std::string operator/(const std::string& name) const { return folder + "/" + name; }
  std::string Read(const std::string& name) const;

  std::string folder;  // ledger/ trust/ model/ ckpt/ run/ lab.key cloud.key passport.jsonl
  std::string device, dataset, run, completion, passport;  // statement ids
  std::string model;                                       // digest
  std::vector<RecordedStep> segments;
  IssuedPassport issued;
  RunState state;  // when all was done

 private:
  Recorded();
  ~Recorded();
  void MakeTrust(const Key& lab, const Key& cloud);
  void RecordRun(const Ledger& ledger, const Key& lab, const std::string& allocation);
  void Write(const std::string& name, const std::string& content) const;
};

// What was made, or the end of the test with its error.
template <typename T>
T Must(Result<T> result) {
  if (!result.has_value()) {
    std::fprintf(stderr, "recorded: %s\n", result.error().message.c_str());
    std::abort();
  }
  return std::move(result).value();
}

}  // namespace carnet::test
