#include "tests/lies/lie.h"

#include <algorithm>

#include "tests/lies/network.h"

namespace carnet::test::lies {

std::vector<Lie> AllLies() {
  std::vector<Lie> all;
  for (const auto* some :
       {&LiesAboutWork(), &LiesAboutSize(), &LiesAboutFiles(), &LiesAboutTime(),
        &LiesAboutCustody(), &LiesAboutLineage(), &LiesAboutParents(), &LiesAboutData()}) {
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

uint64_t LittleLess(Dice& dice) { return dice.Between(350, 680); }

uint64_t FarLess(Dice& dice) { return dice.Between(1, 20); }

std::vector<Model*> ModelsOf(Account& account, const std::string& party) {
  const Reached reached = ReachedFrom(account);
  std::vector<Model*> models;
  for (const size_t place : reached.models) {
    if (account.models[place].party == party) models.push_back(&account.models[place]);
  }
  return models;
}

bool SignsAllWork(const Account& account, const std::string& party) {
  const std::set<size_t> carriers = CarriersOf(account);
  return std::all_of(carriers.begin(), carriers.end(),
                     [&](size_t place) { return account.models[place].party == party; });
}

bool SignsRoot(const Account& account) { return !account.root().lanes.empty(); }

std::vector<size_t> LeasesOf(const Account& account) {
  std::vector<size_t> leases;
  for (const size_t place : ReachedFrom(account).leases) {
    if (account.leases[place].holder == "lab") leases.push_back(place);
  }
  return leases;
}

bool ScaleSold(Account& account, uint64_t thousandths, const std::string& seller) {
  bool any = false;
  for (const size_t place : ReachedFrom(account).leases) {
    Lease& lease = account.leases[place];
    if (lease.seller != seller || !lease.device_ms) continue;
    lease.device_ms = *lease.device_ms * thousandths / 1000;
    any = true;
  }
  return any;
}

void ScaleWork(uint64_t thousandths, Segment& segment) {
  segment.tokens = segment.tokens * thousandths / 1000;
  segment.counted = segment.counted * thousandths / 1000;
  segment.discarded = segment.discarded * thousandths / 1000;
}

void ScaleWork(uint64_t thousandths, Model& model) {
  for (auto& lane : model.lanes) {
    for (Segment& segment : lane) ScaleWork(thousandths, segment);
  }
}

void ScaleTime(uint64_t thousandths, Model& model) {
  for (auto& lane : model.lanes) {
    for (Segment& segment : lane) {
      for (Use& use : segment.usage) use.ms = use.ms * thousandths / 1000;
    }
  }
}

void Recount(Model& model) {
  for (auto& lane : model.lanes) {
    for (Segment& segment : lane) segment.counted = ArchitectureFlop(model, segment) * 103 / 100;
  }
}

void Shrink(uint64_t thousandths, Model& model) {
  model.total = model.total * thousandths / 1000;
  model.active = model.active * thousandths / 1000;
  for (Class& each : model.classes) each.parameters = each.parameters * thousandths / 1000;
  std::erase_if(model.classes, [](const Class& each) { return each.treatment == "lookup"; });
  model.active = 0;
  for (const Class& each : model.classes) model.active += each.parameters;
  model.total = IsDense(model) ? model.active : std::max(model.total, model.active);
  Recount(model);
}

bool TrainsOn(const Account& account) {
  const Model& root = account.root();
  return SignsRoot(account) && root.kind != "adapter" && !root.parents.empty() &&
         CarriesWeights(root.parents.front().edge);
}

void ThawAll(Model& model) {
  std::vector<Table> tables;
  for (const Class& each : model.classes) {
    if (each.treatment == "lookup") tables = each.tables;
  }
  model.classes = TrainedClasses(model, tables);
  Recount(model);
}

bool RestsOnTheUnpublished(const Model& model) {
  return !model.parents.empty() && model.parents.front().reference != Reference::kPassport;
}

Model CheapCopyOf(const Model& model, const std::string& name, uint64_t thousandths) {
  Model copy = model;
  copy.name = name;
  copy.party = "lab";
  copy.recorder.clear();
  copy.plans = false;
  ScaleWork(thousandths, copy);
  ScaleTime(thousandths, copy);
  for (auto& lane : copy.lanes) {
    for (Segment& segment : lane) {
      for (Use& use : segment.usage) use.lease.reset();
    }
  }
  return copy;
}

size_t InsertBeforeRoot(Account& account, Model model) {
  account.models.insert(account.models.end() - 1, std::move(model));
  return account.models.size() - 2;
}

}  // namespace carnet::test::lies
