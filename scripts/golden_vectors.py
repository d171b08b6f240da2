#!/usr/bin/env python3
"""Writes the golden model's test vectors, sim/tests/vectors/, from a model that shares nothing with it.

    python3 scripts/golden_vectors.py            writes them (needs NumPy)
    python3 scripts/golden_vectors.py --check    fails if the committed ones differ

The model is written from DESIGN section 3, in other terms than sim/src/golden.rs: windows of the padded ifmap as a
strided view, all products of a group as one array, exact Python integers for the output stage. One folder a case:
ifmap, filter, bias and ofmap as .npy, in the narrowest integer type or an odd one, and case.json with the rest.
"""

import argparse
import filecmp
import json
import pathlib
import sys
import tempfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "sim" / "tests" / "vectors"


def splitmix64(seed, count):
    """`count` random 64-bit words; the same with every version of NumPy."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def random_words(seed, dims, bits, extremes):
    """Signed words of `bits` bits; with `extremes`, half of them the least or the greatest there is."""
    raw = splitmix64(seed, int(np.prod(dims)))
    words = raw.view(np.int64) >> np.int64(64 - bits)
    if extremes:
        least, greatest = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        words = np.where(raw & np.uint64(1), words, np.where(raw & np.uint64(2), least, greatest))
    return words.reshape(dims)


def wrapped(value, bits):
    """A Python integer's low `bits` bits, read as two's complement."""
    value %= 1 << bits
    return value - (1 << bits) if value >> (bits - 1) else value


def psums(shape, numerics, ifmap, filters, bias):
    """N x M x E x F psums, int64, wrapped to the psum width."""
    pad_h, pad_w, groups = shape["pad_h"], shape["pad_w"], shape["groups"]
    image = np.pad(ifmap, ((0, 0), (0, 0), (pad_h, pad_h), (pad_w, pad_w)))
    # N C E F R S
    windows = np.lib.stride_tricks.sliding_window_view(image, (shape["r"], shape["s"]), axis=(2, 3))
    windows = windows[:, :, :: shape["stride_h"], :: shape["stride_w"]]
    parts = []
    with np.errstate(over="ignore"):
        for part, kernels in zip(np.split(windows, groups, axis=1), np.split(filters, groups, axis=0)):
            products = part[:, None] * kernels[None, :, :, None, None]  # N M' C' E F R S: 2W bits, so exact in int64
            products = products >> np.int64(numerics["psum_shift"])
            parts.append(products.sum(axis=(2, 5, 6), dtype=np.int64))  # int64 wraps, and 2^P divides 2^64
        total = np.concatenate(parts, axis=1) + bias[None, :, None, None]
    wrap = np.frompyfunc(lambda value: wrapped(int(value), numerics["psum_width"]), 1, 1)
    return wrap(total).astype(np.int64)


def requantised(total, width, relu, scales, shifts):
    """floor(psum * scale / 2^shift + 1/2) as exact integers, then ReLU, then saturated to `width` bits."""
    result = np.empty_like(total)
    for index in np.ndindex(total.shape):
        channel = index[1]
        scale = 1 if not scales else scales[0] if len(scales) == 1 else scales[channel]
        shift = 0 if not shifts else shifts[0] if len(shifts) == 1 else shifts[channel]
        value = (2 * int(total[index]) * scale + 2**shift) // 2 ** (shift + 1)
        value = max(value, 0) if relu else value
        result[index] = min(max(value, -(2 ** (width - 1))), 2 ** (width - 1) - 1)
    return result


# name: (shape, numerics, output[, extremes]); shapes leave out what is 1, or 0 for a pad.
RAW = "raw"
CASES = {
    "plain_3x3": ({"n": 2, "m": 3, "c": 2, "h": 6, "w": 7, "r": 3, "s": 3}, {"width": 8, "psum_width": 16}, RAW),
    "pointwise": ({"n": 2, "m": 5, "c": 6, "h": 4, "w": 3, "r": 1, "s": 1}, {"width": 16, "psum_width": 32}, RAW),
    "fully_connected": ({"n": 3, "m": 4, "c": 3, "h": 4, "w": 5, "r": 4, "s": 5}, {"width": 12, "psum_width": 27}, RAW),
    "strides_4_and_3": (
        {"m": 2, "c": 2, "h": 15, "w": 14, "r": 5, "s": 3, "stride_h": 4, "stride_w": 3},
        {"width": 16, "psum_width": 32},
        RAW,
    ),
    "tall_filter_pads_differ": (
        {"n": 2, "m": 3, "c": 2, "h": 5, "w": 8, "r": 5, "s": 1, "pad_h": 2, "pad_w": 0, "stride_w": 2},
        {"width": 10, "psum_width": 20},
        RAW,
    ),
    "wide_filter_pad_beyond_it": (
        {"m": 2, "c": 2, "h": 4, "w": 3, "r": 1, "s": 4, "pad_h": 1, "pad_w": 4},
        {"width": 8, "psum_width": 20},
        RAW,
    ),
    "groups_of_2": (
        {"n": 2, "m": 6, "c": 4, "h": 5, "w": 5, "r": 3, "s": 3, "pad_h": 1, "pad_w": 1, "groups": 2},
        {"width": 8, "psum_width": 18},
        RAW,
    ),
    "depthwise": (
        {
            "m": 5,
            "c": 5,
            "h": 6,
            "w": 6,
            "r": 3,
            "s": 3,
            "pad_h": 1,
            "pad_w": 1,
            "stride_h": 2,
            "stride_w": 2,
            "groups": 5,
        },
        {"width": 8, "psum_width": 16},
        RAW,
    ),
    "depthwise_multiplier": (
        {"m": 6, "c": 3, "h": 4, "w": 5, "r": 2, "s": 3, "groups": 3},
        {"width": 7, "psum_width": 15},
        RAW,
    ),
    "psum_shift": (
        {"m": 3, "c": 4, "h": 5, "w": 5, "r": 3, "s": 3},
        {"width": 16, "psum_width": 24, "psum_shift": 11},
        RAW,
    ),
    "psum_shift_leaves_only_signs": (
        {"m": 2, "c": 3, "h": 4, "w": 4, "r": 2, "s": 2},
        {"width": 9, "psum_width": 8, "psum_shift": 17},
        RAW,
    ),
    "narrow_psums_wrap": ({"m": 3, "c": 8, "h": 5, "w": 5, "r": 3, "s": 3}, {"width": 16, "psum_width": 9}, RAW, True),
    "psum_width_2": ({"m": 2, "c": 3, "h": 4, "w": 4, "r": 3, "s": 3}, {"width": 5, "psum_width": 2}, RAW),
    "width_2": ({"m": 4, "c": 3, "h": 5, "w": 5, "r": 3, "s": 3}, {"width": 2, "psum_width": 4}, RAW),
    "width_32_psums_64_wrap": (
        {"m": 3, "c": 8, "h": 4, "w": 4, "r": 3, "s": 3},
        {"width": 32, "psum_width": 64},
        RAW,
        True,
    ),
    "requantised": (
        {"n": 2, "m": 4, "c": 3, "h": 5, "w": 6, "r": 3, "s": 3, "pad_h": 1, "pad_w": 1},
        {"width": 8, "psum_width": 24},
        {"relu": False, "scales": [], "shifts": [8]},
    ),
    "requantised_relu_by_channel": (
        {"n": 2, "m": 4, "c": 3, "h": 5, "w": 6, "r": 3, "s": 3, "pad_h": 1, "pad_w": 1},
        {"width": 8, "psum_width": 24},
        {"relu": True, "scales": [1, 37, 0, 65535], "shifts": [8, 13, 5, 24]},
    ),
    "requantised_halves_round_up": (
        {"m": 3, "c": 2, "h": 6, "w": 6, "r": 1, "s": 2},
        {"width": 4, "psum_width": 10},
        {"relu": False, "scales": [3], "shifts": [3, 4, 5]},
    ),
    "requantised_without_shift_saturates": (
        {"m": 3, "c": 2, "h": 4, "w": 5, "r": 2, "s": 2},
        {"width": 3, "psum_width": 12},
        {"relu": False, "scales": [2, 1, 1], "shifts": []},
    ),
    "requantised_width_32_psums_64": (
        {"m": 2, "c": 4, "h": 4, "w": 4, "r": 2, "s": 2},
        {"width": 32, "psum_width": 64, "psum_shift": 3},
        {"relu": False, "scales": [65535, 40000], "shifts": [63, 47]},
        True,
    ),
}

# Types to store the ifmap as, where they hold its words; else the narrowest that does. `F` is Fortran order.
ODD_TYPES = [None, "<i2", ">i4", "<i8", "F", ">i2", "<i4"]


def narrowest(array):
    """`array` in the narrowest signed type that holds it."""
    for name in ("i1", "<i2", "<i4", "<i8"):
        if (array.astype(name) == array).all():
            return array.astype(name)
    raise AssertionError


def stored(array, number):
    """`array` in the type and order for case `number`."""
    odd = ODD_TYPES[number % len(ODD_TYPES)]
    if odd == "F":
        return np.asfortranarray(array)
    if odd and (array.astype(odd) == array).all():
        return array.astype(odd)
    return narrowest(array)


def write_case(folder, number, name, shape, numerics, output, extremes=False):
    """Writes one case's folder."""
    shape = {"n": 1, "stride_h": 1, "stride_w": 1, "pad_h": 0, "pad_w": 0, "groups": 1} | shape
    numerics = {"psum_shift": 0} | numerics
    seed = 1000 * (number + 1)
    width, psum_width = numerics["width"], numerics["psum_width"]
    ifmap = random_words(seed, [shape[d] for d in "nchw"], width, extremes)
    dims = [shape["m"], shape["c"] // shape["groups"], shape["r"], shape["s"]]
    filters = random_words(seed + 1, dims, width, extremes)
    # A bias as large as psums get is a case too, but not in each; requantised it would drown the products.
    bias_width = psum_width if number % 3 == 0 else max(2, psum_width - 5)
    bias_width = bias_width if output == RAW else 2 * width - 3
    bias = random_words(seed + 2, [shape["m"]], bias_width, extremes)

    ofmap = psums(shape, numerics, ifmap, filters, bias)
    if output != RAW:
        ofmap = requantised(ofmap, width, **output)
        output = {"quantised": output}

    case = folder / name
    case.mkdir(parents=True)
    np.save(case / "ifmap.npy", stored(ifmap, number))
    np.save(case / "filter.npy", stored(filters, number + 3))
    np.save(case / "bias.npy", narrowest(bias))
    np.save(case / "ofmap.npy", narrowest(ofmap))
    text = json.dumps({"shape": shape, "numerics": numerics, "output": output})
    (case / "case.json").write_text(text + "\n")


def write_all(folder):
    """Writes all cases below `folder`."""
    for number, (name, case) in enumerate(CASES.items()):
        write_case(folder, number, name, *case)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed vectors, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        write_all(scratch)
        new = {path.relative_to(scratch) for path in scratch.glob("*/*")}
        old = {path.relative_to(FOLDER) for path in FOLDER.glob("*/*")}
        differ = [path for path in new & old if not filecmp.cmp(scratch / path, FOLDER / path, shallow=False)]
        changed = sorted([*(new ^ old), *differ])
        if check:
            for path in changed:
                print(f"{FOLDER / path} differs; run scripts/golden_vectors.py", file=sys.stderr)
            sys.exit(1 if changed else 0)
        for path in old - new:
            (FOLDER / path).unlink()
        for path in new:
            (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / path).write_bytes((scratch / path).read_bytes())
    print(f"{len(CASES)} cases in {FOLDER}, {len(changed)} files changed")


if __name__ == "__main__":
    main()
