#include "signer/pkcs11_token.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/utf8.h"
#include "signer/pkcs11_error.h"

namespace carnet::signer {
namespace {

constexpr CK_ULONG kMaxSlots = 1'024;  // a machine has some ten

// PKCS#11 v2.40, 3.1: padded with blanks, without a zero at the end.
template <size_t Size>
std::string_view Unpadded(const unsigned char (&field)[Size]) {
  const std::string_view text(reinterpret_cast<const char*>(field), Size);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool Meets(std::string_view wanted, std::string_view found) {
  return wanted.empty() || wanted == found;
}

bool Describes(const Pkcs11Uri& uri, const CK_TOKEN_INFO& token) {
  return Meets(uri.token, Unpadded(token.label)) &&
         Meets(uri.manufacturer, Unpadded(token.manufacturerID)) &&
         Meets(uri.model, Unpadded(token.model)) && Meets(uri.serial, Unpadded(token.serialNumber));
}

Result<std::vector<CK_SLOT_ID>> SlotsWithToken(const CK_FUNCTION_LIST& calls) {
  CK_ULONG count = 0;
  CK_RV answer = calls.C_GetSlotList(CK_TRUE, nullptr, &count);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetSlotList");
  if (count > kMaxSlots) return Io(fmt::format("the module says that it has {} slots", count));
  std::vector<CK_SLOT_ID> slots(count);
  answer = calls.C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetSlotList");
  slots.resize(std::min<size_t>(count, slots.size()));
  return slots;
}

}  // namespace

Result<CK_SLOT_ID> FindToken(const CK_FUNCTION_LIST& calls, const Pkcs11Uri& uri) {
  CARNET_TRY(const auto slots, SlotsWithToken(calls));
  std::vector<CK_SLOT_ID> found;
  std::string there, matching;
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO token{};
    if (calls.C_GetTokenInfo(slot, &token) != CKR_OK) continue;  // pulled out meanwhile
    const std::string name = fmt::format("{} (serial {})", Quoted(Unpadded(token.label)),
                                         Quoted(Unpadded(token.serialNumber)));
    there += (there.empty() ? "" : ", ") + name;
    if ((uri.slot_id && *uri.slot_id != slot) || !Describes(uri, token)) continue;
    matching += (matching.empty() ? "" : ", ") + name;
    found.push_back(slot);
  }
  if (found.empty()) {
    return NotFound("no such token; there " +
                    (there.empty() ? std::string("is none") : "are: " + there));
  }
  if (found.size() > 1) {
    return Rejected("several tokens match, and serial=… chooses one: " + matching);
  }
  return found.front();
}

}  // namespace carnet::signer
