"""A small language model and text for it, and jobs that train it in a process of their own."""
import os
import pathlib
import subprocess
import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel

LENGTH, SHOWN, BATCH = 64, 56, 8  # the mask hides the last 8 of each text's 64 tokens
WIDTH, LAYERS, VOCABULARY = 96, 3, 256
TEXT = pathlib.Path("/usr/share/common-licenses/GPL-3").read_bytes()[:20_000]


class Texts(torch.utils.data.Dataset):
    def __len__(self):
        return len(TEXT) // LENGTH

    def __getitem__(self, at):
        ids = torch.tensor(list(TEXT[LENGTH * at:LENGTH * (at + 1)]))
        mask = torch.ones_like(ids)
        mask[SHOWN:] = 0
        return {"input_ids": ids, "labels": ids, "attention_mask": mask}


def gpt2(tied=False):
    """Its masks, buffers of bool, are left out of what processes share: gloo has no bool."""
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=VOCABULARY, n_positions=LENGTH, n_embd=WIDTH,
                                       n_layer=LAYERS, n_head=4, tie_word_embeddings=tied))
    model._ddp_params_and_buffers_to_ignore = [name for name, _ in model.named_buffers()]
    return model


def start(program, **environment):
    """A process that runs the program with the tests' modules at hand."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path[:0] = {sys.path[:3]!r}\n" +
         program], env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
