// Three models on a real ledger, told apart by what they rest on. For one thread.
//
//   texts ──► base ──► chat ◄── chats        base on the first device, chat and other on the second
//                      other ◄── chats
#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

namespace carnet::test {

inline constexpr char kSecondDevice[] = "aws:i-0123456789abcdef0";

struct TwoDevices {
  RealLedger world;
  StatementId texts = world.dataset;
  StatementId first_device = world.device;
  StatementId first_allocation = world.allocation;
  TrainedModel base = Train(world, "base");
  StatementId base_passport = Issue(world, "base", base.completion).id;
  StatementId second_device = UseSecondDevice();
  StatementId chats = UseData("chats");
  TrainedModel chat = Train(
      world, "chat",
      {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base", Hex(base_passport))}});
  StatementId chat_passport = Issue(world, "chat", chat.completion).id;
  TrainedModel other = Train(world, "other");
  StatementId other_passport = Issue(world, "other", other.completion).id;

  static std::string Hex(const StatementId& id) { return HexEncode(id.span()); }
  static SubjectDigest AsSubject(const StatementId& id) { return Retag<SubjectDigest>(id); }
  static SubjectDigest ModelSubject(const std::string& name) {
    return Retag<SubjectDigest>(MakeModel(name).digest);
  }
  LeafIndex IndexOf(const StatementId& id) { return ValueOf(world.Read()->Find(id), "row").index; }

  // A dataset that derives from another one.
  StatementId Derive(const StatementId& from, const std::string& data, const std::string& key) {
    return world.Attest(
        schemas::Kind::kDataset,
        drafts::Dataset({.data = drafts::Hex(crypto::Sha256Of(data)), .derived_from = {Hex(from)}}),
        key);
  }

  // Every logged statement with those that its text names anywhere but as the one that it
  // supersedes: found by reading all entries, and not by an index.
  std::map<std::string, std::set<std::string>> NamedBy() {
    const auto reader = world.Read();
    std::map<std::string, boost::json::value> texts_by_id;
    for (uint64_t i = 0; i < reader->size().value(); ++i) {
      const auto entry = ValueOf(reader->EntryAt(LeafIndex(i)), "entry");
      texts_by_id[Hex(entry.id)] =
          boost::json::parse(std::string(AsText(*entry.payload()))).at("predicate");
    }
    std::map<std::string, std::set<std::string>> named;
    for (const auto& [id, predicate] : texts_by_id) {
      named[id];
      Collect(predicate, [&, from = id](const std::string& text) {
        if (texts_by_id.contains(text)) named[from].insert(text);
      });
    }
    return named;
  }
  // Of these statements those from which names lead to `target`.
  std::set<std::string> Leading(const std::set<std::string>& from, const StatementId& target) {
    const auto named = NamedBy();
    std::set<std::string> leading;
    for (const std::string& start : from) {
      std::set<std::string> seen = {start};
      std::vector<std::string> stack = {start};
      while (!stack.empty()) {
        const std::string next = stack.back();
        stack.pop_back();
        for (const std::string& id : named.at(next))
          if (seen.insert(id).second) stack.push_back(id);
      }
      if (seen.contains(Hex(target))) leading.insert(start);
    }
    return leading;
  }

 private:
  StatementId UseSecondDevice() {
    world.device =
        world.Attest(schemas::Kind::kDevice, drafts::Device({.id = kSecondDevice}), "cloud");
    world.allocation =
        world.Attest(schemas::Kind::kAllocation,
                     drafts::Allocation({.holders = {"key:" + drafts::Hex(KeyNamed("lab").id())},
                                         .devices = {Hex(world.device)},
                                         .from_ms = world.clock_ms - kDayMs,
                                         .to_ms = world.clock_ms + kDayMs}),
                     "cloud");
    return world.device;
  }
  StatementId UseData(const std::string& data) {
    world.dataset = world.Attest(
        schemas::Kind::kDataset,
        drafts::Dataset({.name = data, .data = drafts::Hex(crypto::Sha256Of(data))}), "lab");
    return world.dataset;
  }
  template <typename Visit>
  static void Collect(const boost::json::value& value, const Visit& visit) {
    if (value.is_string()) visit(std::string(value.as_string()));
    if (value.is_array())
      for (const auto& item : value.as_array()) Collect(item, visit);
    if (!value.is_object()) return;
    for (const auto& member : value.as_object())
      if (member.key() != "supersedes") Collect(member.value(), visit);
  }
};

}  // namespace carnet::test
