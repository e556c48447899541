// S7: no device is in two groups of one segment, or in a group and used by itself.
#include <fmt/core.h>

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "statements/follow.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

// The single devices that a statement is about.
std::vector<std::string_view> SinglesOf(const Statement& device) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  std::vector<std::string_view> singles;
  for (const auto member : reader.getMembers()) singles.push_back(TextOf(member));
  if (singles.empty()) singles.push_back(TextOf(reader.getId()));
  return singles;
}

// A single device that statements of more than one canonical id are about. Most files have none.
using SharedId = size_t;

class Overlap {
 public:
  explicit Overlap(const StatementSet& set) : set_(set) {
    std::unordered_map<std::string_view, std::string_view> owner;  // single device, statement's id
    std::unordered_map<std::string_view, SharedId> shared;
    for (const Statement& line : set) {
      if (line.kind() != Kind::kDevice) continue;
      const std::string_view id = TextOf(ReaderOf<wire::Device>(line.predicate).getId());
      for (const std::string_view single : SinglesOf(line)) {
        if (owner.try_emplace(single, id).first->second != id) {
          shared.try_emplace(single, shared.size());
        }
      }
    }
    if (shared.empty()) return;
    for (const Statement& line : set) {
      if (line.kind() == Kind::kDevice) NoteShared(line, shared);
    }
    last_user_.resize(shared.size());
  }

  bool empty() const { return last_user_.empty(); }

  // Two devices of the segment's usage that have a single one in common; null where there are none.
  // A set of devices is looked at once, however many segments use it.
  std::pair<const Statement*, const Statement*> Find(const Statement& segment) {
    std::set<const Statement*> used;
    for (const auto item : ReaderOf<wire::Segment>(segment.predicate).getUsage()) {
      const Statement* device = Follow(set_, item.getDevice(), Kind::kDevice);
      if (device != nullptr && shared_of_.contains(device)) used.insert(device);
    }
    if (used.size() < 2 || disjoint_.contains(used)) return {nullptr, nullptr};
    ++round_;
    for (const Statement* device : used) {
      for (const SharedId single : shared_of_[device]) {
        User& user = last_user_[single];
        if (user.round == round_ && !SameId(*user.device, *device)) return {user.device, device};
        user = {round_, device};
      }
    }
    disjoint_.insert(std::move(used));
    return {nullptr, nullptr};
  }

 private:
  struct User {
    size_t round = 0;
    const Statement* device = nullptr;
  };

  static bool SameId(const Statement& a, const Statement& b) {
    return TextOf(ReaderOf<wire::Device>(a.predicate).getId()) ==
           TextOf(ReaderOf<wire::Device>(b.predicate).getId());
  }

  void NoteShared(const Statement& device,
                  const std::unordered_map<std::string_view, SharedId>& shared) {
    for (const std::string_view single : SinglesOf(device)) {
      const auto found = shared.find(single);
      if (found != shared.end()) shared_of_[&device].push_back(found->second);
    }
  }

  const StatementSet& set_;
  std::unordered_map<const Statement*, std::vector<SharedId>> shared_of_;
  std::vector<User> last_user_;  // by SharedId
  size_t round_ = 0;
  std::set<std::set<const Statement*>> disjoint_;
};

}  // namespace

void CheckGroupOverlap(const StatementSet& set, Findings& findings) {
  Overlap overlap(set);
  if (overlap.empty()) return;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    const auto [first, second] = overlap.Find(line);
    if (first == nullptr) continue;
    findings.Add(FindingAbout(
        line, {33, RejectReason::kDeviceTime},
        fmt::format("uses one device twice: in {} and in {}", Describe(*first), Describe(*second)),
        "no device may be in two groups of one segment"));
  }
}

}  // namespace carnet::verifier::compute
