#include "tests/lies/draw_account.h"

#include <algorithm>

#include "schemas/device_id.h"
#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

constexpr uint64_t kPpm = 1'000'000;

const std::vector<Chip>& Chips() {
  // As the chips' data sheets have them.
  static const std::vector<Chip> chips = {
      {"h100-sxm5", "NVIDIA", 989'400'000'000'000, 1'979'000'000'000'000, true},
      {"a100-sxm4-80gb", "NVIDIA", 312'000'000'000'000, 624'000'000'000'000, true},
      {"b200", "NVIDIA", 2'250'000'000'000'000, 9'000'000'000'000'000, true},
      {"mi300x", "AMD", 1'307'400'000'000'000, 2'614'900'000'000'000, true},
      {"tpu-v4", "Google", 275'000'000'000'000, 275'000'000'000'000, true}};
  return chips;
}

const Chip kUnlistedChip = {"foundry-x1", "Foundry", 500'000'000'000'000, 500'000'000'000'000,
                            false};

std::string InstanceId(uint64_t number) { return "aws:i-" + std::to_string(10'000'000 + number); }

class Drawing {
 public:
  explicit Drawing(Dice& dice) : dice_(dice) {}

  Account Draw() {
    small_ = dice_.Chance(20);
    account_.lab_may_sign_devices = dice_.Chance(25);
    DrawDevices();
    for (const char* edge : {"fine-tuned-from", "initialised-from", "merged-from", "adapter-on",
                             "quantised-from", "ablated-from"}) {
      account_.edges.push_back(edge);
    }
    if (dice_.Chance(50)) account_.edges.push_back("synthetic-data-from");
    DrawModel(dice_.Of(kRootKinds), 0);
    SellTime();
    return std::move(account_);
  }

 private:
  inline static const std::vector<std::string> kRootKinds = {
      "pre-training", "pre-training", "fine-tune", "fine-tune", "reinforcement-learning",
      "distillation", "adapter",      "merge",     "merge",     "quantisation",
      "ablation"};
  inline static const std::vector<std::string> kParentKinds = {"pre-training", "pre-training",
                                                               "fine-tune"};

  void DrawDevices() {
    const size_t count = dice_.Between(2, 3);
    const bool unlisted = dice_.Chance(8);
    for (size_t i = 0; i < count; ++i) {
      Device device{.name = "device" + std::to_string(i), .id = InstanceId(100 * i)};
      if (small_) {
        device.id = "tpm:ek:" + std::string(63, 'c') + std::to_string(i);
      } else {
        device.chip = unlisted ? &kUnlistedChip : &dice_.Of(Chips());
        device.units = dice_.Of(std::vector<uint64_t>{1, 4, 8});
        if (dice_.Chance(30)) MakeGroup(i, device);
      }
      // The first is the cloud's: other labs have none of their own.
      if (i > 0 && account_.lab_may_sign_devices && dice_.Chance(50)) device.party = "lab";
      account_.devices.push_back(std::move(device));
    }
  }

  void MakeGroup(size_t place, Device& device) {
    device.units = dice_.Between(2, 12);
    for (uint64_t i = 0; i < device.units; ++i) {
      device.members.push_back(InstanceId(100 * place + 1 + i));
    }
    device.id = schemas::GroupId({device.members.begin(), device.members.end()});
  }

  // The last of the list then; its parents before it.
  size_t DrawModel(const std::string& kind, int depth) {
    Model model{.kind = kind};
    if (depth > 0 && dice_.Chance(40)) model.party = "lab2";
    if (model.party == "lab" && dice_.Chance(20)) model.recorder = "lab.2";
    DrawParents(depth, model);
    DrawShape(model);
    DrawMethods(model);
    if (dice_.Chance(60)) model.attention_per_token = DrawAttention(model);
    model.plans = dice_.Chance(20);
    const bool converts = kind == "merge" || kind == "quantisation";
    if (!converts) DrawLanes(depth, model);
    DrawDatasets(depth, model);
    if (depth == 0 && kind != "adapter" && IsDense(model) && dice_.Chance(5)) {
      model.weights = Weights::kUnreadable;
    }
    if (kind == "quantisation") model.weights = Weights::kFp8;
    model.name = "m" + std::to_string(account_.models.size());
    account_.models.push_back(std::move(model));
    return account_.models.size() - 1;
  }

  // Without classes every parameter counts as trained (R35): whoever trains fewer states them.
  void DrawMethods(Model& model) {
    std::vector<Methods> methods = {Methods::kArchitecture, Methods::kArchitectureAndCounter,
                                    Methods::kArchitectureAndHardware};
    if (FlopPerToken(model.classes) * 100 >= static_cast<Uint128>(6) * 75 * model.active) {
      methods.insert(methods.end(), {Methods::kCounter, Methods::kCounterAndHardware});
    }
    model.methods = dice_.Of(methods);
  }

  Uint128 DrawAttention(const Model& model) {
    const uint64_t percent = dice_.Chance(25) ? dice_.Between(60, 150) : dice_.Between(3, 15);
    return FlopPerToken(model.classes) * percent / 100;
  }

  void AddParent(const std::string& edge, const std::string& kind, int depth, Model& model) {
    const size_t parent = DrawModel(kind, depth + 1);
    const bool own = account_.models[parent].party == model.party;
    const bool unpublished = own && dice_.Chance(25);
    model.parents.push_back(
        {edge, parent, unpublished ? Reference::kCompletion : Reference::kPassport});
  }

  void DrawParents(int depth, Model& model) {
    const std::string kind = depth < 2 ? dice_.Of(kParentKinds) : "pre-training";
    if (model.kind == "pre-training") {
      if (depth == 0 && dice_.Chance(25)) AddParent("initialised-from", kind, depth, model);
    } else if (model.kind == "fine-tune" || model.kind == "reinforcement-learning") {
      AddParent("fine-tuned-from", kind, depth, model);
    } else if (model.kind == "adapter") {
      AddParent("adapter-on", kind, depth, model);
    } else if (model.kind == "quantisation") {
      AddParent("quantised-from", kind, depth, model);
    } else if (model.kind == "ablation") {
      AddParent("ablated-from", kind, depth, model);
    } else if (model.kind == "distillation") {
      AddParent("distilled-from", kind, depth, model);
    } else {
      const uint64_t parts = dice_.Between(2, 3);
      for (uint64_t i = 0; i < parts; ++i) AddParent("merged-from", "pre-training", depth, model);
    }
  }

  void DrawShape(Model& model) {
    const std::string edge = model.parents.empty() ? "" : model.parents.front().edge;
    if (edge.empty() || edge == "distilled-from" ||
        (edge == "initialised-from" && dice_.Chance(30))) {
      return DrawNetwork(small_, dice_, model);
    }
    const Model& parent = account_.models[model.parents.front().model];
    if (edge == "adapter-on") return DrawAdapter(parent, dice_, model);
    CopyNetwork(parent, model);
    if (edge == "merged-from") MakeOfOneShape(model);
    if (model.kind == "fine-tune" && IsDense(model) && dice_.Chance(15)) FreezeFirstLayer(model);
  }

  // The parts of a merge are averaged.
  void MakeOfOneShape(const Model& model) {
    for (const Parent& part : model.parents) {
      Model& other = account_.models[part.model];
      CopyNetwork(model, other);
      other.attention_per_token = model.attention_per_token;
      DrawMethods(other);
      for (auto& lane : other.lanes) {
        for (Segment& segment : lane) Work(other, 0, segment);
      }
    }
  }

  void DrawLanes(int depth, Model& model) {
    std::vector<size_t> devices;
    for (size_t i = 0; i < account_.devices.size(); ++i) {
      if (account_.devices[i].party == "cloud" || model.party == "lab") devices.push_back(i);
    }
    const size_t lanes = devices.size() > 1 && dice_.Chance(30) ? 2 : 1;
    const uint64_t discarded_percent =
        model.kind == "reinforcement-learning" ? dice_.Between(60, 200) : 0;
    const size_t first = dice_.Below(devices.size());
    const size_t segments = dice_.Between(1, depth == 0 ? 3 : 2);
    model.lanes.resize(lanes);
    for (size_t seq = 0; seq < segments; ++seq) {
      const uint64_t ms = dice_.Between(600'000, 20'000'000);
      for (size_t lane = 0; lane < lanes; ++lane) {
        const size_t device = devices[(first + lane) % devices.size()];
        model.lanes[lane].push_back(DrawSegment(model, device, ms, discarded_percent));
      }
    }
    const bool rolls_back = depth == 0 && segments == 3 && dice_.Chance(30);
    if (rolls_back) model.lanes.front()[2].weights_from = 0;
  }

  Segment DrawSegment(const Model& model, size_t device, uint64_t ms, uint64_t discarded_percent) {
    const Device& used = account_.devices[device];
    Segment segment{.ms = ms};
    segment.usage = {
        {device, LeaseOf(device, model.party), used.units, ms - dice_.Below(ms / 20), used.Peak()}};
    Work(model, discarded_percent, segment);
    return segment;
  }

  // As many tokens as keep the devices as busy as honest runs do. A counter finds a little more
  // than the formula.
  void Work(const Model& model, uint64_t discarded_percent, Segment& segment) {
    const Use& use = segment.usage.front();
    const Uint128 peak = static_cast<Uint128>(use.units) * use.ms * use.peak / 1000;
    const uint64_t busy = dice_.Between(280'000, 550'000) * 100 / (100 + discarded_percent);
    const Uint128 per_token = FlopPerToken(model.classes) + model.attention_per_token;
    segment.tokens = static_cast<uint64_t>(peak * busy / kPpm / per_token);
    segment.counted = ArchitectureFlop(model, segment) * dice_.Between(1000, 1060) / 1000;
    segment.discarded = ArchitectureFlop(model, segment) * discarded_percent / 100;
  }

  std::optional<size_t> LeaseOf(size_t device, const std::string& party) {
    if (account_.devices[device].party == party) return std::nullopt;
    for (size_t i = 0; i < account_.leases.size(); ++i) {
      if (account_.leases[i].device == device && account_.leases[i].holder == party) return i;
    }
    account_.leases.push_back({.name = "lease" + std::to_string(account_.leases.size()),
                               .device = device,
                               .holder = party});
    return account_.leases.size() - 1;
  }

  void DrawDatasets(int depth, Model& model) {
    const size_t count = dice_.Between(1, depth == 0 ? 3 : 2);
    for (size_t i = 0; i < count; ++i) {
      DataSet data{.party = model.party, .bytes = dice_.Between(1'000'000, 1'000'000'000'000)};
      if (dice_.Chance(30)) data.kind = SourceKind::kLicensed;
      if (depth == 0 && dice_.Chance(20)) MakeSynthetic(model, data);
      data.name = "data" + std::to_string(account_.datasets.size());
      model.datasets.push_back(account_.datasets.size());
      account_.datasets.push_back(std::move(data));
    }
  }

  void MakeSynthetic(const Model& model, DataSet& data) {
    data.kind = SourceKind::kSynthetic;
    data.generator_public = dice_.Chance(30);
    data.generator = DrawModel("pre-training", 2);
    Uint128 work = 0;
    for (const auto& lane : model.lanes) {
      for (const Segment& segment : lane) work += TotalFlop(model, segment);
    }
    data.generation = work * dice_.Between(50, 150) / 100 + 1'000'000;
  }

  // What the segments use, and often a little more.
  void SellTime() {
    const size_t direct = account_.leases.size();
    for (size_t i = 0; i < direct; ++i) {
      uint64_t used = 0;
      for (const Model& model : account_.models) {
        for (const auto& lane : model.lanes) {
          for (const Segment& segment : lane) {
            for (const Use& use : segment.usage) {
              if (use.lease == i) used += use.units * use.ms;
            }
          }
        }
      }
      Lease& lease = account_.leases[i];
      if (dice_.Chance(80)) lease.device_ms = used * dice_.Between(1000, 1250) / 1000;
      lease.kyc_passed = dice_.Chance(70);
      if (dice_.Chance(20)) Resell(i);
    }
  }

  void Resell(size_t place) {
    Lease whole = account_.leases[place];
    whole.name = "lease" + std::to_string(account_.leases.size());
    whole.holder = "broker";
    account_.leases[place].seller = "broker";
    account_.leases[place].parent = account_.leases.size();
    account_.leases.push_back(std::move(whole));
  }

  Dice& dice_;
  Account account_;
  bool small_ = false;
};

}  // namespace

Account DrawAccount(Dice& dice) { return Drawing(dice).Draw(); }

}  // namespace carnet::test::lies
