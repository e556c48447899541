#include "sigstore/signing_config.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/utf8.h"
#include "json/reader.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr size_t kMaxServices = 64;

struct SelectorName {
  std::string_view name;
  Selector selector;
};
constexpr std::array kSelectors = {SelectorName{"ALL", Selector::kAll},
                                   SelectorName{"ANY", Selector::kAny},
                                   SelectorName{"EXACT", Selector::kExact}};

Result<TimestampMs> ReadTime(const StrictObject& window, std::string_view key) {
  CARNET_TRY(const std::string_view text, window.RequiredText(key));
  const auto time = ParseRfc3339(text);
  return time ? time : time.error().In(window.Find(key)->Path());
}

Result<Service> ReadService(json::Value value) {
  CARNET_TRY(const StrictObject service,
             StrictObject::Open(value, {"url", "majorApiVersion", "validFor", "operator"}));
  CARNET_TRY(const std::string_view url, service.RequiredText("url"));
  CARNET_TRY(const uint64_t version, service.Int64("majorApiVersion"));
  CARNET_TRY(const StrictObject window, service.Object("validFor", {"start", "end"}));
  CARNET_TRY(const TimestampMs from, ReadTime(window, "start"));
  std::optional<TimestampMs> until;
  if (window.Find("end")) {
    CARNET_TRY(until, ReadTime(window, "end"));
  }
  CARNET_TRY(const std::string_view operator_name, service.Text("operator"));
  return Service{std::string(url), version, from, until, std::string(operator_name)};
}

Result<std::vector<Service>> ReadServices(const StrictObject& config, std::string_view key) {
  std::vector<Service> services;
  CARNET_TRY(auto item, config.FirstItem(key, kMaxServices));
  for (; item; item = item->next()) {
    CARNET_TRY(Service service, ReadService(*item));
    services.push_back(std::move(service));
  }
  return services;
}

Result<ServiceChoice> ReadChoice(const StrictObject& config, std::string_view key) {
  if (!config.Find(key)) return ServiceChoice{};
  CARNET_TRY(const StrictObject choice, config.Object(key, {"selector", "count"}));
  if (!choice.Find("selector") && !choice.Find("count")) return ServiceChoice{};
  CARNET_TRY(const std::string_view name, choice.RequiredText("selector"));
  const auto* const row = std::find_if(kSelectors.begin(), kSelectors.end(),
                                       [&](const SelectorName& s) { return s.name == name; });
  if (row == kSelectors.end()) {
    return FieldError(*choice.Find("selector"), "must be ALL, ANY or EXACT");
  }
  CARNET_TRY(const uint64_t count, choice.Int64("count"));
  if (row->selector == Selector::kExact ? count == 0 || count > kMaxServices : count != 0) {
    return Malformed(
        fmt::format("{}.count: a number of services goes with EXACT, and only there", key));
  }
  return ServiceChoice{row->selector, count};
}

bool IsOperatorsFirst(const std::vector<Service>& chosen, const Service& service) {
  return std::none_of(chosen.begin(), chosen.end(), [&](const Service& other) {
    return other.operator_name == service.operator_name;
  });
}

std::vector<Service> NewestFirst(std::span<const Service> services) {
  std::vector<Service> sorted(services.begin(), services.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Service& a, const Service& b) { return a.valid_from > b.valid_from; });
  return sorted;
}

}  // namespace

Result<SigningConfig> ReadSigningConfig(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kDocumentLimits));
  CARNET_TRY(const StrictObject config,
             StrictObject::Open(tree.root(), {"mediaType", "caUrls", "oidcUrls", "rekorTlogUrls",
                                              "rekorTlogConfig", "tsaUrls", "tsaConfig"}));
  CARNET_TRY(const std::string_view type, config.RequiredText("mediaType"));
  if (type != kSigningConfigMediaType) {
    return Unsupported(
        fmt::format("mediaType: \"{}\" is not a signing configuration v0.2", Printable(type)));
  }
  SigningConfig out;
  CARNET_TRY(out.certificate_authorities, ReadServices(config, "caUrls"));
  CARNET_TRY(out.identity_providers, ReadServices(config, "oidcUrls"));
  CARNET_TRY(out.logs, ReadServices(config, "rekorTlogUrls"));
  CARNET_TRY(out.log_choice, ReadChoice(config, "rekorTlogConfig"));
  CARNET_TRY(out.timestamp_authorities, ReadServices(config, "tsaUrls"));
  CARNET_TRY(out.timestamp_choice, ReadChoice(config, "tsaConfig"));
  return out;
}

Result<std::vector<Service>> SelectServices(std::span<const Service> services,
                                            const ServiceChoice& choice,
                                            std::span<const uint64_t> versions, TimestampMs now) {
  if (choice.selector == Selector::kUndefined) {
    return Unsupported("the configuration does not say how many services to use (selector)");
  }
  std::vector<uint64_t> highest_first(versions.begin(), versions.end());
  std::sort(highest_first.rbegin(), highest_first.rend());
  const std::vector<Service> sorted = NewestFirst(services);
  std::vector<Service> chosen;
  for (const uint64_t version : highest_first) {
    for (const Service& service : sorted) {
      const bool fits = service.major_api_version == version && service.ValidAt(now);
      if (fits && IsOperatorsFirst(chosen, service)) chosen.push_back(service);
    }
    if (!chosen.empty()) break;
  }
  if (chosen.empty()) {
    return NotFound(fmt::format("none of {} services is in force and of a version that is spoken",
                                services.size()));
  }
  const size_t wanted = choice.selector == Selector::kAll   ? chosen.size()
                        : choice.selector == Selector::kAny ? 1
                                                            : choice.count;
  if (chosen.size() < wanted) {
    return NotFound(
        fmt::format("{} services of different operators are asked for, but {} are in "
                    "force",
                    wanted, chosen.size()));
  }
  chosen.erase(chosen.begin() + static_cast<ptrdiff_t>(wanted), chosen.end());
  return chosen;
}

}  // namespace carnet::sigstore
