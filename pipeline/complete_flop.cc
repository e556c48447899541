#include "pipeline/complete_flop.h"

#include <array>

#include "core/decimal.h"
#include "core/hex.h"
#include "pipeline/derived_draft.h"
#include "pipeline/logged_predicate.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/figure_inputs.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;
using verifier::compute::HardwareTerm;
using verifier::compute::ParameterClass;

constexpr uint64_t kWholePpm = 1'000'000;

std::optional<uint64_t> CountIn(const Document* value) {
  const bool spelt = value != nullptr && (value->is(Type::kNumber) || value->is(Type::kString));
  return spelt ? ParseDecimalU64(value->text()) : std::nullopt;
}

std::optional<Flop> FlopIn(const Document* value) {
  if (value == nullptr || !value->is(Type::kString)) return std::nullopt;
  const auto flop = Flop::Parse(value->text());
  return flop ? std::optional(*flop) : std::nullopt;
}

std::string_view TextIn(const Document* value) {
  return value != nullptr && value->is(Type::kString) ? std::string_view(value->text()) : "";
}

Error Overflow() { return Malformed("flop: the figure is 2^128 or more"); }

// Sets a field that is absent.
void SetAbsent(Document& object, std::string_view name, const Document& value) {
  if (object.Find(name) == nullptr) object.Set(name, value);
}

// Absent: a class is not one that S9 knows, which the codec reports.
std::optional<std::vector<ParameterClass>> ClassesIn(const Document& method) {
  const Document* stated = method.Find("classes");
  if (stated == nullptr || !stated->is(Type::kArray) || stated->size() == 0) return std::nullopt;
  std::vector<ParameterClass> classes;
  for (size_t i = 0; i < stated->size(); ++i) {
    const auto coefficient =
        verifier::compute::CoefficientOf(TextIn((*stated)[i].Find("treatment")));
    const auto parameters = CountIn((*stated)[i].Find("parameters"));
    if (!coefficient || !parameters) return std::nullopt;
    classes.push_back({*coefficient, *parameters});
  }
  return classes;
}

// Null: there are several, or none. One that is no list is refused where that field is read, and
// not for what would be missing without it.
const Document* OnlyPrecision(const Document& stated) {
  if (stated.is(Type::kString)) return &stated;
  return stated.is(Type::kArray) && stated.size() == 1 ? &stated[0] : nullptr;
}

class FigureCompletion {
 public:
  FigureCompletion(const Document& segment, const PeakOf& peak_of, std::vector<std::string>& notes)
      : segment_(segment), peak_of_(peak_of), notes_(notes) {}

  Result<> Complete(Document& figure) {
    Document* methods = figure.Find("methods");
    if (methods == nullptr || !methods->is(Type::kArray)) return Ok();
    const Document* precisions = segment_.Find("precision");
    if (const Document* only = precisions != nullptr ? OnlyPrecision(*precisions) : nullptr) {
      SetAbsent(figure, "precision", *only);
      methods = figure.Find("methods");  // members move when one is added
    }
    precision_ = schemas::ParsePrecision(TextIn(figure.Find("precision")));
    for (size_t i = 0; i < methods->size(); ++i) {
      if (TextIn((*methods)[i].Find("method")) == "architecture")
        CARNET_TRY_VOID(CompleteArchitecture((*methods)[i]));
    }
    CARNET_TRY(Document kept, CompleteHardware(*methods));
    *methods = std::move(kept);
    SetAmount(figure);
    return Ok();
  }

 private:
  Result<> CompleteArchitecture(Document& method) {
    const auto classes = ClassesIn(method);
    if (!classes) return Ok();
    if (const auto tokens = CountIn(segment_.Find("tokens"))) {
      SetAbsent(method, "tokens", CountOf(*tokens));
    }
    uint64_t sum = 0;
    for (const ParameterClass& each : *classes) {
      if (__builtin_add_overflow(sum, each.parameters, &sum)) return Overflow();
    }
    SetAbsent(method, "parameters", CountOf(sum));
    const auto tokens = CountIn(method.Find("tokens"));
    const Document* attention = method.Find("attention_per_token");
    const auto per_token = attention == nullptr ? std::optional(Flop(0)) : FlopIn(attention);
    if (!tokens || !per_token) return Ok();
    const auto flop = verifier::compute::ArchitectureFlop(*tokens, *classes, *per_token);
    if (!flop) return Overflow();
    SetAbsent(method, "result", Document::String(flop->ToString()));
    architecture_ = FlopIn(method.Find("result"));
    return Ok();
  }

  Result<Document> CompleteHardware(const Document& methods) {
    Document kept = Document::Array();
    for (size_t i = 0; i < methods.size(); ++i) {
      Document method = methods[i];
      if (TextIn(method.Find("method")) == "hardware") {
        const bool derived =
            TextIn(method.Find("basis")) == "derived" && method.Find("terms") == nullptr;
        if (derived) {
          CARNET_TRY(const bool made, MakeTerms(method));
          if (!made) continue;
        }
        CARNET_TRY_VOID(CompleteTerms(method));
      }
      kept.Append(std::move(method));
    }
    return kept;
  }

  // Of a usage item; absent where the draft or the ledger does not tell it.
  Result<std::optional<HardwareTerm>> TermOf(const Document& item) {
    const auto units = CountIn(item.Find("units"));
    const auto ms = CountIn(item.Find("ms"));
    if (!units || !ms || !precision_) return std::optional<HardwareTerm>();
    CARNET_TRY(const auto peak, peak_of_(TextIn(item.Find("device")), *precision_));
    if (!peak) return std::optional<HardwareTerm>();
    return std::optional(HardwareTerm{*units, *ms, *peak, kWholePpm});
  }

  const Document* Usage() const {
    const Document* usage = segment_.Find("usage");
    return usage != nullptr && usage->is(Type::kArray) && usage->size() > 0 ? usage : nullptr;
  }

  // The share of the peak that the architecture's figure amounts to. False: it cannot be said.
  Result<bool> MakeTerms(Document& method) {
    const auto leave_out = [&](std::string_view why) {
      notes_.push_back("flop: the hardware method is left out: " + std::string(why));
      return false;
    };
    if (Usage() == nullptr) return leave_out("no device is used");
    if (!architecture_)
      return leave_out("no utilisation follows without the architecture's figure");
    std::vector<HardwareTerm> terms;
    for (size_t i = 0; i < Usage()->size(); ++i) {
      CARNET_TRY(const auto term, TermOf((*Usage())[i]));
      if (!term) return leave_out("the peak of a device at this precision is not known");
      terms.push_back(*term);
    }
    const auto whole = verifier::compute::HardwareFlop(terms);
    if (!whole) return Overflow();
    if (*whole == Flop(0)) return leave_out("no time is used");
    const auto ppm = MulDiv(architecture_->value(), kWholePpm, whole->value());
    if (!ppm || *ppm > kWholePpm) return leave_out("the figure is more than the devices can do");
    if (*ppm == 0)
      return leave_out("the figure is less than a millionth of what the devices can do");
    Document made = Document::Array();
    for (size_t i = 0; i < terms.size(); ++i) {
      made.Append(Document::Object()).Set("utilisation_ppm", CountOf(static_cast<uint64_t>(*ppm)));
    }
    method.Set("terms", std::move(made));
    return true;
  }

  Result<> CompleteTerms(Document& method) {
    Document* stated = method.Find("terms");
    if (stated == nullptr || !stated->is(Type::kArray) || Usage() == nullptr ||
        stated->size() != Usage()->size()) {
      return Ok();  // R31 compares them
    }
    std::vector<HardwareTerm> terms;
    for (size_t i = 0; i < stated->size(); ++i) {
      Document& term = (*stated)[i];
      if (!term.is(Type::kObject)) return Ok();
      CARNET_TRY(const auto used, TermOf((*Usage())[i]));
      if (used) {
        SetAbsent(term, "units", CountOf(used->units));
        SetAbsent(term, "ms", CountOf(used->ms));
        SetAbsent(term, "peak", Document::String(used->peak.ToString()));
      }
      const auto units = CountIn(term.Find("units"));
      const auto ms = CountIn(term.Find("ms"));
      const auto peak = FlopIn(term.Find("peak"));
      const auto ppm = CountIn(term.Find("utilisation_ppm"));
      if (!units || !ms || !peak || !ppm) return Ok();
      terms.push_back({*units, *ms, *peak, *ppm});
    }
    const auto flop = verifier::compute::HardwareFlop(terms);
    if (!flop) return Overflow();
    SetAbsent(method, "result", Document::String(flop->ToString()));
    return Ok();
  }

  static void SetAmount(Document& figure) {
    const Document& methods = *figure.Find("methods");
    if (methods.size() > 0 && !TextIn(methods[0].Find("method")).empty()) {
      SetAbsent(figure, "method", Document(*methods[0].Find("method")));
    }
    const std::string method(TextIn(figure.Find("method")));
    for (size_t i = 0; i < figure.Find("methods")->size(); ++i) {
      const Document& each = (*figure.Find("methods"))[i];
      const Document* result = each.Find("result");
      if (TextIn(each.Find("method")) != method || result == nullptr) continue;
      return SetAbsent(figure, "amount", Document(*result));
    }
  }

  const Document& segment_;
  const PeakOf& peak_of_;
  std::vector<std::string>& notes_;
  std::optional<schemas::Precision> precision_;
  std::optional<Flop> architecture_;
};

// Step 1.
Result<> ShareFigure(Document& segment) {
  Document* flop = segment.Find("flop");
  if (flop == nullptr || !flop->is(Type::kObject) || flop->Find("methods") == nullptr) return Ok();
  if (flop->Find("update") != nullptr || flop->Find("total") != nullptr) {
    return Malformed("flop: a figure that update and total share, and one of them beside it");
  }
  Document shared = Document::Object();
  shared.Set("update", *flop);
  shared.Set("total", *flop);
  *flop = std::move(shared);
  return Ok();
}

}  // namespace

PeakOf LoggedPeaks(const ledger::Reader& reader, const verifier::compute::Catalogue& chips) {
  return [&reader, &chips](std::string_view device,
                           schemas::Precision precision) -> Result<std::optional<Flop>> {
    const auto id = HexDecodeTo<StatementId>(device);
    if (!id) return std::optional<Flop>();  // the codec says that it is no id
    const auto predicate = ReadLogged(reader, *id, schemas::Kind::kDevice);
    if (predicate) return verifier::compute::PeakToState(*predicate, chips, precision);
    const ErrorCode code = predicate.error().code;
    const bool elsewhere = code == ErrorCode::kNotFound || code == ErrorCode::kRejected;
    return elsewhere ? Result<std::optional<Flop>>(std::optional<Flop>())
                     : Result<std::optional<Flop>>(predicate.error());
  };
}

Result<std::vector<std::string>> CompleteFlop(Document& segment, const PeakOf& peak_of) {
  CARNET_TRY_VOID(ShareFigure(segment));
  std::vector<std::string> notes;
  for (const char* name : {"update", "total"}) {
    const Document* flop = segment.Find("flop");
    const Document* figure = flop == nullptr ? nullptr : flop->Find(name);
    if (figure == nullptr || !figure->is(Type::kObject)) continue;
    Document completed = *figure;
    std::vector<std::string> repeated;  // of `total` they are those of `update`
    FigureCompletion completion(segment, peak_of, notes.empty() ? notes : repeated);
    CARNET_TRY_VOID(completion.Complete(completed));
    segment.Find("flop")->Set(name, std::move(completed));
  }
  return notes;
}

}  // namespace carnet::pipeline
