"""Hostile and border inputs of the target that reads reports of machines, for make_hostile.py."""

CPU = '"cpu":{"model":"Xeon","vendor":"GenuineIntel","cores":2,"f32_lanes":16,"fma_units":2,'
machine_report = {
    "cpu": '{"host":"a","gpus":[],' + CPU + '"nominal_hz":2600000000,"maximum_hz":3000000000}}',
    "gpu": '{"host":"a","gpus":[{"name":"NVIDIA H200",'
    '"id":"nvidia:gpu:5b3c1a52-0000-4000-8000-000000000001"}]}',
    "both": '{"host":"a","gpus":[{"name":"b","id":"aws:i-0"}],' + CPU + '"nominal_hz":1}}',
    "zero_clock": '{"host":"a","gpus":[],' + CPU + '"nominal_hz":0}}',
    "most_cores": '{"host":"a","gpus":[],' + CPU.replace(":2", ":18446744073709551615") +
    '"nominal_hz":18446744073709551615}}',
    "deep": '{"host":"a","gpus":' + "[" * 100 + "]" * 100 + "}",
}
