#include "tests/lies/facts.h"

#include <algorithm>
#include <cmath>

namespace carnet::test::lies {
namespace {

using Facts = std::map<std::string, double>;

Uint128 UpdateAlongWeights(const Model& model) {
  Uint128 sum = 0;
  for (const auto& lane : model.lanes) {
    if (lane.empty()) continue;
    size_t seq = lane.size() - 1;
    while (true) {
      if (!lane[seq].withheld) sum += UpdateFlop(model, lane[seq]);
      if (seq == 0) break;
      seq = lane[seq].weights_from.value_or(seq - 1);
    }
  }
  return sum;
}

void AddWork(const Account& account, const Model& model, Facts& facts) {
  for (const auto& lane : model.lanes) {
    for (const Segment& segment : lane) {
      facts["tokens"] += static_cast<double>(segment.tokens);
      facts["work discarded"] += static_cast<double>(segment.discarded);
      for (const Use& use : segment.usage) {
        const double time = static_cast<double>(use.units) * static_cast<double>(use.ms);
        const Device& device = account.devices[use.device];
        facts["work that the devices could do"] += time * static_cast<double>(device.HighestPeak());
        const std::string seller =
            use.lease ? account.leases[*use.lease].seller : std::string("nobody");
        facts["time sold by " + seller] += time;
      }
    }
  }
}

void AddParents(const Account& account, const Model& model, Facts& facts) {
  for (const Parent& parent : model.parents) {
    const bool open = parent.reference == Reference::kNothing || parent.undisclosed;
    facts[parent.edge + (open ? " something open" : "")] += 1;
    if (!open)
      facts["parameters of parents"] += static_cast<double>(account.models[parent.model].total);
  }
}

void AddDataset(const DataSet& data, Facts& facts) {
  const auto bytes = static_cast<double>(data.bytes);
  facts["data sets"] += 1;
  facts["bytes of data"] += bytes;
  if (data.kind == SourceKind::kLicensed) facts["bytes of licensed data"] += bytes;
  if (data.kind == SourceKind::kSynthetic) {
    facts["bytes of synthetic data"] += bytes;
    facts["generation"] += data.generation ? static_cast<double>(*data.generation) : 0;
    facts["public generators"] += data.generator_public ? 1 : 0;
    facts["generators"] += data.generator ? 1 : 0;
  }
  facts["disclosed data sets"] += data.undisclosed ? 0 : 1;
}

}  // namespace

Sums SumsOf(const Account& account) {
  Sums sums;
  std::set<size_t> datasets;
  for (const size_t place : CarriersOf(account)) {
    const Model& model = account.models[place];
    sums.update += UpdateAlongWeights(model);
    for (const auto& lane : model.lanes) {
      for (const Segment& segment : lane) {
        if (!segment.withheld) sums.total += TotalFlop(model, segment);
      }
    }
    datasets.insert(model.datasets.begin(), model.datasets.end());
  }
  for (const size_t place : datasets) {
    const DataSet& data = account.datasets[place];
    const bool counts = data.kind == SourceKind::kSynthetic && !data.generator_public;
    if (counts && data.generation) sums.total += *data.generation;
  }
  return sums;
}

std::map<std::string, double> FactsOf(const Account& account) {
  Facts facts;
  const Sums sums = SumsOf(account);
  facts["total"] = static_cast<double>(sums.total);
  facts["update"] = static_cast<double>(sums.update);
  facts["edges of the passport's sum"] = static_cast<double>(account.edges.size());
  facts["parameters"] = static_cast<double>(account.root().total);
  facts["work of a token"] = static_cast<double>(FlopPerToken(account.root().classes) +
                                                 account.root().attention_per_token);
  facts["active parameters"] = static_cast<double>(account.root().active);
  const Reached reached = ReachedFrom(account);
  facts["models"] = static_cast<double>(reached.models.size());
  for (const size_t place : reached.models) {
    AddWork(account, account.models[place], facts);
    AddParents(account, account.models[place], facts);
  }
  for (const size_t place : reached.datasets) AddDataset(account.datasets[place], facts);
  for (const size_t place : reached.leases) {
    const Lease& lease = account.leases[place];
    facts["allocations"] += 1;
    facts["allocations after KYC"] += lease.kyc_passed ? 1 : 0;
    facts["allocations of stated time"] += lease.device_ms ? 1 : 0;
    facts["time sold"] += static_cast<double>(lease.device_ms.value_or(0));
  }
  for (const size_t place : reached.devices) {
    const Device& device = account.devices[place];
    facts["peak of the devices"] +=
        static_cast<double>(device.units) * static_cast<double>(device.HighestPeak());
    facts["devices of " + device.party] += static_cast<double>(device.units);
  }
  return facts;
}

Effect EffectOf(const Account& truth, const Account& lie) {
  const Facts before = FactsOf(truth);
  Facts after = FactsOf(lie);
  for (const auto& [fact, value] : before) after.try_emplace(fact, 0);
  Effect most;
  for (const auto& [fact, value] : after) {
    const auto found = before.find(fact);
    const double was = found == before.end() ? 0 : found->second;
    const double greater = std::max(was, value);
    if (greater <= 0) continue;
    const double share = std::abs(was - value) / greater;
    if (share > most.share) most = {fact, share};
  }
  return most;
}

}  // namespace carnet::test::lies
