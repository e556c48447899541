// A model, keys made by openssl, and signatures of any statement made by openssl too: so that a
// signature is wrong in the one way that a case names.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/cli_world.h"

namespace carnet::test {

struct OmsModel {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  // `model/` with `a.bin` and `sub/b.txt`; `k.pem`, `k.pub` on this curve.
  explicit OmsModel(const std::string& curve = "secp384r1", const std::string& hash = "sha384");

  std::string Sha256(const std::string& file) const;  // by coreutils
  // {"name":…,"digest":…,"algorithm":"sha256"} of a file in `model/`, under another name if given.
  std::string Resource(const std::string& file, const std::string& name = "") const;
  // A statement of these resources; the root is by coreutils, in their order.
  std::string Statement(
      const std::vector<std::string>& resources,
      const std::string& serialization =
          R"("method":"files","hash_type":"sha256","allow_symlinks":false)",
      const std::string& predicate_type = "https://model_signing/signature/v1.0") const;
  // That of the model as it is.
  std::string Honest() const { return Statement({Resource("a.bin"), Resource("sub/b.txt")}); }

  // Writes `model.sig`: the bundle with this statement, signed by `k.pem`.
  void Sign(const std::string& statement,
            const std::string& payload_type = "application/vnd.in-toto+json",
            const std::string& material = R"("publicKey":{})") const;

  Ran Verify(std::vector<std::string> more = {}) const;  // by `k.pub`, --json
  void CheckPasses(const std::vector<std::string>& more = {}) const;
  // Refused for exactly these reasons, the message of the first with this text in it.
  void CheckRefused(const std::string& reasons, const std::string& message,
                    const std::vector<std::string>& more = {}) const;

  const std::string hash_;
};

// The texts of a list in a JSON result, separated by spaces.
std::string ListIn(const Ran& ran, const std::string& name);
std::string ReasonsIn(const Ran& ran);
void CheckReasons(const Ran& ran, const std::string& reasons, const std::string& message);

}  // namespace carnet::test
