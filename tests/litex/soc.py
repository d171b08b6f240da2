"""A SoC of LiteX with an accelerator and a RAM on its bus: soc.py DESIGN BUS WIDTH OUT writes OUT/gateware/platform.v.

The SoC has no processor: what is looked at is how the accelerator is connected.
"""

import sys

from litex.build.generic_platform import Pins
from litex.build.lattice import LatticePlatform
from litex.gen import LiteXModule
from litex.soc.integration.builder import Builder
from litex.soc.integration.soc_core import SoCMini
from migen import ClockDomain

design, bus, width, out = sys.argv[1:]
sys.path.append(f"{design}/litex")
from tessera import Tessera  # noqa: E402


class Clock(LiteXModule):
    def __init__(self, platform):
        self.cd_sys = ClockDomain()
        self.comb += [self.cd_sys.clk.eq(platform.request("clk")), self.cd_sys.rst.eq(platform.request("rst"))]


class SoC(SoCMini):
    def __init__(self):
        pins = [("clk", 0, Pins("G2")), ("rst", 0, Pins("R1"))]
        platform = LatticePlatform("LFE5U-85F-6BG381C", pins, toolchain="trellis")
        super().__init__(platform, clk_freq=50e6, bus_standard=bus, bus_data_width=int(width))
        self.crg = Clock(platform)
        self.add_ram("main_ram", 0x4000_0000, 0x1_0000)
        self.tessera = Tessera(platform)
        self.tessera.add_to(self, origin=0x9000_0000)


Builder(SoC(), output_dir=out, compile_software=False, compile_gateware=False).build(run=False)
