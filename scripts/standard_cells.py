"""A library of standard cells, and the lines of a Yosys script that map a design to it. Standard library alone."""

import itertools
import pathlib
import re
import sys

sys.dont_write_bytecode = True
from buffers import insert
from synthesis import BAD_ARGUMENT, ROOT, fail

# Cells that a package of Debian's brings.
OSU018 = pathlib.Path("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")
RULES = ROOT / "scripts/asic"
# Registers with a common enable get a clock gate from this many bits on.
GATED_BITS = 4
# Area first, then buffers for high fanouts and sizes for the clock that is asked for.
ABC = ("+strash;ifraig;scorr;dc2;&get,-n;&dch,-f;&nf,-R,10,-a,10;&put;"
       "topo;buffer,-c,-N,16;upsize,{D};dnsize,{D};stime,-p")


def groups(text, kind):
    """Name and content of each `kind (name) { … }` of a liberty file's text."""
    for match in re.finditer(rf'\b{kind}\s*\(\s*"?([^")\s]*)"?[^)]*\)\s*\{{', text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield match[1], text[match.end():end - 1]


def attribute(text, name):
    """The value of an attribute, if it is there."""
    found = re.search(rf'\b{name}\s*:\s*"?([^";\n]*)"?', text)
    return found and found[1].strip()


def truth(function, pins):
    """Values of a liberty's function for all values of `pins`, the last pin's changing fastest; None if it is of others."""
    text = re.sub(r"(\w+)\s*'", r"(!\1)", function)
    text = re.sub(r"(?<=[\w)])\s+(?=[\w(!])", "&", text)
    text = text.replace("!", "~").replace("*", "&").replace("+", "|")
    if set(re.findall(r"[A-Za-z_]\w*", text)) - set(pins) or not re.fullmatch(r"[\w\s&|^~()]*", text):
        return None
    code = compile(text, "function", "eval")
    return [eval(code, {}, dict(zip(pins, values))) & 1 for values in itertools.product((0, 1), repeat=len(pins))]


class Library:
    """Of a liberty file: its `name`, `areas` of its cells, `latch` and `full_adder`.

    Areas are those of the cells as they are drawn, if there is a LEF of them: that of osu018's liberty has a latch without area
    and an OAI21X1 smaller than it is. `file` is the liberty with these areas, in `folder`.
    """

    def __init__(self, liberty, lef, folder):
        try:
            text = liberty.read_text(errors="replace")
        except OSError as error:
            fail(f"`--liberty` is {liberty}: {error}", BAD_ARGUMENT)
        drawn = self._drawn(lef) if lef else {}
        cells = dict(groups(text, "cell"))
        self.areas = {name: drawn.get(name, float(attribute(cell, "area") or 0)) for name, cell in cells.items()}
        self.name = liberty.name
        self.file = folder / "cells.lib"
        self.file.write_text(re.sub(
            r'(\bcell\s*\(\s*"?([^")\s]+)"?\s*\)\s*\{.*?\barea\s*:\s*)[0-9.eE+-]+',
            lambda match: f"{match[1]}{self.areas[match[2]]:g}", text, flags=re.S))
        by_area = sorted((self.areas[name], name) for name in cells if self.areas[name] > 0)
        smallest = lambda find: next((found for _, name in by_area if (found := find(name, cells[name]))), None)
        self.latch = smallest(self._latch)
        self.full_adder = smallest(self._full_adder)
        buffers = [found for area, name in by_area if (found := self._buffer(name, cells[name], area))]
        # The strongest of those that are not much larger than the smallest one.
        self.buffer = max((b for b in buffers if b[2] <= 1.5 * buffers[0][2]), key=lambda b: b[2])[:2] if buffers else None
        # Pairs of cell and pin.
        self.clock_pins = {
            (name, pin) for name, cell in cells.items() for kind, key in (("ff", "clocked_on"), ("latch", "enable"))
            for _, body in groups(cell, kind) for pin in re.findall(r"\w+", attribute(body, key) or "")
        }
        if not self.latch:
            fail(f"`--liberty` is {liberty}; it has no latch of data and enable with an area, which spads and clock gates are made of: "
                 "name its LEF by `--lef` if that has the area, or another library", BAD_ARGUMENT)

    @staticmethod
    def _drawn(lef):
        try:
            text = lef.read_text(errors="replace")
        except OSError as error:
            fail(f"`--lef` is {lef}: {error}", BAD_ARGUMENT)
        sizes = re.finditer(r"^\s*MACRO\s+(\S+).*?\bSIZE\s+([\d.]+)\s+BY\s+([\d.]+)", text, re.M | re.S)
        return {match[1]: float(match[2]) * float(match[3]) for match in sizes}

    @staticmethod
    def _pins(cell, direction):
        return {name: pin for name, pin in groups(cell, "pin") if attribute(pin, "direction") == direction}

    def _latch(self, name, cell):
        """Name and the pins of enable, data and output of a latch that is open while its enable is high."""
        found = next(groups(cell, "latch"), None)
        if not found:
            return None
        state, body = found[0].split(",")[0], found[1]
        inputs = self._pins(cell, "input")
        enable, data = attribute(body, "enable"), attribute(body, "data_in")
        output = [pin for pin, facts in self._pins(cell, "output").items() if attribute(facts, "function") == state]
        plain = sorted(inputs) == sorted((enable or "", data or "")) and output
        return (name, enable, data, output[0]) if plain else None

    def _buffer(self, name, cell, area):
        """Name, the pins of input and output, and the area of a gate that gives what it takes."""
        inputs, outputs = list(self._pins(cell, "input")), self._pins(cell, "output")
        plain = len(inputs) == len(outputs) == 1 and truth(attribute(*outputs.values(), "function") or "", inputs) == [0, 1]
        return (name, (*inputs, *outputs), area) if plain else None

    def _full_adder(self, name, cell):
        """Name and the pins of the inputs, carry and sum of a full adder."""
        inputs, outputs = list(self._pins(cell, "input")), self._pins(cell, "output")
        if len(inputs) != 3 or len(outputs) != 2:
            return None
        tables = {pin: truth(attribute(facts, "function") or "", inputs) for pin, facts in outputs.items()}
        find = lambda values: next((pin for pin, table in tables.items() if table == values), None)
        carry, total = find([0, 0, 0, 1, 0, 1, 1, 1]), find([0, 1, 1, 0, 1, 0, 0, 1])
        return (name, *inputs, carry, total) if carry and total else None

    def map(self, flow, top, period, macros=True):
        """Maps `top` with buffer trees; returns the lines of a Yosys script that read the netlist.

        With `macros`, a memory that is read at the clock's edge becomes pins of a macro, without it stays a memory.
        """
        flow.yosys("synthesis", [*self._synthesis(flow.read_sources(), top, period, macros), "write_json mapped.json"], "yosys")
        if self.buffer:
            insert(flow.out / "mapped.json", flow.out / "buffered.json", *self.buffer, self.clock_pins)
        return [
            f"read_liberty -lib -ignore_miss_func {self.file}",
            f"read_verilog -lib {RULES / 'cells.v'}",
            f"read_json {'buffered.json' if self.buffer else 'mapped.json'}",
            f"hierarchy -top {top}",
        ]

    def _synthesis(self, read_sources, top, period, macros):
        """Lines of a Yosys script that map `top` module by module, so that equal PEs are mapped once."""
        name, enable, data, output = self.latch
        (self.file.parent / "cells_map.v").write_text(CELLS_MAP.format(name=name, enable=enable, data=data, output=output))
        full_adders = ""
        if self.full_adder:
            words = zip(("FULL_ADDER", "FA_A", "FA_B", "FA_C", "FA_CARRY", "FA_SUM"), self.full_adder)
            full_adders = " ".join([*(f"-D {key}={value}" for key, value in words), "-map", str(RULES / "full_adders.v")])
        return [
            f"read_liberty -lib -ignore_miss_func {self.file}",
            f"read_verilog -lib {RULES / 'cells.v'}",
            read_sources,
            f"hierarchy -check -top {top}",
            "proc", "opt_expr", "wreduce",
            f"techmap -map {RULES / 'multipliers.v'} t:$mul",
            f"techmap -map {RULES / 'shifters.v'} t:$shr t:$sshr",
            "opt_clean",
            # A queue's memory is read at once: a register of its address, too, would be one more than there is.
            f"synth -top {top} -run begin:fine -nordff",
            "memory_dff t:$mem_v2 *fifo*/t:$mem_v2 %d",
            "opt_clean",
            *([f"techmap -map {RULES / 'memories.v'}"] if macros else []),
            f"techmap -map {RULES / 'register_files.v'}",
            "opt -full",
            f"techmap -D GATED_BITS={GATED_BITS} -map {RULES / 'clock_gates.v'}",
            "opt -fast",
            # Registers with the same enable share a gate.
            "opt_merge -share_all",
            # Adders first: constants among their bits leave gates, which the rest of the logic is optimized with.
            *([f"techmap {full_adders} t:$fa", "opt -fast -full"] if full_adders else []),
            # Of two rules for a cell, Yosys takes the one whose name is first.
            f"techmap -map +/techmap.v {full_adders}",
            "opt -fast", "opt_merge -share_all", "opt_clean",
            f"dfflibmap -liberty {self.file}",
            "techmap -map cells_map.v t:$_DLATCH_P_",
            f"abc -liberty {self.file} -D {round(period * 1000)} -script {ABC}",
            "techmap -map cells_map.v t:clock_and t:clock_not",
            f"abc -liberty {self.file} -script +strash;map t:$_AND_ t:$_NOT_",
            "setundef -zero",
            "splitnets",
            "opt_clean -purge",
        ]


def osu018(folder):
    """The library that is there without a download."""
    return Library(OSU018, OSU018.with_suffix(".lef"), folder)


CELLS_MAP = """\
module \\$_DLATCH_P_ (input E, D, output Q);
  {name} _TECHMAP_REPLACE_ (.{enable}(E), .{data}(D), .{output}(Q));
endmodule
module clock_and (input clk, enable, output gated);
  \\$_AND_ _TECHMAP_REPLACE_ (.A(clk), .B(enable), .Y(gated));
endmodule
module clock_not (input clk, output low);
  \\$_NOT_ _TECHMAP_REPLACE_ (.A(clk), .Y(low));
endmodule
"""
