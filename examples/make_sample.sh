#!/usr/bin/env bash
# Plays two labs and a cloud, and leaves what they would publish: something to check and to audit.
#
#   usage: make_sample.sh FOLDER      (FOLDER must not exist; `carnet` must be on the PATH)
#
# FOLDER/published/   what everybody gets
#   models/           finch, finch-chat (a fine-tune of it), heron, swift; beside each folder its passport
#   keys/             the public keys of lab, cloud and fast-lab
#   trusted_root.json the log and its key, for trust directories; log.vkey is the same key in one line
#   checkpoints/      the log's signed checkpoint after finch, and the latest
#   ledger/           a copy of the ledger, without its private key
#   ledger-rewritten/ the same up to finch, and then others: a second history
# FOLDER/lab, cloud, fast-lab   what each keeps to itself: private key, run directories; the lab its ledger, with
#                     a backup from when finch was published
#
# Weights are random numbers, and nothing is trained: what the labs say of their runs is made up. Two of them lie:
# swift did more than its device can do, and heron used a device while somebody else did.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: make_sample.sh FOLDER" >&2; exit 2; }
mkdir "$1"
cd "$1"
unset CARNET_CONFIG CARNET_LEDGER CARNET_GUARD CARNET_KEY CARNET_TRUST CARNET_POLICY
exec 3>&1 >make_sample.log  # what the commands print; errors are shown

# --- helpers

# model FOLDER SEED: config.json and 2.1 million BF16 weights in a safetensors file.
model() {
  python3 - "$1" "$2" <<'PYTHON'
import json, math, pathlib, random, struct, sys
folder, chance = pathlib.Path(sys.argv[1]), random.Random(int(sys.argv[2]))
width, rows = 256, 2048
shapes = {"model.embed_tokens.weight": [rows, width]}
for layer in range(2):
    at = f"model.layers.{layer}."
    shapes |= {at + f"self_attn.{part}_proj.weight": [width, width] for part in "qkvo"}
    shapes |= {at + "mlp.up_proj.weight": [4 * width, width],
               at + "mlp.down_proj.weight": [width, 4 * width]}
header, data = {}, bytearray()
for name, shape in shapes.items():
    count, begin = math.prod(shape), len(data)
    values = bytearray(2 * count)  # little-endian BF16 of about 0.01, half of them negative
    values[0::2] = chance.randbytes(count)
    values[1::2] = bytes(0x3c | byte & 0x80 for byte in chance.randbytes(count))
    data += values
    header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, len(data)]}
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
folder.mkdir(parents=True)
(folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
config = {"model_type": "sample", "hidden_size": width, "num_hidden_layers": 2, "vocab_size": rows}
(folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
PYTHON
}

# at SECONDS: that many seconds from when the script began, as statements spell it.
began=$(date +%s)
at() { date -u -d "@$((began + $1))" +%Y-%m-%dT%H:%M:%S.000Z; }

carnet() { command carnet --quiet "$@"; }
key_id() { carnet inspect "$1" | sed -n 's/^key id *//p'; }
model_digest() { carnet digest "$1" | sed -n 's/^model *sha256://p'; }

# segment RUN CHECKPOINT FROM TO STEP TOKENS …: one segment of a run. Nothing takes real time here: a segment may
# begin up to five minutes before its run was opened, as clocks differ (R29), so training was in the minutes just gone by.
segment() {
  carnet run segment --dir "$1" --checkpoint "$2" --set "time.from=$(at "$3")" --set "time.to=$(at "$4")" \
    --set "steps.to=$5" --set "tokens=$6" --set precision=bf16 "${@:7}"
}

# open_run RUN KIND DATASET DEVICE ALLOCATION …
open_run() {
  carnet run open --dir "$1" --dataset "$3" --device "$4" --allocation "$5" --set "kind=$2" \
    --set opened_by='training team' --set authorised_by='head of research' \
    --set intended_deployment=research "${@:6}"
}

# --- three parties: the lab runs the log, the others write to it; each lists the others' keys

carnet init lab --dir lab --party lab --no-password --origin log.example.org
carnet init cloud --dir cloud --party cloud --no-password --ledger lab/ledger
carnet init lab --dir fast-lab --party fast-lab --no-password --ledger lab/ledger
for lab in lab fast-lab; do
  carnet trust add cloud/cloud.pub --party cloud --kinds device,allocation --trust "$lab/trust"
done
mkdir -p published/models published/keys published/checkpoints
cp lab/lab.pub cloud/cloud.pub published/keys/
cp fast-lab/lab.pub published/keys/fast-lab.pub  # `carnet init` names a key's file after the role
models=$PWD/published/models

# --- the cloud: two H100, and ten minutes of one for each lab

cd cloud
for unit in 1 2; do
  cat > device-$unit.json <<JSON
{"id": "nvidia:gpu:5a3c1e70-0000-4000-8000-00000000000$unit", "units": 1, "vendor": "nvidia", "chip": "h100-sxm5",
 "location": {"jurisdiction": "DE", "method": "declared", "asserted_by": "cloud"}}
JSON
done
device_1=$(carnet attest --kind device device-1.json)
device_2=$(carnet attest --kind device device-2.json)
sell() {  # HOLDER DEVICE …
  carnet attest --kind allocation --set "holders=$1" "${@:2}" --set "window.from=$(at -600)" \
    --set "window.to=$(at 3600)" --set device_ms=600000
}
for_lab=$(sell "$(key_id ../lab/lab.pub)" --device "$device_1")
for_fast_lab=$(sell "$(key_id ../fast-lab/lab.pub)" --device "$device_1" --device "$device_2")  # device 1 twice

# --- the lab: finch in two segments, then finch-chat from it

cd ../lab
mkdir texts letters
for finch in $(seq 2000); do echo "Finch $finch sings in tree $((finch * 7919 % 2000))."; done > texts/finches.txt
for finch in $(seq 200); do echo "Q: Where is finch $finch?  A: In its tree."; done > letters/questions.txt
texts=$(carnet attest --kind dataset --files texts --set sources.kind=public --set size.tokens=500000000)
letters=$(carnet attest --kind dataset --files letters --set sources.kind=user --set size.tokens=60000000)
model checkpoints/half 1
model "$models/finch" 2
model "$models/finch-chat" 3

open_run finch pre-training "$texts" "$device_1" "$for_lab"
segment finch checkpoints/half -250 -150 1000 1000000000
segment finch "$models/finch" -150 -70 2000 1000000000
carnet run complete --dir finch --model "$models/finch"
passport=$(carnet passport issue "$models/finch" --run finch --set name=finch --set licence=Apache-2.0 \
  --out "$models/finch.passport.sigstore.jsonl")
carnet ledger checkpoint > ../published/checkpoints/after-finch
cp -R ledger backup

open_run finch-chat fine-tune "$letters" "$device_1" "$for_lab" --set inputs.type=fine-tuned-from \
  --set "inputs.model=$(model_digest "$models/finch")" --set "inputs.statement=$passport"
segment finch-chat "$models/finch-chat" -60 -10 100 300000000
carnet run complete --dir finch-chat --model "$models/finch-chat"
carnet passport issue "$models/finch-chat" --run finch-chat --set name=finch-chat --set licence=Apache-2.0 \
  --out "$models/finch-chat.passport.sigstore.jsonl"

# A run that was opened, and then no more was heard of it.
open_run finch-large pre-training "$texts" "$device_1" "$for_lab"

# --- the fast lab: heron on a device that was busy, swift faster than light

cd ../fast-lab
mkdir texts
cp ../lab/texts/finches.txt texts/birds.txt
texts=$(carnet attest --kind dataset --files texts --set sources.kind=public --set size.tokens=500000000)
model "$models/heron" 4
model "$models/swift" 5

# No passport shows this by itself: finch ran on device 1 at that time, and is in another passport.
open_run heron pre-training "$texts" "$device_1" "$for_fast_lab"
segment heron "$models/heron" -200 -90 1600 1600000000
carnet run complete --dir heron --model "$models/heron"
carnet passport issue "$models/heron" --run heron --set name=heron \
  --out "$models/heron.passport.sigstore.jsonl"

# Carnet would not sign what it can see to be wrong; a liar has other tools. This one issues its passport
# with a catalogue of its own, where an H100 is a hundred times as fast.
open_run swift pre-training "$texts" "$device_2" "$for_fast_lab"
segment swift "$models/swift" -30 -10 40000 40000000000 --sign-anyway
carnet run complete --dir swift --model "$models/swift" --sign-anyway
cat > chips.csv <<'CSV'
chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note
h100-sxm5,h100,nvidia,bf16,98940000000000000,dense,fast-lab,2026-01-01,high,
CSV
carnet passport issue "$models/swift" --run swift --chips chips.csv --set name=swift \
  --out "$models/swift.passport.sigstore.jsonl"

# --- what the log's operator publishes

cd ../lab
carnet ledger trust --operator lab --out ../published/trusted_root.json
carnet ledger info | sed -n 's/^vkey *//p' > ../published/log.vkey
carnet ledger checkpoint > ../published/checkpoints/latest
cp -R ledger ../published/ledger

# A log must never sign two histories. Its operator can: with a backup that has the guard too. As many other entries.
cp -R backup ../published/ledger-rewritten
for version in $(seq 14); do
  carnet attest --kind dataset --files letters --set sources.kind=user --set "version=$version" \
    --ledger ../published/ledger-rewritten
done
cd ..
rm published/ledger*/key.pem
entries=$(sed -n 2p published/checkpoints/latest)
echo "$1: $(find published/models -name '*.jsonl' | wc -l) passports, a ledger of $entries entries" >&3
