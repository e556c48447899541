#include "tests/lies/lie.h"

namespace carnet::test::lies {
namespace {

constexpr const char* kItsSigner = "what the data are, only their signer knows";

std::vector<DataSet*> DataOf(Account& account) {
  std::vector<DataSet*> datasets;
  for (const size_t place : ReachedFrom(account).datasets) {
    if (account.datasets[place].party == "lab") datasets.push_back(&account.datasets[place]);
  }
  return datasets;
}

bool LeaveOutData(Account& account, Dice& dice) {
  auto& datasets = account.root().datasets;
  if (datasets.size() < 2) return false;
  datasets.erase(datasets.begin() + static_cast<std::ptrdiff_t>(dice.Below(datasets.size())));
  return true;
}

bool ShrinkData(Account& account, Dice& dice) {
  for (DataSet* data : DataOf(account)) data->bytes = data->bytes * dice.Between(1, 650) / 1000;
  return true;
}

bool WithholdSources(Account& account, Dice& dice) {
  const auto own = DataOf(account);
  DataSet& data = *own[dice.Below(own.size())];
  data.undisclosed = true;
  data.generator.reset();
  data.generation.reset();
  return true;
}

bool ForEachSynthetic(Account& account, const std::function<bool(DataSet&)>& change) {
  bool any = false;
  for (DataSet* data : DataOf(account)) {
    if (data->kind == SourceKind::kSynthetic) any = change(*data) || any;
  }
  return any;
}

bool CallSyntheticPublic(DataSet& data) {
  data.kind = SourceKind::kPublic;
  data.generator.reset();
  data.generation.reset();
  return true;
}

bool CallLicensedPublic(Account& account, Dice&) {
  bool any = false;
  for (DataSet* data : DataOf(account)) {
    if (data->kind != SourceKind::kLicensed) continue;
    data->kind = SourceKind::kPublic;
    any = true;
  }
  return any;
}

bool WithholdGeneration(DataSet& data) {
  if (data.generator_public) return false;
  data.generation.reset();
  return true;
}

bool CallGeneratorPublic(DataSet& data) {
  if (data.generator_public) return false;
  data.generator_public = true;
  return true;
}

bool ConcealGenerator(DataSet& data) {
  data.generator.reset();
  return true;
}

}  // namespace

const std::vector<Lie>& LiesAboutData() {
  static const std::vector<Lie> lies = {
      {"a_data_set_left_out", {"lab"}, Passes::kByNature, kItsSigner, &LeaveOutData},
      {"smaller_data_sets", {"lab"}, Passes::kByNature, kItsSigner, &ShrinkData},
      {"sources_withheld", {"lab"}, Passes::kNever, "", &WithholdSources},
      {"licensed_data_called_public", {"lab"}, Passes::kByNature, kItsSigner, &CallLicensedPublic},
      {"synthetic_data_called_public",
       {"lab"},
       Passes::kByNature,
       kItsSigner,
       [](Account& a, Dice&) { return ForEachSynthetic(a, &CallSyntheticPublic); }},
      {"less_work_to_generate_data",
       {"lab"},
       Passes::kKnown,
       "R35: nothing bounds the generation of data from below",
       [](Account& a, Dice& dice) {
         return ForEachSynthetic(a, [&](DataSet& data) {
           data.generation = *data.generation * dice.Between(1, 600) / 1000;
           return true;
         });
       }},
      {"the_generation_of_data_withheld",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return ForEachSynthetic(a, &WithholdGeneration); }},
      {"a_generator_called_public",
       {"lab"},
       Passes::kByNature,
       kItsSigner,
       [](Account& a, Dice&) { return ForEachSynthetic(a, &CallGeneratorPublic); }},
      {"a_generator_concealed",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return ForEachSynthetic(a, &ConcealGenerator); }},
  };
  return lies;
}

}  // namespace carnet::test::lies
