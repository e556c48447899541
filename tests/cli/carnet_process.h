// The built binary, run as a user runs it: arguments, environment, folder; what it prints on either
// stream and how it ends. There is no terminal to ask for a password.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace carnet::test {

struct Ran {
  int status;  // exit status; -1 if a signal ended it
  std::string out;
  std::string err;
};

class CarnetProcess {
 public:
  explicit CarnetProcess(std::string folder);

  // The environment that commands run in. PATH has the binary; CARNET_PASSWORD is "secret".
  void Set(const std::string& name, const std::string& value) { environment_[name] = value; }
  void Unset(const std::string& name) { environment_.erase(name); }

  Ran Run(const std::vector<std::string>& arguments) const;  // of carnet
  Ran Shell(const std::string& command) const;

 private:
  Ran Start(const std::string& program, std::vector<std::string> arguments) const;

  std::string folder_;
  std::map<std::string, std::string> environment_;
};

}  // namespace carnet::test
