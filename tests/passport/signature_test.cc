// R5-R8 and R15-R17: who signed, and whether they may.
#include "core/hex.h"
#include "core/timestamp.h"
#include "tests/passport/attack.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;
using schemas::Kind;

std::string KeyText(const std::string& name) {
  return "key:" + HexEncode(KeyNamed(name).id().span());
}

std::string TimeText(uint64_t ms) { return Quoted(FormatTimestamp(TimestampMs(ms))); }

// Allocation "sub" of "lease", which chat's segments use instead.
Statement& Resell(World& w, const std::string& seller) {
  w.Add("sub", Kind::kAllocation,
        R"({"holders":["@key:lab"],"parent":"@lease","window":{"from":)" +
            TimeText(w.now - 31 * kDayMs + 3'600'000) + R"(,"to":)" + TimeText(w.now) + "}}",
        seller);
  w.At("sub").created = w.At("texts").created;
  w.MoveToFront("sub");
  w.MoveToFront("lease");
  w.MoveToFront("cpu");
  for (const char* segment : {"chat.0", "chat.1"}) {
    w.Set(segment, "/usage/0/allocation", R"("@sub")");
  }
  return w.At("sub");
}

// "lease" is of "cpu" alone, and "sub" of it is used with another device.
void ResellDevice(World& w) {
  w.Set("lease", "/holders", R"(["@key:lab","@key:cloud"])");
  w.Set("lease", "/devices", R"(["@cpu"])");
  Resell(w, "cloud");
  w.Add("other", Kind::kDevice,
        drafts::Device({.id = "tpm:ek:" + std::string(64, 'd'), .vendor = "NVIDIA", .chip = "t4"}),
        "cloud");
  w.At("other").created = w.At("cpu").created;
  w.MoveToFront("other");
  for (const char* segment : {"chat.0", "chat.1"}) {
    w.Set(segment, "/usage/0/device", R"("@other")");
  }
}

// chat's run continues from a completion of lab2 instead of a passport.
void BaseOfLab2(World& w) {
  for (const char* name : {"base.run", "base.0", "base.1", "base.done"}) w.At(name).key = "lab2";
  w.Remove("base");
  w.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
  w.Set("lease", "/holders", R"(["@key:lab","@key:lab2"])");
}

}  // namespace

const std::vector<Attack>& SignatureAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"a_key_that_trust_does_not_list", 5, R::kUnknownKey,
       "which the trust directory does not list", [](World& w) { w.trusted_keys.erase("cloud"); }},
      {"a_hint_that_does_not_name_a_key", 5, R::kUnknownKey, "\"somebody\"",
       [](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           b.material = sigstore::PublicKeyHint{"somebody"};
         };
       }},
      {"a_head_that_names_another_signer", 6, R::kSignerMismatch, "head.signer",
       [](World& w) { w.At("texts").edit_payload = Replacing(KeyText("lab"), KeyText("lab2")); }},
      {"a_head_that_names_an_identity_of_the_keys_bytes", 6, R::kSignerMismatch,
       "head.signer is identity:",
       [](World& w) {
         w.At("texts").edit_payload =
             Replacing(KeyText("lab"), "identity:" + KeyText("lab").substr(4));
       }},
      {"a_signature_over_another_statement", 7, R::kBadSignature, "lab's key",
       [](World& w) {
         w.At("texts").edit_signed = [](sigstore::Bundle& bundle) {
           bundle.envelope.signature = KeyNamed("lab").key.Sign(AsBytes("something else"));
         };
       }},
      {"a_signature_of_another_key", 7, R::kBadSignature, "lab's key",
       [](World& w) {
         w.At("texts").edit_signed = [](sigstore::Bundle& bundle) {
           bundle.envelope.signature = KeyNamed("lab2").key.Sign(AsBytes(
               sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, bundle.envelope.payload)));
         };
       }},
      {"a_signature_with_trailing_bytes", 7, R::kBadSignature, "lab's key",
       [](World& w) {
         w.At("texts").edit_signed = [](sigstore::Bundle& bundle) {
           bundle.envelope.signature.push_back(0);
         };
       }},
      {"a_key_for_other_kinds", 8, R::kKeyNotForKind, "may not sign statements of kind dataset",
       [](World& w) { w.trusted_keys.at("lab").kinds.erase(Kind::kDataset); }},
      {"a_dataset_by_a_cloud", 8, R::kKeyNotForKind,
       "cloud's key may not sign statements of kind dataset",
       [](World& w) { w.At("texts").key = "cloud"; }},
      {"a_key_whose_dates_ended_before", 15, R::kKeyNotInForce, "cloud's key: created",
       [](World& w) { w.trusted_keys.at("cloud").dates.until = TimestampMs(w.At("cpu").created); }},
      {"a_key_whose_dates_have_ended_since", 15, R::kKeyNotInForce, "cannot prove when it signed",
       [](World& w) { w.trusted_keys.at("cloud").dates.until = TimestampMs(w.now); }},
      {"a_key_before_its_dates", 15, R::kKeyNotInForce, "is in force from",
       [](World& w) {
         w.trusted_keys.at("cloud").dates.from = TimestampMs(w.At("lease").created);
       }},
      {"a_key_after_its_tree_size", 15, R::kKeyNotInForce,
       "log index 1 is outside tree sizes 0 to 1",
       [](World& w) {
         w.trusted_keys.at("cloud").sizes["ledger.example"] = {{}, 1};
       }},
      {"an_expired_key_whose_tree_sizes_have_no_end", 15, R::kKeyNotInForce,
       "cannot prove when it signed",
       [](World& w) {
         w.trusted_keys.at("cloud").dates.until = TimestampMs(w.now);
         w.trusted_keys.at("cloud").sizes["ledger.example"] = {0, {}};
       }},
      {"a_segment_by_another_lab", 16, R::kNotTheRunsSigner, "signed by lab2's key",
       [](World& w) { w.At("chat.0").key = "lab2"; }},
      {"a_segment_by_another_key_of_the_lab", 16, R::kNotTheRunsSigner, "neither the signer of run",
       [](World& w) { w.At("chat.0").key = "lab.2"; }},
      {"a_segment_by_a_key_whose_bytes_an_identity_has", 16, R::kNotTheRunsSigner,
       "neither the signer of run",
       [](World& w) {
         w.Set("chat.run", "/recorders", R"(["@identity:lab.2"])");
         w.At("chat.0").key = "lab.2";
       }},
      {"a_completion_by_another_lab", 16, R::kNotTheRunsSigner, "signed by lab2's key",
       [](World& w) { w.At("chat.done").key = "lab2"; }},
      {"a_passport_of_another_labs_run", 16, R::kNotTheRunsSigner,
       "which it rests on, belongs to lab", [](World& w) { w.At("chat").key = "lab2"; }},
      {"a_run_that_takes_another_labs_completion", 16, R::kNotTheRunsSigner,
       "which it rests on, belongs to lab2", BaseOfLab2},
      {"an_allocation_to_somebody_else", 17, R::kAllocationOfAnother,
       "is not among the holders of allocation",
       [](World& w) { w.Set("lease", "/holders", R"(["@key:lab2"])"); }},
      {"an_allocation_to_an_identity_of_the_keys_bytes", 17, R::kAllocationOfAnother,
       "is not among the holders of allocation",
       [](World& w) { w.Set("lease", "/holders", R"(["@identity:lab"])"); }},
      {"an_allocation_of_other_devices", 17, R::kAllocationOfAnother,
       "not among the devices of allocation",
       [](World& w) {
         AddGpu(w, "gpu", "01234567-89ab-cdef-0123-456789abcdef");
         for (const char* name : {"gpu.lease", "gpu"}) {
           w.At(name).created = w.At("cpu").created;
           w.MoveToFront(name);
         }
         for (const char* segment : {"chat.0", "chat.1"}) {
           w.Set(segment, "/usage/0/allocation", R"("@gpu.lease")");
         }
       }},
      {"an_allocation_resold_without_the_right", 17, R::kResaleWithoutTitle,
       "cloud's key is not among the holders of allocation", [](World& w) { Resell(w, "cloud"); }},
      {"an_allocation_resold_by_a_key_whose_bytes_an_identity_has", 17, R::kResaleWithoutTitle,
       "cloud's key is not among the holders of allocation",
       [](World& w) {
         w.Set("lease", "/holders", R"(["@key:lab","@identity:cloud"])");
         Resell(w, "cloud");
       }},
      {"an_allocation_resold_for_longer", 17, R::kResaleWithoutTitle,
       "is not inside the parent's window",
       [](World& w) {
         w.Set("lease", "/holders", R"(["@key:lab","@key:cloud"])");
         Resell(w, "cloud");
         w.Set("sub", "/window/to", TimeText(w.now + 2 * kDayMs));
       }},
      {"an_allocation_resold_as_one_of_another_device", 17, R::kResaleWithoutTitle,
       "is not among the devices of allocation",
       [](World& w) {
         ResellDevice(w);
         w.Set("sub", "/devices", R"(["@other"])");
       }},
      {"another_device_used_under_a_resale_that_lists_none", 17, R::kAllocationOfAnother,
       "is not among the devices of allocation", [](World& w) { ResellDevice(w); }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(signature)

BOOST_DATA_TEST_CASE(refuses, data::make(SignatureAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(a_device_that_was_sold_may_be_resold) {
  for (const bool listed : {false, true}) {
    World world = FineTuneWorld();
    world.Set("lease", "/holders", R"(["@key:lab","@key:cloud"])");
    world.Set("lease", "/devices", R"(["@cpu"])");
    Resell(world, "cloud");
    if (listed) world.Set("sub", "/devices", R"(["@cpu"])");
    CheckPasses(world.Judge());
  }
}

BOOST_AUTO_TEST_CASE(dates_of_a_key_end_after_all_that_it_signed) {
  World world = FineTuneWorld();
  world.trusted_keys.at("cloud").dates = {TimestampMs(world.At("cpu").created),
                                          TimestampMs(world.now + 1)};
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(tree_sizes_of_a_key_go_before_its_dates) {
  World world = FineTuneWorld();
  world.trusted_keys.at("cloud").dates.until = TimestampMs(1);
  world.trusted_keys.at("cloud").sizes["ledger.example"] = {0, 2};
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(holders_and_recorders_may_be_identities) {
  World world = FineTuneWorld();
  world.Set("lease", "/holders", R"(["@identity:lab","@key:lab","@identity:hub"])");
  world.Set("chat.run", "/recorders", R"(["@identity:lab.2","@identity:lab"])");
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_holder_may_resell) {
  World world = FineTuneWorld();
  world.Set("lease", "/holders", R"(["@key:lab","@key:cloud"])");
  Resell(world, "cloud");
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
