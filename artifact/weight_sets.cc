#include "artifact/weight_sets.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_set>

#include "core/check.h"
#include "core/decimal.h"
#include "core/file_path.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

// A shard may be named by several indexes, each of which costs all its tensors again; honest models
// have two at most.
constexpr size_t kMaxTensorsAgain = 1 << 18;

using Shards = std::vector<FileOutcome*>;

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

struct Group {
  std::string name;
  Shards shards;
};

class Grouping {
 public:
  explicit Grouping(std::vector<FileOutcome> files) : files_(std::move(files)) {}

  WeightSets Run() {
    for (const FileOutcome& file : files_) ReportUnread(file);
    for (FileOutcome& file : files_) {
      if (file.index) AddGroup(file.entry.path, ShardsOfIndex(file));
    }
    GroupSeries();
    for (const Group& group : groups_) CARNET_CHECK(AddSet(group).has_value());
    for (FileOutcome& file : files_) {
      if (file.tensors && !uses_.contains(&file)) AddSingle(file);
    }
    std::sort(result_.sets.begin(), result_.sets.end(),
              [](const WeightSet& a, const WeightSet& b) { return a.name < b.name; });
    return std::move(result_);
  }

 private:
  // A checkpoint's optimiser, or weights under a name that is not looked for: which, is not known.
  static std::string UncountedReason(const FileOutcome& file) {
    if (file.part.empty()) return "holds more than its tensors";
    return fmt::format("holds tensors beside the state dictionary \"{}\"", file.part);
  }

  // A file that holds no tensors draws a warning only.
  void ReportUnread(const FileOutcome& file) {
    const FileEntry& entry = file.entry;
    if (IsOtherFrameworkName(entry.path)) {
      result_.unread.push_back({entry.path, entry.bytes, "is of a format that is not read"});
    }
    if (file.uncounted_bytes > 0) {
      result_.unread.push_back({entry.path, file.uncounted_bytes, UncountedReason(file)});
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

  // An index or a series, unless it is refused.
  void AddGroup(const std::string& name, const Result<Shards>& shards) {
    if (!shards) return Warn(name, shards.error().message);
    std::vector<const TensorSummary*> tensors;
    for (const FileOutcome* shard : *shards) {
      for (const TensorSummary& tensor : *shard->tensors) tensors.push_back(&tensor);
    }
    if (const auto checked = CheckTensors(std::move(tensors)); !checked) {
      return Warn(name, checked.error().message);
    }
    for (const FileOutcome* shard : *shards) ++uses_[shard];
    groups_.push_back({name, *shards});
  }

  // Takes the tensors of the files, which are held once, unless several groups have the file.
  Result<> AddSet(const Group& group) {
    std::vector<TensorSummary> tensors;
    std::set<std::string> parts;
    std::optional<ModelConfig> config = ConfigOf(group);
    for (FileOutcome* shard : group.shards) {
      if (!shard->part.empty()) parts.insert(shard->part);
      if (uses_[shard] > 1) {
        tensors.insert(tensors.end(), shard->tensors->begin(), shard->tensors->end());
      } else if (tensors.empty()) {
        tensors = std::move(*shard->tensors);
      } else {
        tensors.insert(tensors.end(), std::make_move_iterator(shard->tensors->begin()),
                       std::make_move_iterator(shard->tensors->end()));
        shard->tensors.emplace();
      }
    }
    CARNET_TRY(WeightSet set,
               MakeWeightSet(group.name, std::move(tensors), ConfigBeside(group.name)));
    for (const std::string& part : parts) {
      set.parameters.basis += fmt::format("; of the state dictionary \"{}\" alone", part);
    }
    set.config = std::move(config);
    result_.sets.push_back(std::move(set));
    return Ok();
  }

  void AddSingle(FileOutcome& file) {
    const auto added = AddSet({file.entry.path, {&file}});
    if (added) return;
    Warn(file.entry.path, added.error().message);
    result_.unread.push_back({file.entry.path, file.entry.bytes, added.error().message});
  }

  // Its own, of a format that holds one; else that of its folder.
  std::optional<ModelConfig> ConfigOf(const Group& group) {
    for (const FileOutcome* shard : group.shards) {
      if (shard->config) return shard->config;
    }
    const FileOutcome* const beside =
        Find(group.name.substr(0, group.name.rfind('/') + 1) + "config.json");
    return beside == nullptr ? std::nullopt : beside->config;
  }

  std::optional<QuantizationConfig> ConfigBeside(const std::string& name) {
    const std::string folder = name.substr(0, name.rfind('/') + 1);
    for (const char* config : {"config.json", "quantize_config.json", "quant_config.json"}) {
      const FileOutcome* const file = Find(folder + config);
      if (file != nullptr && file->quantization) return file->quantization;
    }
    return std::nullopt;
  }

  FileOutcome* Find(const std::string& path) {
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
        CARNET_TRY(FileOutcome* const shard, FindShard(folder, mapping.file));
        if (!named_.insert(shard).second) again_ += shard->tensors->size();
        if (again_ > kMaxTensorsAgain) {
          return Rejected("indexes name shards of over 262,144 tensors that others have named");
        }
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

  Result<FileOutcome*> FindShard(const std::string& folder, const std::string& name) {
    FileOutcome* const shard = Find(folder + name);
    if (shard == nullptr) return NotFound(fmt::format("shard \"{}\" is missing", Printable(name)));
    if (!shard->tensors) {
      return Malformed(fmt::format("shard \"{}\" has no readable tensors", Printable(name)));
    }
    return shard;
  }

  void GroupSeries() {
    std::map<std::pair<std::string, uint64_t>, Shards> series;  // in order of number, as paths are
    for (FileOutcome& file : files_) {
      if (const auto place = FindSeriesPlace(file.entry.path)) {
        series[{place->stem, place->count}].push_back(&file);
      }
    }
    for (const auto& [key, shards] : series) {
      AddGroup(shards.front()->entry.path, CompleteSeries(shards, key.second));
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

  std::vector<FileOutcome> files_;
  std::vector<Group> groups_;
  std::map<const FileOutcome*, size_t> uses_;  // in how many groups a file is
  WeightSets result_;
  std::set<const FileOutcome*> named_;  // by indexes so far
  size_t again_ = 0;                    // tensors of shards that were named before
};

}  // namespace

WeightSets GroupWeights(std::vector<FileOutcome> files) { return Grouping(std::move(files)).Run(); }

}  // namespace carnet::artifact
