#include "schemas/device_id.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/hex.h"
#include "crypto/sha256.h"

namespace carnet::schemas {
namespace {

constexpr std::string_view kNvidia = "nvidia:gpu:";
constexpr std::string_view kDeclared = "declared:";
constexpr std::string_view kGroup = "group:";
constexpr size_t kMaxLabel = 64;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// 8-4-4-4-12 digits, RFC 9562 in lower case.
bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text.substr(i, 1))) return false;
  }
  return true;
}

// 64 bytes, or 8 on Turin.
bool IsAmdChipId(std::string_view text) {
  return (text.size() == 128 || text.size() == 16) && IsHex(text);
}

bool IsPpid(std::string_view text) { return text.size() == 32 && IsHex(text); }

bool IsSha256(std::string_view text) { return text.size() == 64 && IsHex(text); }

bool IsAwsInstance(std::string_view text) {
  if (!text.starts_with("i-")) return false;
  text.remove_prefix(2);
  return (text.size() == 17 || text.size() == 8) && IsHex(text);
}

bool IsLabel(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLabel &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

// `<signer id>:<label>`. A label has no colon, so the last one ends the signer id.
std::optional<SignerId> SignerOfDeclared(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !IsLabel(text.substr(colon + 1))) return std::nullopt;
  const auto signer = SignerId::Parse(text.substr(0, colon));
  return signer ? std::optional(*signer) : std::nullopt;
}

bool IsDeclared(std::string_view text) { return SignerOfDeclared(text).has_value(); }

struct IdForm {
  std::string_view prefix;
  bool (*is_valid)(std::string_view rest);
};

constexpr IdForm kForms[] = {
    {kNvidia, IsUuid},     {"amd:sev:", IsAmdChipId}, {"intel:pck:", IsPpid},
    {"tpm:ek:", IsSha256}, {"aws:", IsAwsInstance},   {kDeclared, IsDeclared},
};

bool IsCanonical(std::string_view id) {
  return std::any_of(std::begin(kForms), std::end(kForms), [id](const IdForm& form) {
    return id.starts_with(form.prefix) && form.is_valid(id.substr(form.prefix.size()));
  });
}

std::string TrimmedAndLowered(std::string_view text) {
  const size_t first = std::min(text.find_first_not_of(' '), text.size());
  return Lowered(text.substr(first, text.find_last_not_of(' ') + 1 - first));
}

bool IsMigInstance(std::string_view lowered) { return lowered.starts_with("mig-"); }

// Before driver 470 the GPU's id was in it: MIG-GPU-<uuid>/<GPU instance>/<compute instance>.
Error MigInstance(std::string_view id) {
  constexpr std::string_view kOldForm = "mig-gpu-";
  constexpr size_t kUuid = 36;
  std::string gpu = "nvidia:gpu:<uuid> (`nvidia-smi -L` prints it)";
  if (id.starts_with(kOldForm) && IsUuid(id.substr(kOldForm.size(), kUuid))) {
    gpu = std::string(kNvidia).append(id.substr(kOldForm.size(), kUuid));
  }
  return Malformed("a MIG instance is a part of a GPU; write the GPU's id, " + gpu);
}

}  // namespace

Result<std::string> CanonicalDeviceId(std::string_view text) {
  constexpr std::string_view kGpu = "gpu-";
  std::string id = TrimmedAndLowered(text);
  if (IsMigInstance(id)) return MigInstance(id);
  if (id.starts_with(kGpu)) id = std::string(kNvidia).append(id, kGpu.size());
  if (IsAwsInstance(id)) id = "aws:" + id;
  if (!IsCanonical(id)) return Malformed("not a device id of any known form");
  return id;
}

Result<> CheckDeviceId(std::string_view id) {
  if (IsCanonical(id)) return Ok();
  std::string message = "not a canonical device id";
  for (const IdForm& form : kForms) {
    if (id.starts_with(form.prefix)) {
      message = "not a canonical id after \"" + std::string(form.prefix) + "\"";
    }
  }
  const auto canonical = CanonicalDeviceId(id);
  if (canonical) return Malformed(message + ": write " + *canonical);
  if (IsMigInstance(TrimmedAndLowered(id))) return canonical.error();
  return Malformed(message);
}

bool IsGroupId(std::string_view id) { return id.starts_with(kGroup); }

std::string GroupId(const std::vector<std::string_view>& members) {
  crypto::Sha256 hash;
  for (std::string_view member : members) hash.Update(member).Update("\n");
  return std::string(kGroup) + HexEncode(hash.Finish().span());
}

std::optional<SignerId> DeclaringSigner(std::string_view id) {
  if (!id.starts_with(kDeclared)) return std::nullopt;
  return SignerOfDeclared(id.substr(kDeclared.size()));
}

}  // namespace carnet::schemas
