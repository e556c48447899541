#include "core/timestamp.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace carnet {
namespace {

// The value of exactly `count` digits of `text` at `at`; -1 if anything else is there.
int Digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

Error NotATime(std::string_view text, std::string_view shape) {
  return Malformed("\"" + std::string(text.substr(0, 40)) + "\" is not a time of the form " +
                   std::string(shape));
}

// Days since 1970-01-01, or -1 for a date that does not exist or is earlier.
int64_t Days(std::string_view text) {
  const int year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  if (year < 1970 || month < 1 || day < 1 || text[4] != '-' || text[7] != '-') return -1;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return -1;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

// Milliseconds of `YYYY-MM-DDThh:mm:ss`, or -1. Leap seconds do not exist in POSIX time.
int64_t SecondsPart(std::string_view text) {
  if (text.size() < 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return -1;
  const int64_t days = Days(text);
  const int hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if (days < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return -1;
  }
  return ((days * 24 + hour) * 60 + minute) * 60'000 + second * 1'000;
}

}  // namespace

Result<TimestampMs> ParseTimestamp(std::string_view text) {
  constexpr std::string_view kShape = "YYYY-MM-DDThh:mm:ss.mmmZ";
  if (text.size() != kShape.size() || text[19] != '.' || text[23] != 'Z') {
    return NotATime(text, kShape);
  }
  const int64_t ms = SecondsPart(text);
  const int fraction = Digits(text, 20, 3);
  if (ms < 0 || fraction < 0) return NotATime(text, kShape);
  return TimestampMs(static_cast<uint64_t>(ms + fraction));
}

Result<TimestampMs> ParseRfc3339(std::string_view text) {
  constexpr std::string_view kShape = "YYYY-MM-DDThh:mm:ss[.fraction]Z";
  const int64_t ms = SecondsPart(text);
  if (ms < 0 || text.back() != 'Z') return NotATime(text, kShape);
  std::string_view fraction = text.substr(19, text.size() - 20);
  if (fraction.empty()) return TimestampMs(static_cast<uint64_t>(ms));
  if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 10) {
    return NotATime(text, kShape);
  }
  fraction.remove_prefix(1);
  if (Digits(fraction, 0, fraction.size()) < 0) return NotATime(text, kShape);
  const std::string thousandths = (std::string(fraction) + "00").substr(0, 3);
  return TimestampMs(static_cast<uint64_t>(ms + Digits(thousandths, 0, 3)));
}

Result<TimestampMs> ParseDate(std::string_view text) {
  if (text.size() != 10) return NotATime(text, "YYYY-MM-DD");
  const int64_t days = Days(text);
  if (days < 0) return NotATime(text, "YYYY-MM-DD");
  return TimestampMs(static_cast<uint64_t>(days) * 86'400'000);
}

std::string FormatTimestamp(TimestampMs time) {
  using std::chrono::days;
  using std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> point{milliseconds{time.value()}};
  const auto day = std::chrono::floor<days>(point);
  const std::chrono::year_month_day date{day};
  CARNET_CHECK(int{date.year()} < 10'000);
  const std::chrono::hh_mm_ss clock{point - day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

}  // namespace carnet
