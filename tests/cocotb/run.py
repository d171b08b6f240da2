#!/usr/bin/env python3
"""Runs accelerator.py under Icarus.

    run.py DESIGN IMAGE BUILD

DESIGN: a folder of `gen`'s. IMAGE: a folder that `sim image` wrote for it. BUILD: where to build. Needs what scripts/requirements.txt lists.
"""

import json
import pathlib
import sys

from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

HERE = pathlib.Path(__file__).resolve().parent


def main(design, image, build):
    sources = [design / line for line in (design / "rtl.f").read_text().split()]
    link_width = json.loads((design / "design.json").read_text())["built"]["link_width"]
    # Generated modules have no `timescale; the first file's holds for them.
    sources.insert(0, HERE / "with_ids.v")
    runner = get_runner("icarus")
    runner.build(
        sources=sources, hdl_toplevel="with_ids", build_dir=build, parameters={"DATA": link_width}, build_args=["-g2005"]
    )
    # The simulator's Python has this one's path: here is the NumPy model that golden is held against, too.
    sys.path.append(str(HERE.parent.parent / "scripts"))
    results = runner.test(
        hdl_toplevel="with_ids",
        test_module="accelerator",
        build_dir=build,
        test_dir=build,
        extra_env={
            "TESSERA_DESIGN": str(design),
            "TESSERA_IMAGE": str(image),
            "COCOTB_LOG_LEVEL": "WARNING",
            # Of cocotbext-axi's, about cocotb 2.
            "PYTHONWARNINGS": "ignore::DeprecationWarning",
        },
    )
    tests, failed = get_results(results)
    print(f"cocotb: {tests} tests, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:4])))
