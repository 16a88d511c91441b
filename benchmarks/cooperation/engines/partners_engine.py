"""Overlaps by openmined-psi and by clkhash with anonlink, in an environment of their own: one JSON request on standard input.

`exact`: `{"mode", "ours": [value], "theirs": [value]}` -> `{"shared", "wall", "processor"}`. `alike`: lists of (name, birth date,
number) and likenesses -> pairs of row numbers by likeness.
"""

import io
import json
import sys
import time

import anonlink
import private_set_intersection.python as psi
from clkhash.clk import generate_clk_from_csv
from clkhash.schema import from_json_dict


def exact(asked):
    began, busy = time.monotonic(), time.process_time()
    client, server = psi.client.CreateWithNewKey(False), psi.server.CreateWithNewKey(False)
    kind = psi.DataStructure.RAW  # no false positives
    setup = server.CreateSetupMessage(0.001, len(asked["ours"]), asked["theirs"], kind)
    answer = server.ProcessRequest(client.CreateRequest(asked["ours"]))
    shared = client.GetIntersectionSize(setup, answer)
    return {"shared": shared, "wall": time.monotonic() - began, "processor": time.process_time() - busy}


def _feature(name, size, bits, positional=False):
    return {
        "identifier": name,
        "format": {"type": "string", "encoding": "utf-8"},
        "hashing": {
            "comparison": {"type": "ngram", "n": size, "positional": positional},
            "strategy": {"bitsPerFeature": bits},
            "hash": {"type": "blakeHash"},
            "missingValue": {"sentinel": ""},
        },
    }


def alike(asked):
    kdf = {"type": "HKDF", "hash": "SHA256", "salt": "c2FsdA==", "info": "aW5mbw==", "keySize": 64}
    schema = from_json_dict(
        {
            "version": 3,
            "clkConfig": {"l": 1024, "xor_folds": 0, "kdf": kdf},
            "features": [
                _feature("name", 2, 300),
                _feature("birth", 1, 200, True),
                _feature("phone", 1, 200, True),
            ],
        }
    )
    encoded = []
    for people in (asked["ours"], asked["theirs"]):
        rows = "\n".join(",".join(part.replace(",", " ") for part in person) for person in people)
        text = io.StringIO(f"name,birth,phone\n{rows}\n")
        encoded.append(generate_clk_from_csv(text, "secret", schema, progress_bar=False))
    likenesses = asked["likenesses"]
    found = anonlink.candidate_generation.find_candidate_pairs(
        encoded, anonlink.similarities.dice_coefficient_accelerated, min(likenesses)
    )
    told = {}
    for likeness in likenesses:
        kept = [place for place, alike in enumerate(found[0]) if alike >= likeness]
        chosen = (
            _at(found[0], kept),
            tuple(_at(part, kept) for part in found[1]),
            tuple(_at(part, kept) for part in found[2]),
        )
        groups = anonlink.solving.greedy_solve(chosen)
        told[likeness] = [[row for _, row in sorted(group)] for group in groups if len(group) == 2]
    return told


def _at(values, places):
    return type(values)(values.typecode, (values[place] for place in places))


if __name__ == "__main__":
    request = json.load(sys.stdin)
    json.dump({"exact": exact, "alike": alike}[request["mode"]](request), sys.stdout)
