// When a key is in force: the one place that decides it.
#include <fmt/core.h>

#include <algorithm>

#include "trust/trust.h"

namespace carnet::trust {
namespace {

Result<> CheckSizes(const SizeWindow& sizes, LeafIndex index) {
  if (sizes.Contains(index.value())) return Ok();
  return Rejected(fmt::format("log index {} is outside tree sizes {} to {}", index.value(),
                              sizes.from.value_or(0),
                              sizes.until ? std::to_string(*sizes.until) : "any"));
}

// A date bounds the end that the tree sizes leave open: an open end is no permission.
DateWindow DatesBeside(const SizeWindow& sizes, DateWindow dates) {
  if (sizes.from) dates.from.reset();
  if (sizes.until) dates.until.reset();
  return dates;
}

Result<> CheckDates(const DateWindow& dates, TimestampMs created, TimestampMs now) {
  if (dates.from && created < *dates.from) {
    return Rejected(fmt::format("created {}, the key is in force from {}", FormatTimestamp(created),
                                FormatTimestamp(*dates.from)));
  }
  if (!dates.Contains(created)) {
    return Rejected(fmt::format("created {}, the key was in force until {}",
                                FormatTimestamp(created), FormatTimestamp(*dates.until)));
  }
  if (dates.until && now >= *dates.until) {
    return Rejected(
        fmt::format("the key was in force until {}, and a date alone cannot prove when "
                    "it signed",
                    FormatTimestamp(*dates.until)));
  }
  return Ok();
}

Result<> CheckVerifiedTime(const DateWindow& dates, TimestampMs verified) {
  if (dates.Contains(verified)) return Ok();
  return Rejected(fmt::format("signed {}, in force from {} until {}", FormatTimestamp(verified),
                              dates.from ? FormatTimestamp(*dates.from) : "any time",
                              dates.until ? FormatTimestamp(*dates.until) : "now on"));
}

// Null: the dates alone decide.
const SizeWindow* SizesFor(const TrustedSigner& signer, const PlaceInLog& place) {
  const auto window = signer.sizes.find(place.log->origin);
  return window == signer.sizes.end() ? nullptr : &window->second;
}

}  // namespace

bool SizeWindow::Contains(uint64_t size) const {
  return size >= from.value_or(0) && (!until || size < *until);
}

bool DateWindow::Contains(TimestampMs time) const {
  return (!from || time >= *from) && (!until || time < *until);
}

Result<> TrustedSigner::CheckInForce(const std::optional<PlaceInLog>& place, TimestampMs created,
                                     TimestampMs now) const {
  if (!place && !sizes.empty()) return Ok();
  const SizeWindow* window = place ? SizesFor(*this, *place) : nullptr;
  if (window == nullptr) return CheckDates(dates, created, now);
  CARNET_TRY_VOID(CheckSizes(*window, place->index));
  return CheckDates(DatesBeside(*window, dates), created, now);
}

Result<> TrustedSigner::CheckInForceAt(const std::optional<PlaceInLog>& place,
                                       TimestampMs verified) const {
  if (!place && !sizes.empty()) return Ok();
  const SizeWindow* window = place ? SizesFor(*this, *place) : nullptr;
  if (window == nullptr) return CheckVerifiedTime(dates, verified);
  CARNET_TRY_VOID(CheckSizes(*window, place->index));
  return CheckVerifiedTime(DatesBeside(*window, dates), verified);
}

bool TrustedLogKey::IsInForce(TreeSize size, TimestampMs now) const {
  return sizes.Contains(size.value()) && DatesBeside(sizes, dates).Contains(now);
}

bool TrustedLogKey::MayHaveSigned(TreeSize size, TimestampMs now) const {
  if (sizes.IsGiven()) return sizes.Contains(size.value());
  return DateWindow{dates.from, std::nullopt}.Contains(now);
}

const TrustedLogKey* TrustedLog::KeyInForce(TreeSize size, TimestampMs now) const {
  const auto key = std::find_if(keys.begin(), keys.end(), [size, now](const TrustedLogKey& each) {
    return each.IsInForce(size, now);
  });
  return key == keys.end() ? nullptr : &*key;
}

}  // namespace carnet::trust
