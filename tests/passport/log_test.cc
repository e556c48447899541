// R9-R14: the log, its checkpoints, and the order in it.
#include "core/hex.h"
#include "merkle/signed_note.h"
#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

// Edits the receipt that a line shows.
void EditEntry(World& w, const std::string& name, std::function<void(sigstore::LogEntry&)> edit) {
  w.At(name).edit_receipt = [edit = std::move(edit)](sigstore::Bundle& bundle) {
    edit(bundle.entries.at(0));
  };
}

void EditAllNotes(World& w, const TextEdit& edit) {
  for (Statement& statement : w.story) {
    statement.edit_receipt = [edit](sigstore::Bundle& bundle) {
      edit(bundle.entries.at(0).checkpoint);
    };
  }
}

RootHash Forged() { return *HexDecodeTo<RootHash>(std::string(64, 'f')); }

// A checkpoint that nobody has seen, of a tree of this size.
merkle::Checkpoint ForgedCheckpoint(uint64_t size) {
  return {"ledger.example", TreeSize(size), Forged(), {}};
}

// A leaf of somebody else before chat's run, so that `seen` does not end with an enclosed leaf.
void AddNoise(World& w) {
  Statement noise = w.At("texts");
  noise.name = "noise";
  noise.nonce = std::string(32, '0');
  noise.enclosed = false;
  for (auto at = w.story.begin(); at != w.story.end(); ++at) {
    if (at->name != "chat.run") continue;
    w.story.insert(at, noise);
    return;
  }
}

// Writes another note into the signed text, as `seen`.
void ReplaceSeen(std::string& payload, std::string note) {
  for (size_t at = 0; (at = note.find('\n')) != note.npos;) note.replace(at, 1, "\\n");
  const size_t from = payload.find("\"seen\":\"") + 8;
  payload.replace(from, payload.find('"', from) - from, note);
}

// The data set is in another trusted log, too: its second entry there, of two.
void AddOtherEntry(World& w, const std::function<void(sigstore::LogEntry&)>& edit,
                   const TextEdit& edit_body = {}) {
  w.AddLog("other", "other.example");
  w.At("texts").edit_receipt = [&w, edit, edit_body](sigstore::Bundle& bundle) {
    MemoryLog other = w.log("other");
    std::string body(AsText(bundle.entries.at(0).canonicalized_body));
    if (edit_body) edit_body(body);
    other.Append("one");
    other.Append(body);
    bundle.entries.push_back(other.Receipt(1, 2));
    edit(bundle.entries.back());
  };
}

}  // namespace

const std::vector<Attack>& LogAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"no_receipt", 9, R::kNotLogged, "no log entry from ledger.example",
       [](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) { b.entries.clear(); };
       }},
      {"a_receipt_of_an_unknown_log", 9, R::kNotLogged, "no log entry from ledger.example",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) {
           e.log_id = *HexDecodeTo<LogId>(std::string(64, 'e'));
         });
       }},
      {"a_statement_for_another_log", 9, R::kWrongLedger, "names no trusted log",
       [](World& w) {
         w.At("texts").edit_payload = [](std::string& text) {
           text.replace(text.find("\"ledger\":\"") + 10, 64, std::string(64, 'e'));
         };
       }},
      {"a_receipt_of_the_wrong_log", 9, R::kWrongLedger,
       "head.ledger names other.example, but the entry is from ledger.example",
       [](World& w) {
         const LogId other = w.AddLog("other", "other.example").IdAt(1);
         w.At("texts").edit_payload = [other](std::string& text) {
           text.replace(text.find("\"ledger\":\"") + 10, 64, HexEncode(other.span()));
         };
       }},
      {"two_receipts_of_one_log", 9, R::kDuplicateLogEntry,
       "expected one log entry from ledger.example, found 2",
       [](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           b.entries.push_back(b.entries[0]);
         };
       }},
      {"an_entry_of_another_log_twice", 9, R::kDuplicateLogEntry, "two entries with index 1 of log",
       [](World& w) {
         AddOtherEntry(w, [](sigstore::LogEntry&) {});
         const auto add = w.At("texts").edit_receipt;
         w.At("texts").edit_receipt = [add](sigstore::Bundle& b) {
           add(b);
           b.entries.push_back(b.entries.back());
         };
       }},
      {"an_entry_of_another_log_about_another_statement", 11, R::kWrongLogBody,
       "entry of other.example: log entry body: digest",
       [](World& w) {
         AddOtherEntry(
             w, [](sigstore::LogEntry&) {},
             [](std::string& body) {
               char& digit = body[body.find(R"("digest":")") + 10];
               digit = digit == 'A' ? 'B' : 'A';
             });
       }},
      {"an_entry_of_another_log_outside_its_tree", 11, R::kBadInclusionProof,
       "entry of other.example: ",
       [](World& w) {
         AddOtherEntry(w, [](sigstore::LogEntry& e) {
           std::array<uint8_t, 32> hash{7};
           e.proof.hashes.at(0) = NodeHash(hash);
         });
       }},
      {"an_entry_of_another_log_that_did_not_sign_it", 10, R::kBadCheckpoint,
       "entry of other.example: checkpoint: ",
       [](World& w) {
         AddOtherEntry(w, [&w](sigstore::LogEntry& e) {
           MemoryLog forger = w.log("other");
           forger.RotateAt(0);
           const auto note = merkle::ParseUnverifiedNote(e.checkpoint);
           e.checkpoint = forger.Sign(*merkle::ParseUnverifiedCheckpoint(note->text));
         });
       }},
      {"an_entry_of_another_log_in_another_tree_than_the_pinned_one",
       10,
       R::kLogFork,
       "entry of other.example: checkpoint: the checkpoint of other.example has size 2",
       [](World& w) {
         AddOtherEntry(w, [](sigstore::LogEntry&) {});
         MemoryLog published = w.log("other");
         published.Append("one");
         published.Append("two");
         w.pins["other"] = {published.CheckpointAt(2)};
       },
       {14}},
      {"a_checkpoint_of_another_origin", 10, R::kBadCheckpoint, "checkpoint: ",
       [](World& w) {
         const MemoryLog other("other.example");
         EditAllNotes(w, [other](std::string& note) { note = other.NoteAt(0); });
       }},
      {"a_checkpoint_of_another_key", 10, R::kBadCheckpoint, "checkpoint: ",
       [](World& w) {
         EditAllNotes(w, [&w](std::string& note) {
           MemoryLog rotated = w.log();
           rotated.RotateAt(0);
           note = rotated.Sign(w.log().CheckpointAt(w.log().size()));
         });
       }},
      {"a_bad_signature_of_a_known_key", 10, R::kBadCheckpoint, "checkpoint: ",
       [](World& w) {
         EditAllNotes(w, [](std::string& note) {
           const size_t at = note.size() - 10;
           note[at] = note[at] == 'A' ? 'B' : 'A';
         });
       }},
      {"one_line_with_an_unsigned_checkpoint", 10, R::kBadCheckpoint, "checkpoint: ",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) {
           e.checkpoint.resize(e.checkpoint.find("\n\n") + 2);
         });
       }},
      {"one_receipt_that_was_not_refreshed", 10, R::kLogViewsDiffer, "while other lines show",
       [](World& w) {
         EditEntry(w, "chat.0", [&w](sigstore::LogEntry& e) {
           e = w.log().Receipt(e.log_index, e.log_index + 1);
         });
       }},
      {"one_receipt_of_a_forked_log", 10, R::kLogViewsDiffer, "while other lines show",
       [](World& w) {
         EditEntry(w, "chat", [&w](sigstore::LogEntry& e) {
           MemoryLog fork("ledger.example");
           for (uint64_t i = 0; i < e.log_index; ++i) fork.Append("another history");
           const uint64_t index = fork.Append(std::string(AsText(e.canonicalized_body)));
           e = fork.Receipt(index, w.log().size());
         });
       }},
      {"a_tree_that_is_not_the_pinned_one", 10, R::kLogFork, "but the trust directory pins size 14",
       [](World& w) { w.pins["main"] = {ForgedCheckpoint(14)}; }},
      {"an_entry_of_another_signature", 11, R::kWrongLogBody, "canonicalizedBody",
       [](World& w) {
         w.At("texts").edit_body = [](std::string& body) {
           const size_t at = body.find("\"content\":\"") + 20;
           body[at] = body[at] == 'A' ? 'B' : 'A';
         };
       }},
      {"an_entry_of_another_key", 11, R::kWrongLogBody, "canonicalizedBody",
       [](World& w) {
         w.At("texts").edit_body = [](std::string& body) {
           const size_t at = body.find("\"rawBytes\":\"") + 60;
           body[at] = body[at] == 'A' ? 'B' : 'A';
         };
       }},
      {"an_entry_of_another_digest", 11, R::kWrongLogBody, "canonicalizedBody",
       [](World& w) {
         w.At("texts").edit_body = [](std::string& body) {
           const size_t at = body.find("\"digest\":\"") + 12;
           body[at] = body[at] == 'A' ? 'B' : 'A';
         };
       }},
      {"an_entry_with_white_space", 11, R::kWrongLogBody, "canonicalizedBody",
       [](World& w) { w.At("texts").edit_body = [](std::string& body) { body += " "; }; }},
      {"an_entry_of_another_version", 11, R::kWrongLogBody, "kindVersion",
       [](World& w) { EditEntry(w, "texts", [](sigstore::LogEntry& e) { e.version = "0.0.1"; }); }},
      {"an_entry_with_a_time", 11, R::kWrongLogBody, "integratedTime",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) { e.integrated_time = 1; });
       }},
      {"an_entry_with_a_promise", 11, R::kWrongLogBody, "inclusionPromise",
       [](World& w) {
         w.edit_file = [](std::string& file) {
           const size_t at = file.find("\"inclusionProof\"");
           file.insert(at, R"("inclusionPromise":{"signedEntryTimestamp":"AAAA"},)");
         };
       }},
      {"a_proof_for_another_leaf", 11, R::kBadInclusionProof, "inclusionProof",
       [](World& w) {
         EditEntry(w, "texts", [&w](sigstore::LogEntry& e) {
           e.proof = w.log().Receipt(e.log_index + 1, w.log().size()).proof;
         });
       }},
      {"a_proof_at_another_index", 11, R::kBadInclusionProof, "inclusionProof",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) {
           e.log_index += 1;
           e.proof_log_index += 1;
         });
       }},
      {"two_indices", 11, R::kBadInclusionProof, "inclusionProof.logIndex is 2, but logIndex is 3",
       [](World& w) { EditEntry(w, "texts", [](sigstore::LogEntry& e) { e.log_index += 1; }); }},
      {"a_proof_for_another_size", 11, R::kBadInclusionProof, "inclusionProof.treeSize is 13",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) { e.proof_tree_size -= 1; });
       }},
      {"another_root_than_the_checkpoints", 11, R::kBadInclusionProof, "inclusionProof.rootHash",
       [](World& w) {
         EditEntry(w, "texts",
                   [](sigstore::LogEntry& e) { e.proof_root_hash = ToBytes(Forged().span()); });
       }},
      {"a_proof_with_an_extra_node", 11, R::kBadInclusionProof, "inclusionProof",
       [](World& w) {
         EditEntry(w, "texts",
                   [](sigstore::LogEntry& e) { e.proof.hashes.push_back(e.proof.hashes.back()); });
       }},
      {"a_proof_that_is_too_short", 11, R::kBadInclusionProof, "inclusionProof",
       [](World& w) {
         EditEntry(w, "texts", [](sigstore::LogEntry& e) { e.proof.hashes.pop_back(); });
       }},
      {"a_segment_in_another_log_than_its_run", 12, R::kWrongLedger,
       "is meant for log other.example",
       [](World& w) {
         w.AddLog("other", "other.example");
         w.At("chat.1").log = "other";
       }},
      {"a_lease_logged_after_its_use", 12, R::kLoggedOutOfOrder, "refers in usage[].allocation to",
       [](World& w) { w.At("lease").logged_late = true; }},
      {"a_completion_that_is_not_anchored", 13, R::kNotAnchored, "has no `after`",
       [](World& w) { w.Drop("chat.done", "/after"); }},
      {"a_passport_that_is_not_anchored", 13, R::kNotAnchored, "has no `after`",
       [](World& w) { w.Drop("chat", "/after"); }},
      {"an_anchor_at_another_root", 13, R::kLogFork, "has after.root ffff",
       [](World& w) {
         w.Set("chat.1", "/after", R"({"index":10,"root":")" + std::string(64, 'f') + R"("})");
       }},
      {"an_anchor_at_another_index", 13, R::kLogFork, "has after.index 9, but",
       [](World& w) { w.Set("chat.1", "/after", R"("@after:chat.run")"); }},
      {"the_second_entry_of_a_statement_logged_twice", 13, R::kLogFork, "has after.index",
       [](World& w) {
         w.At("chat.0").times_logged = 2;
         w.At("chat.0").entry_shown = 1;
       }},
      {"a_history_that_is_not_the_pinned_one", 13, R::kLogFork,
       "the checkpoint pinned in the trust directory",
       [](World& w) { w.pins["main"] = {ForgedCheckpoint(2)}; }},
      {"a_history_that_is_not_the_one_seen", 13, R::kLogFork, "according to `seen` of run",
       [](World& w) {
         w.At("chat.run").edit_payload = [&w](std::string& text) {
           ReplaceSeen(text, w.log().Sign(ForgedCheckpoint(w.log().size())));
         };
       }},
      {"a_seen_that_is_not_a_note", 14, R::kBadSeenCheckpoint,
       "seen: ", [](World& w) { w.Set("chat.run", "/seen", "\"none\""); }},
      {"a_seen_of_another_log", 14, R::kBadSeenCheckpoint, "seen: ",
       [](World& w) {
         w.AddLog("other", "other.example");
         w.At("chat.run").edit_payload = [&w](std::string& text) {
           ReplaceSeen(text, w.log("other").NoteAt(0));
         };
       }},
      {"a_seen_without_what_the_run_refers_to", 14, R::kBadSeenCheckpoint,
       "tree size 2 does not include passport of \"base\"",
       [](World& w) { w.Set("chat.run", "/seen", "\"@seen:2\""); }},
      {"a_seen_beyond_the_run_itself", 14, R::kBadSeenCheckpoint,
       "is beyond the run's own log index",
       [](World& w) {
         w.At("chat.run").edit_payload = [&w](std::string& text) {
           MemoryLog later = w.log();
           for (int i = 0; i < 20; ++i) later.Append("what comes next");
           ReplaceSeen(text, later.NoteAt(later.size()));
         };
       }},
      {"a_seen_of_a_forked_log", 14, R::kLogFork,
       "according to the pin in the trust directory it has",
       [](World& w) {
         AddNoise(w);
         (void)w.Issue();
         w.pins["main"] = {w.log().CheckpointAt(w.indices.at("noise") + 1)};
         w.At("chat.run").edit_payload = [&w](std::string& text) {
           ReplaceSeen(text, w.log().Sign(ForgedCheckpoint(w.log().size())));
         };
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(log)

BOOST_DATA_TEST_CASE(refuses, data::make(LogAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(unknown_signatures_on_a_checkpoint_do_no_harm) {
  World world = FineTuneWorld();
  EditAllNotes(world, [](std::string& note) { note = Greased(note); });
  CheckPasses(world.Judge());
  for (Statement& statement : world.story) statement.edit_receipt = {};
  EditEntry(world, "texts", [](sigstore::LogEntry& e) { e.checkpoint = Greased(e.checkpoint); });
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(pins_of_the_true_history_do_no_harm) {
  World world = FineTuneWorld();
  const std::string passport = world.Issue();
  for (const uint64_t size : {0u, 3u, 9u, 14u, 15u, 99u}) {
    if (size <= 14) {
      world.pins["main"].push_back(world.log().CheckpointAt(size));
    } else {
      world.pins["main"].push_back(ForgedCheckpoint(size));  // nothing here tells
    }
  }
  CheckPasses(world.Judge(passport));
}

BOOST_AUTO_TEST_CASE(a_retired_key_signs_no_checkpoint) {
  World world = FineTuneWorld();
  const MemoryLog before = world.log();  // with its first key only
  world.log().RotateAt(8);
  EditAllNotes(world, [&](std::string& note) {
    note = before.Sign(world.log().CheckpointAt(world.log().size()));
  });
  CheckRefused(world.Judge(), 10, RejectReason::kBadCheckpoint, "checkpoint: ");
}

bool SaysOfReceipts(const verifier::Verdict& verdict, const std::string& what) {
  return std::any_of(verdict.not_checked.begin(), verdict.not_checked.end(),
                     [&what](const std::string& item) { return item.find(what) != item.npos; });
}

BOOST_AUTO_TEST_CASE(entries_of_unknown_logs_say_nothing_and_are_named) {
  World world = FineTuneWorld();
  BOOST_CHECK(!SaysOfReceipts(world.Judge(), "receipt"));
  MemoryLog stranger("stranger.example");
  stranger.Append("leaf");
  world.At("texts").edit_receipt = [stranger](sigstore::Bundle& bundle) {
    bundle.entries.push_back(stranger.Receipt(0, 1));
  };
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(SaysOfReceipts(verdict, "1 receipt of log " + HexEncode(stranger.IdAt(1).span()) +
                                          ", which the trust directory does not list"));
}

BOOST_AUTO_TEST_CASE(entries_of_many_unknown_logs_are_counted) {
  World world = FineTuneWorld();
  MemoryLog stranger("stranger.example");
  stranger.Append("leaf");
  world.At("texts").edit_receipt = [stranger](sigstore::Bundle& bundle) {
    for (uint8_t i = 0; i < 30; ++i) {
      bundle.entries.push_back(stranger.Receipt(0, 1));
      bundle.entries.back().log_id = LogId(std::array<uint8_t, 32>{i});
    }
  };
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(SaysOfReceipts(verdict, "receipts of 22 logs besides, which"));
}

BOOST_AUTO_TEST_CASE(an_entry_of_another_trusted_log_stands_beside_the_ledgers) {
  for (const bool first : {false, true}) {
    World world = FineTuneWorld();
    AddOtherEntry(world, [](sigstore::LogEntry&) {});
    if (first) {
      const auto add = world.At("texts").edit_receipt;
      world.At("texts").edit_receipt = [add](sigstore::Bundle& bundle) {
        add(bundle);
        std::swap(bundle.entries[0], bundle.entries[1]);
      };
    }
    const auto verdict = world.Judge();
    CheckPasses(verdict);
    BOOST_CHECK(!SaysOfReceipts(verdict, "receipt"));
  }
}

// One that Rekor 1 integrated says when: nobody here believes it, and nobody minds.
BOOST_AUTO_TEST_CASE(times_and_promises_of_another_log_say_nothing) {
  World world = FineTuneWorld();
  AddOtherEntry(world, [](sigstore::LogEntry& entry) { entry.integrated_time = 1; });
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_spooled_segment_is_counted_as_unanchored) {
  World world = FineTuneWorld();
  world.Drop("chat.1", "/after");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  for (const auto& row : verdict.rows) {
    if (row.name != "lineage") continue;
    BOOST_CHECK(row.text.find("1 segment unanchored") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
