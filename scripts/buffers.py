"""Buffer trees for nets of many loads, in a mapped netlist that keeps its modules. Standard library alone.

ABC buffers what it maps, but it sees neither the loads behind a module's input nor the instances that an input leads to: of a layer's
constants, one gate would drive thousands.
"""

import itertools
import json

# Loads that a gate drives at the most.
LOADS = 24


class Module:
    """A module of Yosys' JSON and the loads of its nets."""

    def __init__(self, facts, modules, clock_pins):
        self.facts, self.modules = facts, modules
        self.sinks, self.clocks = {}, set()
        for name, cell in facts["cells"].items():
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] != "input":
                    continue
                for index, bit in enumerate(bits):
                    if not isinstance(bit, int):
                        continue
                    child = modules.get(cell["type"])
                    loads, is_clock = child.input(port, index) if child else (1, (cell["type"], port) in clock_pins)
                    self.sinks.setdefault(bit, []).append((loads, name, port, index))
                    if is_clock:
                        self.clocks.add(bit)

    def input(self, port, index):
        """Loads of an input's bit, and whether it is a clock."""
        bit = self.facts["ports"][port]["bits"][index]
        return self.loads(bit), bit in self.clocks

    def loads(self, bit):
        return sum(loads for loads, *_ in self.sinks.get(bit, []))

    def buffer(self, cell, pins):
        """Gives each net that is no clock a tree of buffers, until none drives more than `LOADS` loads through several pins."""
        source, output = pins
        cells = self.facts["cells"]
        fresh = itertools.count(1 + max(self._bits(), default=1))
        for net in [net for net in self.sinks if net not in self.clocks]:
            while self.loads(net) > LOADS and len(self.sinks[net]) > 1:
                groups = packed(self.sinks[net])
                self.sinks[net] = []
                for group in groups:
                    bit = next(fresh)
                    name = f"buffer_{bit}"
                    for _, sink, port, index in group:
                        cells[sink]["connections"][port][index] = bit
                    cells[name] = {
                        "hide_name": 0, "type": cell, "parameters": {}, "attributes": {},
                        "port_directions": {source: "input", output: "output"}, "connections": {source: [net], output: [bit]},
                    }
                    self.sinks[bit] = group
                    self.sinks[net].append((1, name, source, 0))

    def _bits(self):
        for part in (*self.facts["ports"].values(), *self.facts["netnames"].values()):
            yield from (bit for bit in part["bits"] if isinstance(bit, int))
        for cell in self.facts["cells"].values():
            for bits in cell["connections"].values():
                yield from (bit for bit in bits if isinstance(bit, int))


def packed(sinks):
    """Groups of at most `LOADS` loads; a sink of more is a group of its own."""
    groups, room = [], 0
    for sink in sorted(sinks):
        if not groups or sink[0] > room:
            groups.append([])
            room = LOADS
        groups[-1].append(sink)
        room -= sink[0]
    return groups


def insert(source, target, cell, pins, clock_pins):
    """Writes the netlist of `source` (Yosys' JSON) with buffers `cell`, whose `pins` are input and output, to `target`.

    Nets that lead to `clock_pins`, pairs of cell and pin, stay as they are: layout makes the clock's tree. Returns the number of buffers.
    """
    design = json.loads(source.read_text())
    # A netlist's modules alone: cells of the library are there as black boxes.
    parts = {name: facts for name, facts in design["modules"].items() if "blackbox" not in facts["attributes"]}
    done, count = {}, 0

    def visit(name):
        nonlocal count
        if name in done:
            return
        facts = parts[name]
        for inner in {c["type"] for c in facts["cells"].values()} & parts.keys():
            visit(inner)
        module = Module(facts, done, clock_pins)
        before = len(facts["cells"])
        module.buffer(cell, pins)
        count += len(facts["cells"]) - before
        done[name] = module

    for name in parts:
        visit(name)
    target.write_text(json.dumps({**design, "modules": parts}))
    return count
