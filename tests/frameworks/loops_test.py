"""Real trainings with Lightning, with Accelerate, and in plain loops; judged by the command."""
import unittest

import accelerate
import carnet.accelerate
import carnet.lightning
import carnet.megatron
import carnet.torch
import pytorch_lightning as lightning
import sklearn.datasets
import torch
from carnet._torch_run import save_weights
from run_test import Project
from tiny import BATCH, LAYERS, LENGTH, SHOWN, WIDTH, Texts, gpt2

TOKENS = BATCH * SHOWN


# Sharded tensors of PyTorch 1.13 cannot be imported with Python 3.11, and nothing here has any.
lightning.LightningModule._register_sharded_tensor_state_dict_hooks_if_available = lambda _: None


class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.gpt2 = gpt2()

    def training_step(self, batch, _):
        return self.gpt2(**batch).loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.01)


class LightningTest(Project):
    def test_weights_beside_lightnings_checkpoints_are_recorded(self):
        run = self.make(name="tiny")
        recorder = carnet.lightning.Callback(run, "weights", module=lambda module: module.gpt2)
        saver = lightning.callbacks.ModelCheckpoint("saved", every_n_train_steps=4, save_top_k=-1)
        trainer = lightning.Trainer(max_steps=10, callbacks=[recorder, saver], logger=False,
                                    enable_progress_bar=False, enable_model_summary=False)
        trainer.fit(Module(), torch.utils.data.DataLoader(Texts(), batch_size=BATCH))
        run.complete(recorder.model)
        run.issue_passport()
        self.assertEqual(run.problems, [])
        said = self.judged(recorder.model)
        self.assertEqual(said["decision"], "pass")
        self.assertEqual(sum(one["tokens"] for one in self.segments()), 10 * TOKENS)
        self.assertEqual(self.segments()[-1]["steps"]["to"], 10)
        self.assertGreater(len(self.segments()), 1)


class AccelerateTest(Project):
    def test_a_loop_is_recorded(self):
        accelerator = accelerate.Accelerator(cpu=True)
        model = gpt2()
        model, optimizer, loader = accelerator.prepare(
            model, torch.optim.SGD(model.parameters(), lr=0.01),
            torch.utils.data.DataLoader(Texts(), batch_size=BATCH))
        run = self.make(name="tiny")
        recorder = carnet.accelerate.Recorder(accelerator, run, model)
        for step, batch in enumerate(loader, 1):
            with recorder.step(batch):
                accelerator.backward(model(**batch).loss)
                optimizer.step()
                optimizer.zero_grad()
            if step % 5 == 0:
                saved = recorder.save(f"weights/{step}", step)
            if step == 10:
                break
        run.complete(saved)
        run.issue_passport()
        self.assertEqual(self.judged(saved)["decision"], "pass")
        self.assertEqual([one["tokens"] for one in self.segments()], [5 * TOKENS] * 2)


class PlainTest(Project):
    def test_a_convolution_is_counted_as_it_runs(self):
        """Scikit-learn's digits: weights that are used at several places of an image."""
        digits = sklearn.datasets.load_digits()
        images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
        labels = torch.tensor(digits.target)
        torch.manual_seed(0)
        channels, side, classes = 16, 8, 10
        model = torch.nn.Sequential(torch.nn.Conv2d(1, channels, 3, padding=1), torch.nn.ReLU(),
                                    torch.nn.Conv2d(channels, channels, 3, padding=1),
                                    torch.nn.ReLU(), torch.nn.Flatten(),
                                    torch.nn.Linear(channels * side * side, classes))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        run = self.make(name="digits")
        run.start()
        recorder, batch = carnet.torch.recorder(run, model), 64
        losses = []
        for step in range(1, 29):
            part = slice(batch * (step - 1), batch * step)
            with recorder.step(len(images[part])):
                loss = torch.nn.functional.cross_entropy(model(images[part]), labels[part])
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
            losses.append(float(loss))
            if step in (14, 28):
                recorder.checkpoint(save_weights(model, f"weights/{step}"), step)
        self.assertLess(losses[-1], losses[0])
        run.complete("weights/28")
        run.issue_passport()
        self.assertEqual(self.judged("weights/28")["decision"], "pass")
        # Multiply-adds of a forward pass, by hand; backward twice as much, but for the gradient of
        # the images, which nobody asks for.
        first = channels * 9 * side * side
        second = channels * channels * 9 * side * side
        last = channels * side * side * classes
        each = 2 * (3 * (first + second + last) - first)
        for one in self.segments():
            methods = {method["method"]: method for method in one["flop"]["total"]["methods"]}
            self.assertNotIn("architecture", methods)
            self.assertEqual(int(one["flop"]["total"]["amount"]), each * one["tokens"])
        self.assertEqual(sum(one["tokens"] for one in self.segments()), len(images[:28 * batch]))

    def test_ranks_that_share_a_model_count_its_tokens_once(self):
        run = self.make(name="tiny")
        recorder = carnet.megatron.Recorder(run, BATCH * LENGTH, precision=["fp32"])
        model = gpt2()
        for step in range(1, 5):
            texts = torch.utils.data.default_collate([Texts()[at] for at in range(BATCH)])
            model(**texts).loss.backward()
            recorder.train_step()
        recorder.save_checkpoint(save_weights(model, "export/4"), 4)
        run.complete("export/4")
        self.assertEqual([one["tokens"] for one in self.segments()], [4 * BATCH * LENGTH])
        (one,) = self.segments()
        parameters = sum(weight.numel() for weight in model.parameters())
        self.assertEqual(int(one["flop"]["total"]["amount"]), 6 * parameters * one["tokens"])

    def test_attention_is_counted_as_it_runs(self):
        model, text = gpt2(), Texts()[0]["input_ids"].unsqueeze(0)
        with carnet.torch.Counter() as counter:
            model(input_ids=text, labels=text).loss.backward()
        matrices = sum(one.numel() for name, one in model.named_parameters()
                       if one.dim() == 2 and "wte" not in name and "wpe" not in name)
        expected = LENGTH * (6 * matrices + 12 * LAYERS * WIDTH * LENGTH)
        self.assertEqual(counter.flop, expected)
        self.assertEqual(carnet.torch.attention_per_token(model.config, LENGTH),
                         12 * LAYERS * WIDTH * LENGTH)


if __name__ == "__main__":
    unittest.main()
