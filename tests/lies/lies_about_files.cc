#include "tests/lies/lie.h"
#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

constexpr uint64_t kBytes = 4;  // of a value, as the files have them
constexpr uint64_t kMostText = 32 << 20;
constexpr uint64_t kMostPicture = 16 << 20;

// A dense model of the lab's alone, whose size no other signer states.
bool IsOwnWork(const Account& account) {
  const Model& root = account.root();
  if (!SignsRoot(account) || !IsDense(root) || root.weights != Weights::kPlain) return false;
  return root.parents.empty() || !CarriesWeights(root.parents.front().edge);
}

bool IsOfFirstLayer(const Shape& shape) {
  return !shape.tensor.starts_with("layers.") || shape.tensor.starts_with("layers.0.");
}

// Of the layers only the first is in the weight files: how many parameters are not.
uint64_t TakeOutLayers(Model& root) {
  std::erase_if(root.shapes, [](const Shape& shape) { return !IsOfFirstLayer(shape); });
  uint64_t left = 0;
  for (const Shape& shape : root.shapes) left += ElementsOf(shape);
  const uint64_t taken = root.total - left;
  root.total = root.active = left;
  ThawAll(root);
  return taken;
}

size_t LayersOf(const Model& model) {
  size_t layers = 0;
  for (const Shape& shape : model.shapes) layers += shape.tensor.ends_with(".attn.weight");
  return layers;
}

// Each further layer is published under the names of the first, tables repeated, as if it were the
// same network in another precision.
bool CallLayersPrecisions(Account& account, const std::vector<std::string>& dtypes) {
  if (!IsOwnWork(account) || LayersOf(account.root()) != dtypes.size() + 1) return false;
  account.root().copies = dtypes;
  TakeOutLayers(account.root());
  return true;
}

// Of which one has been seen before, or which are more than a network is published in.
bool CallLayersCopies(Account& account, Dice& dice) {
  const std::vector<std::vector<std::string>> all = {
      {"F32"}, {"BF16", "BF16"}, {"F32", "BF16"}, {"F32", "F32", "F32"}, {"BF16", "F16", "F64"}};
  std::vector<std::vector<std::string>> fitting;
  for (const auto& dtypes : all) {
    if (dtypes.size() + 1 == LayersOf(account.root())) fitting.push_back(dtypes);
  }
  return !fitting.empty() && CallLayersPrecisions(account, dice.Of(fitting));
}

bool CallTwoLayersPrecisions(Account& account, Dice&) {
  const size_t layers = LayersOf(account.root());
  return CallLayersPrecisions(account, layers == 2 ? std::vector<std::string>{"BF16"}
                                                   : std::vector<std::string>{"BF16", "F16"});
}

// In files of at most so many bytes each that end like this: all their bytes.
uint64_t Scatter(const std::string& ending, uint64_t bits, uint64_t most, Model& root) {
  const uint64_t bytes = TakeOutLayers(root) * bits / 8;
  const uint64_t count = bytes / most + 1;
  root.others = {ending, count, bytes / count};
  return bytes;
}

// Of all bytes. Fewer are within the rule, also where they hold a third of what is trained.
bool AreAQuarter(uint64_t bytes, const Model& root) { return bytes * 3 >= root.total * kBytes; }

// Each of them far below a quarter.
bool ScatterInSmallFiles(Account& account, Dice& dice) {
  if (!IsOwnWork(account)) return false;
  Model& root = account.root();
  const uint64_t most = root.total * kBytes / dice.Between(20, 200);
  return AreAQuarter(Scatter(".dat", 8 * kBytes, most, root), root);
}

// At so few bits that all of them together stay below a quarter.
bool ScatterFewBits(Account& account, Dice&) {
  if (!IsOwnWork(account)) return false;
  Model& root = account.root();
  return !AreAQuarter(Scatter(".dat", 4, root.total, root), root);
}

// Each of them is as large as a tokenizer may be.
bool ScatterInText(Account& account, bool little) {
  if (!IsOwnWork(account)) return false;
  Model& root = account.root();
  const uint64_t bytes = Scatter(".json", 8 * kBytes, kMostText, root);
  return AreAQuarter(bytes, root) && (bytes <= kMostText) == little;
}

// As pictures, each as large as one may be, that the passport leaves out; so they are in no digest.
bool HideAsPictures(Account& account, uint64_t bits, const std::string& why_not) {
  if (!IsOwnWork(account)) return false;
  Model& root = account.root();
  const uint64_t bytes = Scatter(".png", bits, kMostPicture, root);
  root.others.left_out = "*.png";
  root.others.why_not = why_not;
  return AreAQuarter(bytes, root) == (bits == 8 * kBytes);
}

}  // namespace

const std::vector<Lie>& LiesAboutFiles() {
  static const std::vector<Lie> lies = {
      {"layers_called_copies_of_the_first", {"lab"}, Passes::kNever, "", &CallLayersCopies},
      {"layers_called_precisions_of_the_first",
       {"lab"},
       Passes::kKnown,
       "R35: a network may be published in three precisions; whether values agree, no header shows",
       &CallTwoLayersPrecisions},
      {"weights_in_many_small_files", {"lab"}, Passes::kNever, "", &ScatterInSmallFiles},
      {"weights_of_few_bits_in_other_files",
       {"lab"},
       Passes::kKnown,
       "R35: files of an unknown kind may have up to a quarter of all bytes",
       &ScatterFewBits},
      {"weights_in_many_large_text_files",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return ScatterInText(a, false); }},
      {"weights_in_little_text",
       {"lab"},
       Passes::kKnown,
       "R35: text may have 32 MiB, as a large tokenizer's has",
       [](Account& a, Dice&) { return ScatterInText(a, true); }},
      {"weights_left_out_as_they_are",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return HideAsPictures(a, 8 * kBytes, "is not a PNG picture"); }},
      {"weights_left_out_behind_pictures",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return HideAsPictures(a, 8 * kBytes, ""); }},
      {"weights_of_few_bits_left_out_behind_pictures",
       {"lab"},
       Passes::kKnown,
       "R35: files of an unknown kind may have up to a quarter of all bytes, whether the passport "
       "covers them or not; the verdict lists those that it does not",
       [](Account& a, Dice&) { return HideAsPictures(a, 4, ""); }},
  };
  return lies;
}

}  // namespace carnet::test::lies
