// R23-R29: segments, edges, times.
#include "core/timestamp.h"
#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

std::string TimeText(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

// When segment chat.0 starts; it takes a minute, and chat.1 starts a second after it ends.
uint64_t StartOfChat0(World& w) { return w.At("chat.0").created - kMinuteMs; }

void SetEdges(World& w, const std::string& kind, const std::vector<std::string>& edges) {
  w.Set("chat.run", "/kind", Quoted(kind));
  w.Set("chat.run", "/inputs", "[]");
  std::string list;
  for (const std::string& edge : edges) list += (list.empty() ? "" : ",") + edge;
  w.Set("chat.run", "/inputs", "[" + list + "]");
}

std::string FromBase(const std::string& type) { return Edge(type, "base", "base"); }

void WithoutSegments(World& w) {
  w.Remove("chat.0");
  w.Remove("chat.1");
  w.Set("chat.done", "/last", "[]");
  w.Set("chat.done", "/segments", "[]");
  w.Set("chat.done", "/after", R"("@after:chat.run")");
}

}  // namespace

const std::vector<Attack>& RunAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"a_seq_left_out", 23, R::kSegmentGap, "has seq 2, but its previous segment 0",
       [](World& w) { w.Set("chat.1", "/seq", "2"); }},
      {"a_segment_less_than_counted", 23, R::kSegmentGap, "counts 3 segments in lane 0, but",
       [](World& w) { w.Set("chat.done", "/segments", "[3]"); }},
      {"a_segment_more_than_counted", 23, R::kSegmentGap, "counts 1 segment in lane 0",
       [](World& w) { w.Set("chat.done", "/segments", "[1]"); }},
      {"steps_left_out", 23, R::kSegmentGap, "has steps from 150",
       [](World& w) { w.Set("chat.1", "/steps/from", "150"); }},
      {"steps_that_run_backwards", 23, R::kSegmentGap, "has steps from 100 to 50",
       [](World& w) { w.Set("chat.1", "/steps/to", "50"); }},
      {"a_lane_without_segments", 23, R::kSegmentGap, "its run has 2 lanes",
       [](World& w) { w.Set("chat.run", "/lanes", "2"); }},
      {"a_previous_of_another_run", 23, R::kForeignSegment, "has previous segment 0",
       [](World& w) {
         w.Set("chat.1", "/previous", R"("@base.0")");
         w.Set("chat.1", "/weights_from", R"("@chat.0")");
         w.Set("chat.1", "/after", R"("@after:base.0")");
       }},
      {"a_last_of_another_run",
       23,
       R::kForeignSegment,
       "which belongs to another run",
       [](World& w) {
         w.Set("chat.done", "/last", R"(["@base.1"])");
         w.Set("chat.done", "/after", R"("@after:base.1")");
         w.Remove("chat.0");
         w.Remove("chat.1");
         w.Set("chat.done", "/model", R"("@model:base")");
         w.Set("chat.done", "/tensor_roots", R"("@roots:base")");
         w.Set("chat.done", "/tokens", "0");
         w.Set("chat", "/model", R"("@model:base")");
         w.Set("chat", "/files", R"("@files:base")");
         w.Set("chat", "/tensor_roots", R"("@roots:base")");
         w.Remove("base");
         w.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
         w.given = w.model("base");
       },
       {27}},
      {"a_lane_beyond_the_runs_lanes", 23, R::kForeignSegment, "has only 1 lane",
       [](World& w) {
         w.Set("chat.0", "/lane", "1");
         w.Set("chat.1", "/lane", "1");
       }},
      {"a_published_model_that_no_segment_ended_with", 24, R::kFinalNotLastCheckpoint, "ended with",
       [](World& w) {
         w.Set("chat.1", "/model", R"("@model:other")");
         w.Set("chat.1", "/tensor_roots", R"("@roots:other")");
       }},
      {"weights_from_another_run", 24, R::kForeignSegment, "weights_from segment 1",
       [](World& w) { w.Set("chat.1", "/weights_from", R"("@base.1")"); }},
      {"a_fine_tune_from_nothing", 25, R::kEdgesDoNotFitKind, "0 inputs of type fine-tuned-from",
       [](World& w) {
         SetEdges(w, "fine-tune", {FromBase("synthetic-data-from")});
         w.Set("chat.run", "/initial", R"("random")");
       }},
      {"a_fine_tune_from_random_weights", 25, R::kEdgesDoNotFitKind, "has initial random, but 1",
       [](World& w) { w.Set("chat.run", "/initial", R"("random")"); }},
      {"inputs_that_carry_no_weights", 25, R::kEdgesDoNotFitKind, "no weight-carrying input",
       [](World& w) { SetEdges(w, "pre-training", {FromBase("distilled-from")}); }},
      {"a_pre_training_from_a_model_tuned", 25, R::kEdgesDoNotFitKind,
       "of a type that this kind does not allow",
       [](World& w) { SetEdges(w, "pre-training", {FromBase("fine-tuned-from")}); }},
      {"a_merge_of_one", 25, R::kEdgesDoNotFitKind,
       "1 input of type merged-from, expected at least 2",
       [](World& w) { SetEdges(w, "merge", {FromBase("merged-from")}); }},
      {"an_adapter_that_is_a_fine_tune", 25, R::kEdgesDoNotFitKind, "0 inputs of type adapter-on",
       [](World& w) { SetEdges(w, "adapter", {FromBase("fine-tuned-from")}); }},
      {"a_quantisation_of_nothing", 25, R::kEdgesDoNotFitKind, "0 inputs of type quantised-from",
       [](World& w) {
         SetEdges(w, "quantisation", {FromBase("distilled-from")});
         w.Set("chat.run", "/initial", R"("random")");
       }},
      {"an_ablation_that_is_a_fine_tune", 25, R::kEdgesDoNotFitKind,
       "0 inputs of type ablated-from",
       [](World& w) { SetEdges(w, "ablation", {FromBase("fine-tuned-from")}); }},
      {"a_distillation_without_teacher", 25, R::kEdgesDoNotFitKind,
       "0 inputs of type distilled-from",
       [](World& w) { SetEdges(w, "distillation", {FromBase("initialised-from")}); }},
      {"reinforcement_learning_from_two", 25, R::kEdgesDoNotFitKind,
       "2 inputs of type fine-tuned-from",
       [](World& w) {
         SetEdges(w, "reinforcement-learning",
                  {FromBase("fine-tuned-from"), Edge("fine-tuned-from", "base", "base.done")});
       }},
      {"a_fine_tune_without_segment", 25, R::kEdgesDoNotFitKind, "has no segment, which",
       WithoutSegments},
      {"a_merge_without_segment_that_computes", 25, R::kEdgesDoNotFitKind,
       "has no segment, but its flop is not 0",
       [](World& w) {
         SetEdges(w, "merge", {FromBase("merged-from"), Edge("merged-from", "base", "base.done")});
         WithoutSegments(w);
         w.Set("chat.done", "/flop", R"({"update":"1","total":"1"})");
       }},
      {"an_edge_that_names_another_model", 26, R::kEdgeDigestMismatch, "as fine-tuned-from",
       [](World& w) { w.Set("chat.run", "/inputs/0/model", R"("@model:other")"); }},
      {"a_cycle_of_passports", 27, R::kCycle, "which is among its own ancestors",
       [](World& w) {
         w.Set("base.run", "/inputs", R"([{"type":"initialised-from","model":"@model:chat"}])");
         w.Set("base.run", "/initial", R"("inputs")");
       }},
      {"a_model_that_is_its_own_teacher", 27, R::kCycle, "which is among its own ancestors",
       [](World& w) {
         w.Set("base.run", "/inputs", R"([{"type":"distilled-from","model":"@model:base"}])");
       }},
      {"a_passport_from_tomorrow", 29, R::kFutureTime, "it is now 2026-11-20T12:00:00.000Z",
       [](World& w) { w.At("chat").created = w.now + 5 * kMinuteMs + 1; }},
      {"a_parent_younger_than_its_child", 29, R::kTimeOrder, "refers in devices[] to device",
       [](World& w) { w.At("cpu").created = w.At("chat.1").created + 5 * kMinuteMs + 1; }},
      {"a_segment_that_ends_before_it_starts",
       29,
       R::kTimeOrder,
       "starts",
       [](World& w) { w.Set("chat.0", "/time/to", TimeText(StartOfChat0(w) - 1)); },
       {33}},
      {"a_segment_of_no_time",
       29,
       R::kTimeOrder,
       "but ends at",
       [](World& w) { w.Set("chat.0", "/time/to", TimeText(StartOfChat0(w))); },
       {33}},
      {"a_segment_stated_before_it_ended", 29, R::kTimeOrder, "after it was created",
       [](World& w) { w.At("chat.1").created -= 5 * kMinuteMs + 1; }},
      {"a_segment_before_its_run",
       29,
       R::kTimeOrder,
       "was created at",
       [](World& w) {
         w.Set("chat.0", "/time/from", TimeText(w.At("chat.run").created - 5 * kMinuteMs - 1));
       },
       {33}},
      {"two_segments_at_once",
       29,
       R::kOverlappingSegments,
       "before its previous segment 0",
       [](World& w) { w.Set("chat.1", "/time/from", TimeText(w.At("chat.0").created - 1)); },
       {33}},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(run)

BOOST_DATA_TEST_CASE(refuses, data::make(RunAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(five_minutes_of_clock_skew_pass) {
  World world = FineTuneWorld();
  world.At("chat").created = world.now + 5 * kMinuteMs;
  world.At("cpu").created = world.At("lease").created + 5 * kMinuteMs;
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(five_minutes_between_a_device_and_its_signer_pass) {
  World world = BaseWorld();
  world.clock += 10 * kMinuteMs;  // the device is free again
  AddModel(world, "chat",
           {.kind = "fine-tune", .edges = {Edge("fine-tuned-from", "base", "base")}});
  world.given = world.model("chat");
  world.Set("chat.0", "/time/from", TimeText(world.At("chat.run").created - 5 * kMinuteMs));
  world.At("chat.1").created -= 5 * kMinuteMs;
  CheckPasses(world.Judge());
}

// A lane that goes on at a site whose clock is behind.
World MovedLane(uint64_t behind_ms) {
  World world = FineTuneWorld();
  Statement gpu, lease;
  {
    World more = FineTuneWorld();
    AddGpu(more, "gpu", "01234567-89ab-cdef-0123-456789abcdef");
    gpu = more.At("gpu");
    lease = more.At("gpu.lease");
  }
  gpu.created = lease.created = world.At("cpu").created;
  world.story.push_front(lease);
  world.story.push_front(gpu);
  world.Set("chat.1", "/usage/0/device", R"("@gpu")");
  world.Set("chat.1", "/usage/0/allocation", R"("@gpu.lease")");
  world.Set("chat.1", "/time/from", TimeText(world.At("chat.0").created - behind_ms));
  return world;
}

BOOST_AUTO_TEST_CASE(five_minutes_between_the_clocks_of_two_devices_pass) {
  CheckPasses(MovedLane(5 * kMinuteMs).Judge());
  CheckRefused(MovedLane(5 * kMinuteMs + 1).Judge(), 29, RejectReason::kOverlappingSegments,
               "before its previous segment 0");
}

BOOST_AUTO_TEST_CASE(one_device_among_others_has_one_clock) {
  World world = MovedLane(1);
  world.Set("chat.1", "/usage",
            R"([{"device":"@gpu","allocation":"@gpu.lease","units":1,"ms":30000},)"
            R"({"device":"@cpu","allocation":"@lease","units":1,"ms":30000}])");
  CheckRefused(world.Judge(), 29, RejectReason::kOverlappingSegments,
               "before its previous segment 0", {33});
}

BOOST_AUTO_TEST_CASE(segments_may_follow_without_pause) {
  World world = FineTuneWorld();
  world.Set("chat.1", "/time/from", TimeText(world.At("chat.0").created));
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
