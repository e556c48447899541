#include "tests/lies/lie.h"

namespace carnet::test::lies {
namespace {

constexpr const char* kHardware = "only evidence from the device itself tells what it is";

// Device time of a seller is presented as that of a machine of the lab's own.
bool OwnADevice(Account& account, const std::string& party) {
  if (LeasesOf(account).empty()) return false;
  Device own = account.devices.front();
  own.name = "own";
  own.id = "aws:i-99999999";
  own.members.clear();
  own.units = 1;
  own.party = party;
  const size_t place = account.devices.size();
  account.devices.push_back(own);
  Model& root = account.root();
  if (root.lanes.size() != 1 || root.party != "lab") return false;
  for (Segment& segment : root.lanes.front()) {
    Use& use = segment.usage.front();
    ScaleWork(1000 / use.units, segment);
    use = {place, std::nullopt, 1, use.ms, own.Peak()};
  }
  return true;
}

std::vector<size_t> RentedDevices(const Account& account, const std::string& seller) {
  std::vector<size_t> devices;
  for (const size_t place : ReachedFrom(account).devices) {
    if (account.devices[place].party == seller) devices.push_back(place);
  }
  return devices;
}

const Chip kSlower = {"a100-sxm4-80gb", "NVIDIA", 312'000'000'000'000, 624'000'000'000'000, true};
const Chip kFaster = {"b200", "NVIDIA", 2'250'000'000'000'000, 9'000'000'000'000'000, true};

const Chip kUnlisted = {"h100-oem", "NVIDIA", 989'400'000'000'000, 100'000'000'000'000, false};

bool NameChips(Account& account, const Chip& chip, uint64_t cpu_hz) {
  bool any = false;
  for (const size_t place : RentedDevices(account, "cloud")) {
    Device& device = account.devices[place];
    if (device.chip != nullptr && !device.chip->listed) continue;
    if (device.chip == nullptr && cpu_hz == 0) continue;
    if (device.chip != nullptr) device.chip = &chip;
    device.cpu_hz = cpu_hz;
    any = true;
  }
  return any;
}

void RestatePeaks(const Account& account, Model& model) {
  for (auto& lane : model.lanes) {
    for (Segment& segment : lane) {
      for (Use& use : segment.usage) use.peak = account.devices[use.device].Peak();
    }
  }
}

bool MultiplyUnits(Account& account, Dice&) {
  bool any = false;
  for (const size_t place : RentedDevices(account, "cloud")) {
    Device& device = account.devices[place];
    if (!device.members.empty() || device.chip == nullptr) continue;
    device.units *= 4;
    any = true;
  }
  return any;
}

bool SellWithoutACount(Account& account, Dice&) {
  bool any = false;
  for (Lease& lease : account.leases) {
    if (lease.seller == "cloud" && lease.device_ms) any = true;
    if (lease.seller == "cloud") lease.device_ms.reset();
  }
  return any;
}

bool ConcealTheReseller(Account& account, Dice&) {
  bool any = false;
  for (const size_t place : ReachedFrom(account).leases) {
    Lease& lease = account.leases[place];
    if (lease.seller != "broker") continue;
    lease.parent.reset();
    any = true;
  }
  return any;
}

bool PassKyc(Account& account, Dice&) {
  bool any = false;
  for (Lease& lease : account.leases) {
    if (lease.seller != "cloud" || lease.kyc_passed) continue;
    lease.kyc_passed = true;
    any = true;
  }
  return any;
}

bool UseTheLeaseOfAnother(Account& account, Dice&) {
  Model& root = account.root();
  for (size_t i = 0; i < account.leases.size(); ++i) {
    if (account.leases[i].holder != "lab2" || !SignsRoot(account)) continue;
    Use& use = root.lanes.front().front().usage.front();
    use.lease = i;
    use.device = account.leases[i].device;
    use.units = account.devices[use.device].units;
    use.peak = account.devices[use.device].Peak();
    return true;
  }
  return false;
}

}  // namespace

const std::vector<Lie>& LiesAboutCustody() {
  static const std::vector<Lie> lies = {
      {"a_device_of_ones_own_that_trust_does_not_allow",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return !a.lab_may_sign_devices && OwnADevice(a, "lab"); }},
      {"a_rented_device_called_ones_own",
       {"lab"},
       Passes::kByNature,
       kHardware,
       [](Account& a, Dice&) { return a.lab_may_sign_devices && OwnADevice(a, "lab"); }},
      {"slower_chips_than_were_sold",
       {"cloud"},
       Passes::kByNature,
       kHardware,
       [](Account& a, Dice&) { return NameChips(a, kSlower, 1'700'000'000); }},
      {"faster_chips_than_were_sold",
       {"cloud"},
       Passes::kByNature,
       kHardware,
       [](Account& a, Dice&) { return NameChips(a, kFaster, 5'900'000'000); }},
      {"chips_that_no_catalogue_lists",
       {"cloud"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return NameChips(a, kUnlisted, 0); }},
      {"slower_chips_by_both",
       {"cloud", "lab"},
       Passes::kByNature,
       kHardware,
       [](Account& a, Dice& dice) {
         if (!SignsAllWork(a, "lab") || !NameChips(a, kSlower, 1'700'000'000)) return false;
         for (Model* model : ModelsOf(a, "lab")) {
           ScaleWork(dice.Between(100, 300), *model);
           RestatePeaks(a, *model);
         }
         return true;
       }},
      {"more_units_than_the_device_has", {"cloud"}, Passes::kByNature, kHardware, &MultiplyUnits},
      {"less_time_than_was_used",
       {"cloud"},
       Passes::kNever,
       "",
       [](Account& a, Dice& dice) { return ScaleSold(a, dice.Between(100, 680), "cloud"); }},
      {"more_time_than_was_sold",
       {"cloud"},
       Passes::kByNature,
       "the seller's word is the other side's evidence: the upper bound rises",
       [](Account& a, Dice& dice) { return ScaleSold(a, dice.Between(1500, 2500), "cloud"); }},
      {"far_more_time_than_was_sold",
       {"cloud"},
       Passes::kByNature,
       "the stated sums still hold from below; those of which they are too little are open",
       [](Account& a, Dice& dice) { return ScaleSold(a, dice.Between(30'000, 90'000), "cloud"); }},
      {"time_sold_without_a_count",
       {"cloud"},
       Passes::kByNature,
       "the verdict says that the time is not counter-signed",
       &SellWithoutACount},
      {"a_reseller_that_conceals_its_seller",
       {"broker"},
       Passes::kByNature,
       "only the first seller could contradict",
       &ConcealTheReseller},
      {"kyc_that_did_not_pass",
       {"cloud"},
       Passes::kByNature,
       "the seller's own word, which the row gives as such",
       &PassKyc},
      {"the_lease_of_another_lab", {"lab"}, Passes::kNever, "", &UseTheLeaseOfAnother},
  };
  return lies;
}

}  // namespace carnet::test::lies
