"""What scripts/synth-ice40, synth-ecp5 and synth-asic share: design, tools, harness, tables. Standard library alone."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Exit codes as everywhere in the project.
FAILED, BAD_ARGUMENT, NO_TOOL = 1, 2, 3


def fail(message, code=FAILED):
    """Ends the script with `message`."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


class Flow:
    """A run of a flow on a design: `sources` and facts of the design, and `out`, the folder of its reports."""

    def __init__(self, command, name, doc, examples, default_design, add_options, tools=None):
        notes = textwrap.fill(
            "Options that are not listed are gen's and say what is built, into the folder that gen says or --out; without any: "
            f"{' '.join(default_design)}. Reports go to synth/{name}/ in the design's folder.", 100)
        parser = argparse.ArgumentParser(
            description=doc.strip(),
            usage=f"scripts/{command} [--design FOLDER | options of gen] [options]",
            epilog="\n".join([notes, "", "Examples:", *(f"  scripts/{command} {example}".rstrip() for example in examples)]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        parser.add_argument("--design", type=pathlib.Path, metavar="FOLDER", help="a design that gen wrote")
        parser.add_argument("--yes", action="store_true", help="install what is missing without asking")
        parser.add_argument("--dry-run", action="store_true", help="end before the first tool runs, with a design that is generated")
        add_options(parser)
        self.options, gen_options = parser.parse_known_args()
        if self.options.design and gen_options:
            fail(f"`--design` names what gen built already; {' '.join(gen_options)} has no place beside it", BAD_ARGUMENT)
        if not self.options.dry_run:
            self._set_up(tools or ("yosys" if getattr(self.options, "synth_only", False) else name))
        folder = self.options.design or self._generate(gen_options or default_design)
        try:
            facts = json.loads((folder / "design.json").read_text())
            sources = (folder / "rtl.f").read_text().split()
        except OSError as error:
            fail(f"`--design` is {folder}, which is no folder that gen wrote: {error}", BAD_ARGUMENT)
        self.design, self.top, self.built = facts["design"], facts["top"], facts["built"]
        self.sources = [str((folder / source).resolve()) for source in sources]
        self.out = (folder / "synth" / name).resolve()
        if not self.options.dry_run:
            self.out.mkdir(parents=True, exist_ok=True)

    def start(self, *modules):
        """To be called before the first tool: fails if the design lacks one of `modules`; the end of a dry run."""
        for module in modules:
            self.source(module)
        if self.options.dry_run:
            print(f"{self.design}: {' '.join(modules)} would be taken; reports would go to {self.out}")
            sys.exit(0)

    def _set_up(self, tools):
        yes = ["--yes"] if self.options.yes else []
        status = subprocess.run([ROOT / "scripts/setup", "--for", tools, *yes]).returncode
        if status:
            sys.exit(status)
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
        self.python_tools = cache / "tessera" / tools / "bin"

    def _generate(self, gen_options):
        gen = ["cargo", "run", "--quiet", "--release", "--manifest-path", str(ROOT / "Cargo.toml"), "--bin", "gen", "--"]
        run = subprocess.run([*gen, *gen_options], stdout=subprocess.PIPE, text=True)
        if run.returncode:
            sys.exit(run.returncode)
        return pathlib.Path(re.search(r"^  files +(.*): \d+ modules", run.stdout, re.M)[1])

    def run(self, what, command, log, may_fail=False):
        """Runs `command` in `out`, its output in the file `log`; ends the script if it fails, unless `may_fail`."""
        print(f"{what} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        with open(self.out / log, "w") as file:
            status = subprocess.run(command, cwd=self.out, stdout=file, stderr=subprocess.STDOUT).returncode
        if status and not may_fail:
            tail = (self.out / log).read_text(errors="replace").splitlines()[-5:]
            fail("\n".join([f"{command[0]} ended with {status}; see {self.out / log}:", *tail]))
        print(f"{what}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        return status

    def yosys(self, what, script, log):
        """Runs the lines of `script` in Yosys."""
        (self.out / f"{log}.ys").write_text("\n".join(script) + "\n")
        self.run(what, ["yosys", "-q", "-l", f"{log}.log", f"{log}.ys"], f"{log}.out")

    def read_sources(self):
        """The line of a Yosys script that reads the design."""
        return f"read_verilog {' '.join(self.sources)}"

    def json(self, name):
        """The content of a JSON file of `out`.

        Yosys 0.23 prints the tree of a hierarchical design amid its JSON: lines of a bare name and a number.
        """
        text = (self.out / name).read_text()
        return json.loads(re.sub(r'^ +[^" ]\S* +\d+\n', "", text[text.index("{"):], flags=re.M))

    def source(self, module):
        """The file of a module."""
        found = [source for source in self.sources if pathlib.Path(source).stem == module]
        if not found:
            fail(f"{self.design} has no module `{module}`; its modules: {' '.join(sorted(pathlib.Path(s).stem for s in self.sources))}",
                 BAD_ARGUMENT)
        return found[0]

    def ports(self, module):
        """Direction and bits of each port of a module."""
        self.yosys("ports", [f"read_verilog {self.source(module)}", "proc", "write_json ports.json"], "ports")
        return self.json("ports.json")["modules"][module]["ports"]

    def harness(self, top):
        """Writes harness.v: `top` behind five pins, for a package with fewer pins than `top` has ports.

        Each port has a register of its own, a place in one of two shift registers, so every path that a clock frequency
        speaks of lies between registers on the device.
        """
        ports = self.ports(top)
        bits = {"input": 0, "output": 0}
        wires = []
        for port, facts in ports.items():
            if port in ("clk", "rst"):
                continue
            side, width = facts["direction"], len(facts["bits"])
            register = "stimulus" if side == "input" else "response_next"
            wires.append(f".{port}({register}[{bits[side]}+:{width}])")
            bits[side] += width
        (self.out / "harness.v").write_text(HARNESS.format(
            top=top, inputs=bits["input"], outputs=bits["output"], wires=",\n    ".join(wires)))
        return sum(bits.values())

    def report(self, title, rows, facts):
        """Prints `rows` as a table and leaves it in table.txt, and `facts` in summary.json."""
        text = f"{self.design}: {title}\n\n{table(rows)}\n\nReports: {self.out}\n"
        (self.out / "table.txt").write_text(text)
        (self.out / "summary.json").write_text(json.dumps({"design": self.design, **facts}, indent=2) + "\n")
        print(text, end="")


HARNESS = """\
// {top} behind five pins: inputs come from one shift register, outputs are caught by another and shifted out.
module harness (input wire clk, rst, shift_in, load, output wire shift_out);
  reg [{inputs}-1:0] stimulus;
  reg [{outputs}-1:0] response;
  wire [{outputs}-1:0] response_next;
  reg reset;
  assign shift_out = response[{outputs}-1];
  always @(posedge clk) begin
    reset <= rst;
    stimulus <= {{stimulus[{inputs}-2:0], shift_in}};
    response <= load ? response_next : {{response[{outputs}-2:0], shift_in}};
  end
  {top} dut (
    .clk(clk), .rst(reset),
    {wires}
  );
endmodule
"""


def until_check(synth, top):
    """Lines of a Yosys script: `synth` with netlist.json and stat.json, without its `autoname`, which takes minutes for names."""
    return [f"{synth} -top {top} -run :check", "hierarchy -check", "tee -q -o stat.json stat -json",
            "blackbox =A:whitebox", "write_json netlist.json"]


def table(rows):
    """Rows of cells as aligned text: the first column to the left, numbers to the right."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells if i < len(row)) for i in range(max(map(len, cells)))]
    return "\n".join(
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))).rstrip() for row in cells
    )


def critical_path(report):
    """Of nextpnr's report: frequency in MHz of its slowest clock, and its critical path as lines of text."""
    clock, figures = min(report["fmax"].items(), key=lambda item: item[1]["achieved"])
    path = next((p["path"] for p in report.get("critical_paths", []) if clock in p["from"] and clock in p["to"]), [])
    lines, total = [], 0.0
    for step in path:
        total += step["delay"]
        ends = step["from"], step["to"]
        names = " -> ".join(f"{end.get('cell', '?')}.{end.get('port', '?')}" for end in ends)
        lines.append(f"{total:7.2f} ns  {step['delay']:5.2f}  {step['type']:8s} {step.get('net', '')}  {names}")
    return figures["achieved"], lines
