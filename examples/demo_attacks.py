"""The attacks of `./dev demo`: each is made on a copy and refused for its own reason.

Anything re-signed goes into a copy of the ledger, as a new run whose passport supersedes the first;
repeating the first would be a conflict. An attacker has whatever keys the story gives: a lab that
understates its compute signs with its own key.
"""
import base64
import copy
import json
import shutil
import struct
import time


def statement_of(bundle):
    return json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))


def play(story):
    story.chapter("Attacks on copies, each refused for its own reason")
    for attack in ATTACKS:
        attack(story)
    return len(ATTACKS)


# --- what attackers do

def passport_lines(story, name):
    path = story.out / f"passports/{name}.passport.sigstore.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_lines(story, path, lines):
    (story.out / path).parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n"
                   for line in lines)
    (story.out / path).write_text(text)
    return path


def copy_ledger(story, name):
    target = story.out / f"attacks/{name}/ledger"
    shutil.copytree(story.out / "ledger", target)
    return f"attacks/{name}/ledger"


def refused(story, reason, passport, model=None, trust="trust"):
    """Checks that the hub says no, and for exactly this reason."""
    model = model or f"models/{story.chat}"
    out = story.carnet("verify", model, "--passport", passport, "--trust", trust, "--json",
                       expect=1, show=False, quiet=True)
    verdict = json.loads(out)
    print(f"$ carnet verify {model} --passport {passport} --trust {trust}")
    for finding in verdict["findings"][:2]:
        print(f"    finding  {finding['reason']} ({finding['rule']}): {finding['message']}")
    print(f"    decision {verdict['decision']}: {verdict['reason']}\n", flush=True)
    if verdict["reason"] != reason:
        raise SystemExit(f"demo: error: refused for {verdict['reason']}, expected {reason}")


def without_kind(lines, predicate_type, which=0):
    at = [i for i, line in enumerate(lines)
          if statement_of(line)["predicateType"] == predicate_type][which]
    return lines[:at] + lines[at + 1:]


def logged_statement(story, name, kind):
    """The predicate of the first statement of this kind in a model's passport, without its head."""
    for line in passport_lines(story, name):
        statement = statement_of(line)
        if statement["predicateType"] == f"urn:carnet:{kind}:v1":
            predicate = statement["predicate"]
            del predicate["head"]
            return predicate
    raise SystemExit(f"demo: error: no {kind} in {name}'s passport")


def logged_segments(story):
    """Drafts of the base model's segments, as they were signed, without what the device time
    amounts to: it will be another."""
    for path in sorted((story.out / f"runs/{story.base}").glob("segment-0-[0-9].sigstore.json")):
        predicate = statement_of(json.loads(path.read_text()))["predicate"]
        for figure in predicate["flop"].values():
            figure["methods"] = [one for one in figure["methods"] if one["method"] != "hardware"]
        yield {name: predicate[name] for name in
               ("steps", "tokens", "time", "flop", "usage", "precision")}


def understate_results(segment):
    """States a tenth of every result, whatever its inputs are."""
    for name in ("update", "total"):
        figure = segment["flop"][name]
        for method in figure["methods"]:
            method["result"] = str(int(method["result"]) // 10)
        figure["amount"] = figure["methods"][0]["result"]


def understate_tokens(segment):
    """States a tenth of the tokens, and the formula's result for them; the counter counted all."""
    segment["tokens"] //= 10
    for name in ("update", "total"):
        figure = segment["flop"][name]
        formula = figure["methods"][0]
        formula["result"] = str(int(formula["result"]) // formula["tokens"] * segment["tokens"])
        formula["tokens"] = segment["tokens"]
        figure["amount"] = formula["result"]


def one_millisecond(segment):
    for usage in segment["usage"]:
        usage["ms"] = 1


def relog(story, name, change_segment):
    """Records the base model's run again in a copy of the ledger, with changed segments, signed by
    the lab; returns its passport file."""
    ledger = copy_ledger(story, name)
    # Carnet would not sign what it can see to be wrong; a liar has other tools.
    signing = ("--ledger", ledger, "--key", "keys/lab.key", "--sign-anyway")
    run = f"attacks/{name}/run"
    quietly = {"quiet": True}
    draft = f"drafts/{story.base}.run.json"
    story.carnet("run", "open", "--dir", run, draft, *signing, **quietly)
    total = 0
    for seq, segment in enumerate(logged_segments(story)):
        retime(segment)
        change_segment(segment)
        total += int(segment["flop"]["total"]["amount"])
        story.carnet("run", "segment", "--dir", run, "--checkpoint",
                     f"runs/{story.base}.checkpoints/{seq}",
                     story.write_json(f"attacks/{name}/segment-{seq}.json", segment), *signing,
                     **quietly)
    story.carnet("run", "complete", "--dir", run, "--model", f"models/{story.base}", *signing,
                 **quietly)
    status = json.loads(story.carnet("run", "status", "--dir", run, "--json", **quietly))
    info = json.loads(story.carnet("ledger", "info", ledger, "--json", **quietly))
    passport = logged_statement(story, story.base, "passport")
    passport["completion"] = status["completion"]
    passport["after"] = {"index": info["tree_size"] - 1, "root": info["root"]}
    passport["flop"]["parameter_update"] = passport["flop"]["cumulative"] = str(total)
    passport["supersedes"] = story.ids[f"{story.base} passport"]
    out = story.carnet("attest", "--kind", "passport",
                       story.write_json(f"attacks/{name}/passport.json", passport), *signing,
                       **quietly)
    path = f"attacks/{name}/passport.sigstore.jsonl"
    story.carnet("passport", "collect", out.split()[-1], "--ledger", ledger, "--out", path,
                 **quietly)
    return path


def retime(segment):
    """The new run was opened just now, so its segments must be later: half a second each."""
    start = time.time_ns() // 1_000_000
    time.sleep(0.5)
    end = time.time_ns() // 1_000_000
    segment["time"] = {"from": utc(start), "to": utc(end)}
    for usage in segment["usage"]:
        usage["ms"] = end - start


def utc(ms):
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000))
    return f"{seconds}.{ms % 1000:03d}Z"


# --- the attacks

def flip_a_weight(story):
    story.say("one bit of the weights is flipped")
    target = story.out / "attacks/flipped/model"
    shutil.copytree(story.out / f"models/{story.chat}", target)
    weights = bytearray((target / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (target / "model.safetensors").write_bytes(weights)
    refused(story, "other-model", f"passports/{story.chat}.passport.sigstore.jsonl",
            model="attacks/flipped/model")


def leave_out_a_segment(story):
    story.say("one segment is left out")
    lines = without_kind(passport_lines(story, story.chat), "urn:carnet:segment:v1", which=1)
    refused(story, "missing-statement",
            write_lines(story, "attacks/no-segment.passport.sigstore.jsonl", lines))


def withhold_the_parent(story):
    story.say("the parent's passport is withheld")
    lines = [line for line in passport_lines(story, story.chat)
             if statement_of(line)["predicate"].get("name") != story.base]
    refused(story, "missing-statement",
            write_lines(story, "attacks/no-parent.passport.sigstore.jsonl", lines))


def understate_tenfold(story):
    story.say("the lab states a tenth of its FLOP, and signs the whole chain again")
    path = relog(story, "tenfold", understate_results)
    refused(story, "flop-arithmetic", path, model=f"models/{story.base}")


def understate_the_inputs_too(story):
    story.say("the lab states a tenth of the tokens too: the arithmetic is right now, but the "
              "counter disagrees")
    path = relog(story, "tokens", understate_tokens)
    refused(story, "methods-disagree", path, model=f"models/{story.base}")


def exceed_physics(story):
    story.say("a segment claims to have done seconds of work in one millisecond")
    path = relog(story, "physics", one_millisecond)
    refused(story, "beyond-physics", path, model=f"models/{story.base}")


def sign_with_an_unknown_key(story):
    story.say("a stranger signs the lab's passport")
    story.carnet("keygen", "--out", "attacks/stranger", quiet=True)
    ledger = copy_ledger(story, "stranger-ledger")
    passport = logged_statement(story, story.chat, "passport")
    out = story.carnet("attest", "--kind", "passport",
                       story.write_json("attacks/stranger.json", passport), "--ledger", ledger,
                       "--key", "attacks/stranger.key", quiet=True)
    path = "attacks/stranger.passport.sigstore.jsonl"
    story.carnet("passport", "collect", out.split()[-1], "--ledger", ledger, "--out", path,
                 quiet=True)
    refused(story, "unknown-key", path)


def complete_anothers_run(story):
    story.say("a second lab, trusted like the first, completes the first lab's run with its own "
              "model")
    target = story.out / "attacks/lab2-model"
    shutil.copytree(story.out / f"models/{story.base}", target)
    weights = bytearray((target / "model.safetensors").read_bytes())
    weights[-4:] = struct.pack("<f", 0.125)
    (target / "model.safetensors").write_bytes(weights)
    ledger = copy_ledger(story, "lab2")
    signing = ("--ledger", ledger, "--key", "keys/lab2.key", "--sign-anyway")
    digest = json.loads(story.carnet("digest", "attacks/lab2-model", "--tensors", "--json",
                                     quiet=True))
    roots = [{"set": s["set"], "root": s["root"]} for s in digest["weight_sets"]]
    completion = logged_statement(story, story.base, "completion")
    completion.update(model=digest["model"], tensor_roots=roots)
    done = story.carnet("attest", "--kind", "completion",
                        story.write_json("attacks/lab2-completion.json", completion), *signing,
                        quiet=True)
    info = json.loads(story.carnet("ledger", "info", ledger, "--json", quiet=True))
    passport = logged_statement(story, story.base, "passport")
    passport.update(model=digest["model"], tensor_roots=roots, completion=done.split()[-1],
                    files=digest["files"],
                    after={"index": info["tree_size"] - 1, "root": info["root"]})
    out = story.carnet("attest", "--kind", "passport",
                       story.write_json("attacks/lab2-passport.json", passport), *signing,
                       quiet=True)
    path = "attacks/lab2.passport.sigstore.jsonl"
    story.carnet("passport", "collect", out.split()[-1], "--ledger", ledger, "--out", path,
                 quiet=True)
    refused(story, "not-the-runs-signer", path, model="attacks/lab2-model")


def show_a_forked_receipt(story):
    story.say("one receipt comes from a fork of the ledger")
    fork = copy_ledger(story, "fork")
    story.carnet("attest", "--kind", "dataset", "drafts/letter.json", "--files", "data/letter",
                 "--ledger", fork, "--key", "keys/lab.key", quiet=True)
    story.carnet("passport", "collect", story.ids[f"{story.chat} passport"], "--ledger", fork,
                 "--out", "attacks/fork.jsonl", quiet=True)
    forked = (story.out / "attacks/fork.jsonl").read_text().splitlines()
    lines = passport_lines(story, story.chat)
    swapped = copy.deepcopy(lines)
    payload = swapped[0]["dsseEnvelope"]["payload"]
    swapped[0] = next(json.loads(line) for line in forked
                      if json.loads(line)["dsseEnvelope"]["payload"] == payload)
    refused(story, "log-views-differ",
            write_lines(story, "attacks/fork.passport.sigstore.jsonl", swapped))


def restore_a_backup(story):
    story.say("the operator restores yesterday's database; the ledger itself refuses to continue")
    target = story.out / "attacks/backup/ledger"
    shutil.copytree(story.out / "ledger", target)
    shutil.rmtree(target / "db")
    shutil.copytree(story.out / "attacks/yesterday/db", target / "db")
    out = story.carnet("attest", "--kind", "dataset", "drafts/letter.json", "--files",
                       "data/letter", "--ledger", "attacks/backup/ledger", "--key", "keys/lab.key",
                       expect=1)
    if "older than the last signed checkpoint" not in out:
        raise SystemExit("demo: error: refused for the wrong reason")


ATTACKS = (
    flip_a_weight, leave_out_a_segment, withhold_the_parent, understate_tenfold,
    understate_the_inputs_too, exceed_physics, sign_with_an_unknown_key, complete_anothers_run,
    show_a_forked_receipt, restore_a_backup,
)
