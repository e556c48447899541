#include "tests/lies/lie.h"

namespace carnet::test::lies {
namespace {

constexpr const char* kAlone = "nobody but the signer states the time: the verdict says so";

bool SoldTimeIsStated(const Account& account) {
  const auto leases = LeasesOf(account);
  if (leases.empty()) return false;
  for (const Model& model : account.models) {
    for (const auto& lane : model.lanes) {
      for (const Segment& segment : lane) {
        for (const Use& use : segment.usage) {
          if (!use.lease || !account.leases[*use.lease].device_ms) return false;
        }
      }
    }
  }
  return true;
}

void LowerWorkAndHours(Account& account, uint64_t thousandths) {
  for (Model* model : ModelsOf(account, "lab")) {
    ScaleWork(thousandths, *model);
    ScaleTime(thousandths, *model);
  }
}

bool LowerWhereSold(Account& account, uint64_t thousandths) {
  if (!SignsAllWork(account, "lab") || !SoldTimeIsStated(account)) return false;
  LowerWorkAndHours(account, thousandths);
  return true;
}

bool LowerWhereNobodyCounts(Account& account, Dice& dice) {
  for (const size_t lease : LeasesOf(account)) {
    if (account.leases[lease].device_ms) return false;
  }
  LowerWorkAndHours(account, dice.Between(1, 680));
  return true;
}

bool LowerUnits(Account& account, Dice&) {
  bool any = false;
  for (Model* model : ModelsOf(account, "lab")) {
    for (auto& lane : model->lanes) {
      for (Segment& segment : lane) {
        Use& use = segment.usage.front();
        if (use.units < 4) continue;
        ScaleWork(500, segment);
        use.units /= 2;
        any = true;
      }
    }
  }
  return any;
}

bool StateNoUsage(Account& account, Dice& dice) {
  if (!SignsAllWork(account, "lab")) return false;
  for (Model* model : ModelsOf(account, "lab")) {
    ScaleWork(FarLess(dice), *model);
    model->methods = Methods::kArchitecture;
    model->plans = false;
    for (auto& lane : model->lanes) {
      for (Segment& segment : lane) segment.usage.clear();
    }
  }
  return true;
}

bool NameNoLease(Account& account, Dice& dice) {
  if (LeasesOf(account).empty()) return false;
  LowerWorkAndHours(account, dice.Between(1, 680));
  for (Model* model : ModelsOf(account, "lab")) {
    model->plans = false;
    for (auto& lane : model->lanes) {
      for (Segment& segment : lane) {
        for (Use& use : segment.usage) use.lease.reset();
      }
    }
  }
  return true;
}

bool ResellToOneself(Account& account, Dice& dice) {
  for (const size_t place : LeasesOf(account)) {
    if (!account.leases[place].device_ms) return false;
  }
  if (!SignsAllWork(account, "lab")) return false;
  const auto leases = LeasesOf(account);
  if (leases.empty() || !SoldTimeIsStated(account)) return false;
  LowerWorkAndHours(account, FarLess(dice));
  for (const size_t place : leases) {
    Lease part = account.leases[place];
    part.name += ".part";
    part.seller = "lab";
    part.parent = place;
    part.device_ms = *part.device_ms / 50;
    account.leases.push_back(part);
    for (Model* model : ModelsOf(account, "lab")) {
      for (auto& lane : model->lanes) {
        for (Segment& segment : lane) {
          for (Use& use : segment.usage) {
            if (use.lease == place) use.lease = account.leases.size() - 1;
          }
        }
      }
    }
  }
  return true;
}

// The second lane is said to have run on the first one's device.
bool RunBothLanesOnOneDevice(Account& account, Dice&) {
  Model& root = account.root();
  if (root.lanes.size() < 2) return false;
  for (size_t seq = 0; seq < root.lanes[1].size(); ++seq) {
    root.lanes[1][seq].usage = root.lanes[0][seq].usage;
  }
  return true;
}

bool LowerEverythingTogether(Account& account, Dice& dice) {
  if (!SignsAllWork(account, "lab")) return false;
  for (const Lease& lease : account.leases) {
    if (lease.seller != "cloud") return false;
  }
  const uint64_t share = dice.Between(5, 680);
  LowerWorkAndHours(account, share);
  for (const size_t place : LeasesOf(account)) {
    auto& sold = account.leases[place].device_ms;
    if (sold) sold = *sold * (share + 1) / 1000;
  }
  return true;
}

}  // namespace

const std::vector<Lie>& LiesAboutTime() {
  static const std::vector<Lie> lies = {
      {"fewer_hours_and_less_work_than_were_sold",
       {"lab"},
       Passes::kKnown,
       "R37: time sold and not used may have been idle, up to the policy's least share",
       [](Account& a, Dice& dice) { return LowerWhereSold(a, LittleLess(dice)); }},
      {"hardly_any_of_the_hours_that_were_sold",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice& dice) { return LowerWhereSold(a, FarLess(dice)); }},
      {"fewer_hours_where_no_seller_counts_them",
       {"lab"},
       Passes::kByNature,
       kAlone,
       &LowerWhereNobodyCounts},
      {"half_of_the_devices",
       {"lab"},
       Passes::kKnown,
       "R37: as fewer hours than were sold; by nature where no seller counts them",
       &LowerUnits},
      {"no_time_on_any_device", {"lab"}, Passes::kNever, "", &StateNoUsage},
      {"time_without_its_allocation", {"lab"}, Passes::kByNature, kAlone, &NameNoLease},
      {"time_resold_to_oneself", {"lab"}, Passes::kNever, "", &ResellToOneself},
      {"two_lanes_at_once_on_one_device", {"lab"}, Passes::kNever, "", &RunBothLanesOnOneDevice},
      {"everything_lowered_together",
       {"cloud", "lab"},
       Passes::kByNature,
       "tokens, hours and time sold agree: both parties lie",
       &LowerEverythingTogether},
  };
  return lies;
}

}  // namespace carnet::test::lies
