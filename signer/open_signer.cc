#include "signer/open_signer.h"

#include <utility>

#include "core/utf8.h"
#include "signer/exec_key.h"
#include "signer/key_place.h"
#include "signer/pkcs11_key.h"

namespace carnet::signer {
namespace {

constexpr size_t kMaxShownKey = 300;

Result<std::unique_ptr<AttestationKey>> OpenElsewhere(const std::string& key,
                                                      const KeyQuestions& ask) {
  if (KeyPlaceOf(key) == KeyPlace::kCommand) {
    return OpenExecKey(std::string_view(key).substr(kCommandScheme.size()));
  }
  CARNET_TRY(const Pkcs11Uri uri, ParsePkcs11Uri(key));
  return OpenPkcs11Key(uri, ask.pin);
}

// A PIN that should not have been there is not repeated.
std::string Shown(const std::string& key) {
  return Printable(key.substr(0, key.find("pin-value=")), kMaxShownKey);
}

}  // namespace

Result<std::unique_ptr<Signer>> OpenSigner(const std::string& key, const KeyQuestions& ask) {
  if (KeyPlaceOf(key) == KeyPlace::kFile) return OpenKey(key, ask.password);
  auto opened = OpenElsewhere(key, ask);
  if (!opened) return opened.error().In(Shown(key));
  return std::make_unique<Signer>(*std::move(opened));
}

}  // namespace carnet::signer
