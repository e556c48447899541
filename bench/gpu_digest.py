#!/usr/bin/env python3
"""Digests of tensors on a CUDA device: carnet.tensor_digests against a copy to the host.

    gpu_digest.py [--rounds 3] [--scale 1.0]

Needs PyTorch with CUDA, and the package carnet built where nvcc was at hand. For each list of
tensors prints the gigabytes a second in place (or by what the plan chose), how many tensors took
which way, and the same for `.cpu()` and digests on the host; the digests of both have to agree.
--scale makes the lists shorter, for a device with less memory. Without a device says so, exit 0.
"""
import argparse
import collections
import statistics
import sys
import time

MIB = 1 << 20


def dense_7b():
    sizes = [2 * 32000 * 4096] * 2 + [2 * 4096]
    for _ in range(32):
        sizes += [2 * 4096 * 4096] * 4 + [2 * 4096 * 11008] * 3 + [2 * 4096] * 2
    return sizes


LISTS = {
    "4,096 x 16 MiB": [16 * MIB] * 4096,
    "dense 7B, bf16": dense_7b(),
    "20,000 experts of 4 MiB, two embeddings of 1 GiB": [4 * MIB] * 20000 + [1024 * MIB] * 2,
}


def on_device(torch, sizes):
    """Views of one allocation, as a framework's flat buffers are; each begins at 512 bytes."""
    starts, end = [], 0
    for size in sizes:
        starts.append(end)
        end += -(-size // 512) * 512
    flat = torch.randint(256, (end,), dtype=torch.uint8, device="cuda")
    return {str(i): flat[start:start + size] for i, (start, size) in enumerate(zip(starts, sizes))}


def timed(rounds, work):
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), result


def in_place(torch, carnet, tensors):
    stream = torch.cuda.current_stream().cuda_stream
    return carnet._carnet.digest_memory(
        [(t.data_ptr(), t.numel() * t.element_size(), True, stream) for t in tensors.values()], 0)


def report(torch, carnet, name, sizes, rounds):
    tensors = on_device(torch, sizes)
    in_place(torch, carnet, {"warm": tensors["0"][:64]})
    ours, digests = timed(rounds, lambda: in_place(torch, carnet, tensors))
    host, expected = timed(1, lambda: carnet.tensor_digests(
        {name: tensor.cpu() for name, tensor in tensors.items()}))
    if [sha256 for sha256, _ in digests] != list(expected.values()):
        sys.exit(f"{name}: the digests are not those of the host")
    ways = dict(collections.Counter(way for _, way in digests))
    gigabytes = sum(sizes) / 1e9
    print(f"{name}: {gigabytes:.1f} GB at {gigabytes / ours:.1f} GB/s {ways}; "
          f"by .cpu() at {gigabytes / host:.1f} GB/s; ratio {host / ours:.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        torch = None
    if torch is None or not torch.cuda.is_available():
        print("skipped: no CUDA device")
        return
    import carnet
    print(torch.cuda.get_device_name())
    for name, sizes in LISTS.items():
        short = sizes[::max(1, round(1 / options.scale))]
        try:
            report(torch, carnet, name, short, options.rounds)
        except carnet.Unsupported as why:
            print(f"skipped: {why}")
            return
        torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
