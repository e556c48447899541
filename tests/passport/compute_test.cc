// R30-R37: FLOP figures and their sums, device time, physics, agreement, floors.
#include "core/timestamp.h"
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

constexpr const char* kUpdate = "/flop/update";
constexpr const char* kTotal = "/flop/total";
constexpr const char* kMax128 = "340282366920938463463374607431768211455";

std::string TimeText(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

void SetFlop(World& w, const std::string& segment, const std::string& figure) {
  w.Set(segment, kUpdate, figure);
  w.Set(segment, kTotal, figure);
}

// In both figures of chat.1.
void SetInFigures(World& w, const std::string& pointer, const std::string& json) {
  for (const char* figure : {kUpdate, kTotal}) w.Set("chat.1", figure + pointer, json);
}

void DropInFigures(World& w, const std::string& pointer) {
  for (const char* figure : {kUpdate, kTotal}) w.Drop("chat.1", figure + pointer);
}

std::string Counter(const std::string& result) {
  return R"({"method":"counter","result":)" + Quoted(result) + R"(,"source":"hooks"})";
}

std::string CounterFigure(const std::string& amount) {
  return drafts::SingleFigure(amount, "counter");
}

// `utilisation` in ppm of the CPU's peak; a minute at the full peak makes 2.304e13 FLOP.
std::string Hardware(const std::string& result, uint64_t utilisation, uint64_t ms = kMinuteMs) {
  return R"({"method":"hardware","result":)" + Quoted(result) +
         R"(,"basis":"mfu","terms":[{"units":1,"ms":)" + std::to_string(ms) +
         R"(,"peak":"384000000000","utilisation_ppm":)" + std::to_string(utilisation) + "}]}";
}

// The story's processor as an accelerator whose peak its own statement declares.
void DeclarePeaks(World& w, const std::string& chip, const std::string& bf16) {
  w.Drop("cpu", "/cpu");
  w.Set("cpu", "/chip", Quoted(chip));
  w.Set("cpu", "/declared_peaks",
        R"({"peaks":[{"precision":"bf16","flops":)" + Quoted(bf16) + R"(}],"source":"a sheet"})");
}

void SetTokens(World& w, const std::string& tokens) { w.Set("chat.1", "/tokens", tokens); }

}  // namespace

const std::vector<Attack>& ComputeAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"a_method_that_is_not_given", 30, R::kBadFlop, "flop.update: method hardware is not among",
       [](World& w) { SetInFigures(w, "/method", R"("hardware")"); }},
      {"an_architecture_without_classes", 30, R::kBadFlop, "architecture has no classes",
       [](World& w) { DropInFigures(w, "/methods/0/classes"); }},
      {"an_architecture_without_tokens", 30, R::kBadFlop, "architecture has no tokens",
       [](World& w) { DropInFigures(w, "/methods/0/tokens"); }},
      {"a_counter_without_source", 30, R::kBadFlop, "counter has no source",
       [](World& w) { DropInFigures(w, "/methods/1/source"); }},
      {"a_hardware_method_without_basis", 30, R::kBadFlop, "hardware has no basis",
       [](World& w) {
         SetInFigures(w, "/methods/1", Hardware("6000000000000", 260417));
         DropInFigures(w, "/methods/1/basis");
       }},
      {"lookup_tables_without_names", 30, R::kBadFlop, "lookup tables without names",
       [](World& w) { SetInFigures(w, "/methods/0/classes/0/treatment", R"("lookup")"); }},
      {"one_method_more_than_once", 30, R::kBadFlop, "counter appears more than once",
       [](World& w) {
         SetFlop(w, "chat.1", drafts::Stated("1", "counter", {Counter("1"), Counter("1")}));
       }},
      {"a_product_that_is_wrong", 31, R::kFlopArithmetic, "its inputs give 6000000000000",
       [](World& w) {
         SetInFigures(w, "/methods/0/result", R"("600000000000")");
         SetInFigures(w, "/amount", R"("600000000000")");
       }},
      {"an_amount_that_no_method_gives", 31, R::kFlopArithmetic, "amount is 6000000000001",
       [](World& w) { SetInFigures(w, "/amount", R"("6000000000001")"); }},
      {"tokens_other_than_the_segments", 31, R::kFlopArithmetic,
       "tokens is 1000000, but the segment's", [](World& w) { SetTokens(w, "1000001"); }},
      {"classes_that_do_not_add_up", 31, R::kFlopArithmetic, "its classes add up to 1000000",
       [](World& w) { SetInFigures(w, "/methods/0/parameters", "1000001"); }},
      {"device_hours_other_than_the_segments", 31, R::kFlopArithmetic,
       "terms[0] has 1 unit for 60000 ms, but usage[0]",
       [](World& w) {
         SetInFigures(w, "/methods/1", Hardware("6000007680000", 260417));
         w.Set("chat.1", "/usage/0/ms", "59999");
       }},
      {"a_peak_of_260_devices", 31, R::kFlopArithmetic,
       "terms[0] has peak 99840000000000, but device tpm:ek:",
       [](World& w) {
         std::string hardware = Hardware("6002380800000", 1002);
         Replacing("384000000000", "99840000000000")(hardware);
         SetInFigures(w, "/methods/1", hardware);
       }},
      {"an_update_above_the_total", 31, R::kFlopArithmetic, "more than flop.total",
       [](World& w) { w.Set("chat.1", kTotal, CounterFigure("5999999999999")); }},
      {"a_product_beyond_128_bits", 31, R::kFlopOverflow, "the arithmetic exceeds 128 bits",
       [](World& w) { SetInFigures(w, "/methods/0/attention_per_token", Quoted(kMax128)); }},
      {"a_completion_that_understates", 32, R::kTotalsMismatch,
       "its segments add up to 12000000000000",
       [](World& w) {
         w.Set("chat.done", "/flop", R"({"update":"6000000000000","total":"6000000000000"})");
       }},
      {"a_completion_of_fewer_tokens", 32, R::kTotalsMismatch, "has tokens 1999999",
       [](World& w) { w.Set("chat.done", "/tokens", "1999999"); }},
      {"a_passport_that_understates_its_own", 32, R::kTotalsMismatch,
       "has flop.parameter_update 1,",
       [](World& w) { w.Set("chat", "/flop/parameter_update", R"("1")"); }},
      {"a_passport_that_forgets_its_parent", 32, R::kTotalsMismatch,
       "has flop.cumulative 12000000000000, but its segments add up to 24000000000000",
       [](World& w) { w.Set("chat", "/flop/cumulative", R"("12000000000000")"); }},
      {"a_parent_that_understates", 32, R::kTotalsMismatch, "passport of \"base\"",
       [](World& w) { w.Set("base", "/flop/cumulative", R"("1")"); }},
      {"a_sum_beyond_128_bits",
       32,
       R::kFlopOverflow,
       "flop.update: the arithmetic exceeds 128 bits",
       [](World& w) {
         for (const char* segment : {"chat.0", "chat.1"}) {
           SetFlop(w, segment, CounterFigure(kMax128));
         }
         w.Set("chat.done", "/flop", R"({"update":"1","total":"1"})");
         w.Set("chat", "/flop/parameter_update", R"("1")");
         w.Set("chat", "/flop/cumulative", R"("1")");
       },
       {33}},
      {"more_units_than_the_device_has", 33, R::kDeviceTime, "uses 2 units of device",
       [](World& w) { w.Set("chat.1", "/usage/0/units", "2"); }},
      {"more_time_than_has_passed", 33, R::kDeviceTime, "for 60001 ms, but lasts only 60000 ms",
       [](World& w) { w.Set("chat.1", "/usage/0/ms", "60001"); }},
      {"time_outside_the_lease", 33, R::kDeviceTime, "outside the window of allocation",
       [](World& w) { w.Set("lease", "/window/to", TimeText(w.At("chat.1").created - 1)); }},
      {"more_time_than_the_lease_sells", 33, R::kDeviceTime,
       "sells 239999 unit milliseconds, but 240000 are used",
       [](World& w) { w.Set("lease", "/device_ms", "239999"); }},
      {"two_leases_of_one_device_at_once", 33, R::kDeviceTime, "unit milliseconds of device",
       [](World& w) {
         w.Set("chat.1", "/usage",
               R"([{"device":"@cpu","allocation":"@lease","units":1,"ms":60000},)"
               R"({"device":"@cpu","units":1,"ms":1}])");
       }},
      {"two_runs_on_one_device_at_once", 33, R::kDeviceTime, "2 units of device",
       [](World& w) {
         const uint64_t end = w.At("base.1").created;
         w.At("chat.run").created = end - 30'000;
         w.Set("chat.0", "/time/from", TimeText(end - 30'000));
       }},
      {"more_than_the_device_can_do", 33, R::kBeyondPhysics, "what the device can do",
       [](World& w) {
         SetTokens(w, "1000000000");
         SetFlop(w, "chat.1", Figure(1'000'000'000, kParameters));
       }},
      {"a_catalogued_chip_as_an_unknown_one", 33, R::kCataloguedChip,
       "declares peaks for chip \"Nvidia-H200\", which the catalogue has as h200-sxm",
       [](World& w) { DeclarePeaks(w, "Nvidia-H200", "9000000000000000000"); }},
      {"a_catalogued_chip_with_other_peaks", 33, R::kCataloguedChip,
       "declares a peak of 2.0e15 FLOP/s in bf16 for chip \"h200-sxm\", of which the catalogue has "
       "9.9e14",
       [](World& w) { DeclarePeaks(w, "h200-sxm", "1979000000000000"); }},
      {"more_than_a_declared_chip_can_do", 33, R::kBeyondPhysics,
       "on 1 x \"acme-x1\" (peak 1.0e10 FLOP/s)",
       [](World& w) { DeclarePeaks(w, "acme-x1", "10000000000"); }},
      {"a_peak_beyond_128_bits", 33, R::kFlopOverflow, "usage: the arithmetic exceeds 128 bits",
       [](World& w) {
         for (const char* field : {"cores", "nominal_hz", "used_hz"}) {
           w.Set("cpu", "/cpu/" + std::string(field), R"("18446744073709551615")");
         }
       }},
      {"methods_that_disagree", 34, R::kMethodsDisagree, "counter gives 4199999999999",
       [](World& w) { SetInFigures(w, "/methods/1/result", R"("4199999999999")"); }},
      {"an_update_below_what_the_tokens_take", 35, R::kBelowFloor, "less than 0.7 of the 6.0e12",
       [](World& w) { SetFlop(w, "chat.1", CounterFigure("4199999999999")); }},
      {"fewer_parameters_than_the_weights_have", 35, R::kParametersUnderstated,
       "states parameters.total 949999, but model.safetensors has 1000000 (element counts",
       [](World& w) { w.Set("chat", "/parameters/total", "949999"); }},
      {"classes_of_fewer_parameters_than_the_model", 35, R::kParametersUnderstated,
       "has classes of 900000 parameters",
       [](World& w) { SetFlop(w, "chat.1", Figure(kTokens, 900'000)); }},
      {"a_lookup_table_that_is_not_there", 35, R::kParametersUnderstated,
       "lookup table pixel_embed.weight, which is not a two-dimensional tensor",
       [](World& w) {
         SetInFigures(
             w, "/methods/0/classes",
             R"([{"treatment":"trained","parameters":900000},)"
             R"({"treatment":"lookup","parameters":100000,"tables":[{"tensor":"pixel_embed.weight","role":"token","rows":1000,"columns":100}]}])");
         SetInFigures(w, "/methods/0/result", R"("5400000000000")");
         SetInFigures(w, "/amount", R"("5400000000000")");
       }},
      {"a_lookup_table_larger_than_it_is", 35, R::kParametersUnderstated,
       "lookup tables of 200000 parameters, but they have 100000",
       [](World& w) {
         SetInFigures(
             w, "/methods/0/classes",
             R"([{"treatment":"trained","parameters":800000},)"
             R"({"treatment":"lookup","parameters":200000,"tables":[{"tensor":"embed.weight","role":"token","rows":1000,"columns":100}]}])");
         SetInFigures(w, "/methods/0/result", R"("4800000000000")");
         SetInFigures(w, "/methods/1/result", R"("4800000000000")");
         SetInFigures(w, "/amount", R"("4800000000000")");
       }},
      {"a_floor_beyond_128_bits", 35, R::kFlopOverflow, "flop.update: the arithmetic exceeds 128",
       [](World& w) {
         SetFlop(w, "chat.0", CounterFigure("6000000000000"));
         w.Set("chat.0", "/tokens", R"("18446744073709551615")");
         w.Set("chat.done", "/tokens", R"("undisclosed")");
         w.Set("chat", "/parameters/total", R"("18446744073709551615")");
         w.Set("base", "/parameters/total", R"("undisclosed")");
         MakeOpaque(w);
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(compute)

BOOST_DATA_TEST_CASE(refuses, data::make(ComputeAttacks()), attack) { CheckRefused(attack); }

struct Spelling {
  const char* name;
  const char* from;
  const char* to;
  const char* message;

  friend std::ostream& operator<<(std::ostream& out, const Spelling& s) { return out << s.name; }
};

const std::vector<Spelling>& Spellings() {
  static const std::vector<Spelling> spellings = {
      {"negative_tokens", "\"tokens\":1000000,\"time\"", "\"tokens\":-1,\"time\"",
       "predicate.tokens: not a whole number"},
      {"fractional_tokens", "\"tokens\":1000000,\"time\"", "\"tokens\":1.5,\"time\"",
       "predicate.tokens: not a whole number"},
      {"tokens_with_exponent", "\"tokens\":1000000,\"time\"", "\"tokens\":1e6,\"time\"",
       "predicate.tokens: not a whole number"},
      {"tokens_that_are_text", "\"tokens\":1000000,\"time\"", "\"tokens\":\"1000000\",\"time\"",
       "predicate.tokens: a count up to 2^53-1 must be a number"},
      {"tokens_beyond_a_double", "\"tokens\":1000000,\"time\"",
       "\"tokens\":9007199254740993,\"time\"",
       "predicate.tokens: a count above 2^53-1 must be a decimal string"},
      {"tokens_beyond_64_bits", "\"tokens\":1000000,\"time\"",
       "\"tokens\":\"18446744073709551616\",\"time\"", "predicate.tokens: not a whole number"},
      {"negative_flop", "{\"update\":{\"amount\":\"6", "{\"update\":{\"amount\":\"-6",
       "predicate.flop.update.amount"},
      {"fractional_flop", "{\"update\":{\"amount\":\"6", "{\"update\":{\"amount\":\"0.6",
       "predicate.flop.update.amount"},
      {"flop_with_exponent", "{\"update\":{\"amount\":\"6000000000000\"",
       "{\"update\":{\"amount\":\"6e12\"", "predicate.flop.update.amount"},
      {"flop_with_leading_zero", "{\"update\":{\"amount\":\"6", "{\"update\":{\"amount\":\"06",
       "predicate.flop.update.amount"},
      {"flop_as_number", "{\"update\":{\"amount\":\"6000000000000\"",
       "{\"update\":{\"amount\":6000000000000", "predicate.flop.update.amount: expected a decimal"},
      {"flop_beyond_128_bits", "{\"update\":{\"amount\":\"6000000000000\"",
       "{\"update\":{\"amount\":\"340282366920938463463374607431768211456\"",
       "predicate.flop.update.amount"},
      {"a_bare_flop_number", "\"flop\":{\"update\":{", "\"flop\":{\"update\":\"1\",\"x\":{",
       "predicate.flop.update: expected an object"},
      {"a_time_without_milliseconds", ".000Z\",\"to\"", "Z\",\"to\"", "predicate.time.from"},
      {"a_leap_month", "\"created\":\"2026-10", "\"created\":\"2026-13", "predicate.head.created"},
  };
  return spellings;
}

BOOST_DATA_TEST_CASE(refuses_spelling, data::make(Spellings()), spelling) {
  World world = FineTuneWorld();
  world.At("chat.1").edit_payload = Replacing(spelling.from, spelling.to);
  CheckRefused(world.Judge(), 3, RejectReason::kBadField, spelling.message);
}

// Two segments of 2^53 + 1 tokens, on a device that is fast enough: no token is lost.
BOOST_AUTO_TEST_CASE(tokens_beyond_a_double_are_kept_exact) {
  constexpr uint64_t kMany = (uint64_t{1} << 53) + 1;
  World world = BaseWorld();
  world.Set("cpu", "/cpu/cores", "100000000000");
  for (const char* segment : {"base.0", "base.1"}) {
    world.Set(segment, "/tokens", R"("9007199254740993")");
    SetFlop(world, segment, Figure(kMany, kParameters));
  }
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  // 2 * (2^53 + 1) * 6 * 10^6
  BOOST_REQUIRE(verdict.parameter_update.has_value());
  BOOST_CHECK_EQUAL(verdict.parameter_update->amount.ToString(), "108086391056891916000000");
  world.Set("base.done", "/tokens", R"("18014398509481985")");
  CheckRefused(world.Judge(), 32, RejectReason::kTotalsMismatch,
               "has tokens 18014398509481985, but its segments add up to 18014398509481986");
}

BOOST_AUTO_TEST_CASE(limits_themselves_pass) {
  World world = FineTuneWorld();
  SetInFigures(world, "/methods/1/result", R"("4200000000000")");  // 30 % below the amount
  SetFlop(world, "chat.0", CounterFigure("4200000000000"));        // 0.7 of the floor
  world.Set("chat", "/parameters/total", "950000");                // 5 % below the elements
  world.Set("lease", "/window/to", TimeText(world.At("chat.1").created));
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_basis_that_is_derived_is_no_agreement_and_no_failure) {
  World world = FineTuneWorld();
  for (const char* segment : {"base.0", "base.1", "chat.0", "chat.1"}) {
    std::string hardware = Hardware("6000007680000", 260417);
    Replacing("mfu", "derived")(hardware);
    for (const char* figure : {kUpdate, kTotal}) {
      world.Set(segment, figure + std::string("/methods/1"), hardware);
    }
  }
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  for (const auto& row : verdict.rows) {
    if (row.name != "compute") continue;
    BOOST_CHECK_MESSAGE(row.text.find("at most one independent method") != std::string::npos,
                        row.text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
