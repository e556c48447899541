// A PKCS#11 token without hardware (SoftHSM 2) in a folder of its own, for one test case. Its keys
// are made by other programs: openssl, softhsm2-util, pkcs11-tool.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"

namespace carnet::test {

inline constexpr char kSoftHsm[] = "/usr/lib/softhsm/libsofthsm2.so";

class SoftToken {
 public:
  static constexpr char kPin[] = "1234";

  explicit SoftToken(const std::string& label = "carnet") : label_(label) {
    std::filesystem::create_directories(folder_ / "tokens");
    const std::string file =
        folder_.Write("softhsm2.conf", "directories.tokendir = " + folder_ / "tokens" +
                                           "\nobjectstore.backend = file\n");
    ::setenv("SOFTHSM2_CONF", file.c_str(), 1);
    MakeToken(label);
  }
  ~SoftToken() { ::unsetenv("SOFTHSM2_CONF"); }

  const ScratchFolder& folder() const { return folder_; }

  void MakeToken(const std::string& label) const {
    MustRun("softhsm2-util --init-token --free --label '" + label + "' --pin 1234 --so-pin 5678");
  }
  // Made in the token, and never outside of it.
  void MakeKey(const std::string& label, const std::string& id,
               const std::string& type = "EC:prime256v1", const std::string& options = "") const {
    Tool("--login --pin 1234 --keypairgen --key-type " + type + " --label '" + label + "' --id " +
         id + " " + options);
  }
  // `pkcs11-tool` at this token.
  std::string Tool(const std::string& options) const {
    return MustRun(std::string("pkcs11-tool --module ") + kSoftHsm + " --token-label '" + label_ +
                   "' " + options);
  }
  std::string Uri(const std::string& key, const std::string& query = "") const {
    return "pkcs11:token=" + label_ + ";" + key + "?module-path=" + kSoftHsm + query;
  }
  // The public key as pkcs11-tool reads it out; PEM.
  std::string PublicKey(const std::string& id) const {
    Tool("--read-object --type pubkey --id " + id + " --output-file " + folder_ / "public.der");
    return MustRun("openssl pkey -pubin -inform DER -in " + folder_ / "public.der" + " -pubout");
  }

 private:
  ScratchFolder folder_;
  std::string label_;
};

// `*boost::unit_test::precondition(HasSoftToken())`
class HasSoftToken {
 public:
  explicit HasSoftToken(std::string module = kSoftHsm) : module_(std::move(module)) {}
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    const std::string programs =
        "for p in softhsm2-util pkcs11-tool openssl; do "
        "command -v $p || exit 1; done";
    boost::test_tools::assertion_result present(std::filesystem::exists(module_) &&
                                                RunCommand(programs).status == 0);
    if (!present) present.message() << "no SoftHSM 2, pkcs11-tool or openssl";
    return present;
  }

 private:
  std::string module_;
};

}  // namespace carnet::test
