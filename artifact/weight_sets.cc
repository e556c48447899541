#include "artifact/weight_sets.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_set>

#include "core/decimal.h"
#include "core/file_path.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using Shards = std::vector<const FileOutcome*>;

// The place of a GGUF file in its series: `<stem>-0000i-of-0000N.gguf`.
struct SeriesPlace {
  std::string stem;
  uint64_t number;  // from 1
  uint64_t count;
};

// ParseDecimalU64 refuses leading zeros, which five-digit numbers have.
std::optional<uint64_t> FiveDigits(std::string_view text) {
  const size_t first = std::min(text.find_first_not_of('0'), text.size());
  const auto number = ParseDecimalU64(text.substr(first));
  return number && *number > 0 ? number : std::nullopt;
}

std::optional<SeriesPlace> FindSeriesPlace(std::string_view path) {
  constexpr std::string_view kTail = "-00000-of-00000.gguf";
  if (path.size() <= kTail.size()) return std::nullopt;
  const std::string_view tail = path.substr(path.size() - kTail.size());
  if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || tail.substr(15) != ".gguf") {
    return std::nullopt;
  }
  const auto number = FiveDigits(tail.substr(1, 5));
  const auto count = FiveDigits(tail.substr(10, 5));
  if (!number || !count || *number > *count) return std::nullopt;
  return SeriesPlace{std::string(path.substr(0, path.size() - kTail.size())), *number, *count};
}

class Grouping {
 public:
  explicit Grouping(std::span<const FileOutcome> files) : files_(files) {}

  WeightSets Run() {
    for (const FileOutcome& file : files_) ReportUnread(file);
    for (const FileOutcome& file : files_) {
      if (file.index) AddSet(file.entry.path, ShardsOfIndex(file));
    }
    GroupSeries();
    for (const FileOutcome& file : files_) {
      if (file.tensors && !grouped_.contains(&file)) AddSet(file.entry.path, Shards{&file});
    }
    std::sort(result_.sets.begin(), result_.sets.end(),
              [](const WeightSet& a, const WeightSet& b) { return a.name < b.name; });
    return std::move(result_);
  }

 private:
  // A file that holds no weights, such as an optimiser's state, draws a warning only.
  void ReportUnread(const FileOutcome& file) {
    const FileEntry& entry = file.entry;
    if (IsOtherFrameworkName(entry.path)) {
      result_.unread.push_back({entry.path, entry.bytes, "is of a format that is not read"});
    }
    if (file.refusal.empty()) return;
    const bool executable = file.refusal_code == ErrorCode::kRejected;
    const std::string reason = (executable ? "executable pickle: " : "") + file.refusal;
    Warn(entry.path, reason);
    if (executable) {
      result_.executable_pickles.push_back(
          fmt::format("{}: {}", Printable(entry.path, kMaxFilePathBytes), file.refusal));
    }
    if (file.refusal_code != ErrorCode::kNotFound && IsWeightFileName(entry.path)) {
      result_.unread.push_back({entry.path, entry.bytes, reason});
    }
  }

  void Warn(const std::string& path, const std::string& reason) {
    result_.warnings.push_back(
        fmt::format("{}: no tensor root: {}", Printable(path, kMaxFilePathBytes), reason));
  }

  void AddSet(const std::string& name, const Result<Shards>& shards) {
    if (!shards) return Warn(name, shards.error().message);
    std::vector<TensorSummary> tensors;
    std::set<std::string> parts;
    for (const FileOutcome* shard : *shards) {
      tensors.insert(tensors.end(), shard->tensors->begin(), shard->tensors->end());
      if (!shard->part.empty()) parts.insert(shard->part);
    }
    auto set = MakeWeightSet(name, std::move(tensors), ConfigBeside(name));
    if (!set) return Warn(name, set.error().message);
    for (const std::string& part : parts) {
      set->parameters.basis += fmt::format("; of the state dictionary \"{}\" alone", part);
    }
    result_.sets.push_back(std::move(*set));
    grouped_.insert(shards->begin(), shards->end());
  }

  std::optional<QuantizationConfig> ConfigBeside(const std::string& name) const {
    const std::string folder = name.substr(0, name.rfind('/') + 1);
    for (const char* config : {"config.json", "quantize_config.json", "quant_config.json"}) {
      const FileOutcome* const file = Find(folder + config);
      if (file != nullptr && file->quantization) return file->quantization;
    }
    return std::nullopt;
  }

  const FileOutcome* Find(const std::string& path) const {
    const auto found = std::lower_bound(files_.begin(), files_.end(), path,
                                        [](const FileOutcome& file, const std::string& wanted) {
                                          return file.entry.path < wanted;
                                        });
    return found != files_.end() && found->entry.path == path ? &*found : nullptr;
  }

  // Every mapped tensor must be in the file that the index names. Tensors of the shards that it
  // does not map belong to the set nevertheless: they are loaded with the rest.
  Result<Shards> ShardsOfIndex(const FileOutcome& file) {
    const std::string folder = file.entry.path.substr(0, file.entry.path.rfind('/') + 1);
    std::map<std::string_view, std::unordered_set<std::string_view>> tensors_of;
    Shards shards;
    for (const ShardIndex::Mapping& mapping : file.index->weight_map) {
      auto [entry, fresh] = tensors_of.try_emplace(mapping.file);
      if (fresh) {
        CARNET_TRY(const FileOutcome* const shard, FindShard(folder, mapping.file));
        shards.push_back(shard);
        for (const TensorSummary& tensor : *shard->tensors) entry->second.insert(tensor.name);
      }
      if (!entry->second.contains(mapping.tensor)) {
        return Malformed(fmt::format("tensor \"{}\" is not in \"{}\"", Printable(mapping.tensor),
                                     Printable(mapping.file)));
      }
    }
    return shards;
  }

  Result<const FileOutcome*> FindShard(const std::string& folder, const std::string& name) {
    const FileOutcome* const shard = Find(folder + name);
    if (shard == nullptr) return NotFound(fmt::format("shard \"{}\" is missing", Printable(name)));
    if (!shard->tensors) {
      return Malformed(fmt::format("shard \"{}\" has no readable tensors", Printable(name)));
    }
    return shard;
  }

  void GroupSeries() {
    std::map<std::pair<std::string, uint64_t>, Shards> series;  // in order of number, as paths are
    for (const FileOutcome& file : files_) {
      if (const auto place = FindSeriesPlace(file.entry.path)) {
        series[{place->stem, place->count}].push_back(&file);
      }
    }
    for (const auto& [key, shards] : series) {
      AddSet(shards.front()->entry.path, CompleteSeries(shards, key.second));
    }
  }

  static Result<Shards> CompleteSeries(const Shards& shards, uint64_t count) {
    if (shards.size() != count) {
      return NotFound(fmt::format("series has {} of its {} files", shards.size(), count));
    }
    for (const FileOutcome* shard : shards) {
      if (!shard->tensors) {
        return Malformed(
            fmt::format("\"{}\" has no readable tensors", Printable(shard->entry.path)));
      }
    }
    return shards;
  }

  std::span<const FileOutcome> files_;
  std::set<const FileOutcome*> grouped_;
  WeightSets result_;
};

}  // namespace

WeightSets GroupWeights(std::span<const FileOutcome> files) { return Grouping(files).Run(); }

}  // namespace carnet::artifact
