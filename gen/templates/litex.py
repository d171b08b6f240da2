"""{{ design }} as a LiteX module: AXI4-Lite registers, an AXI4 master to memory, an interrupt.

    self.tessera = Tessera(platform)
    self.tessera.add_to(self, origin=0x9000_0000)
"""

from pathlib import Path

from litex.gen import LiteXModule
from litex.soc.integration.soc import SoCRegion
from litex.soc.interconnect import axi
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel
from migen import ClockSignal, Instance, ResetSignal, Signal

DESIGN = Path(__file__).resolve().parent.parent
# Address bits of the ports.
REGISTER_BITS, MEMORY_BITS = {{ register_bits }}, 64
# Channels with what they carry beside valid and ready.
AX = ["addr", "len", "size", "burst", "cache", "prot"]
MEMORY = {"aw": AX, "w": ["data", "strb", "last"], "b": ["resp"], "ar": AX, "r": ["data", "resp", "last"]}
REGISTERS = {"aw": ["addr"], "w": ["data", "strb"], "b": ["resp"], "ar": ["addr"], "r": ["data", "resp"]}


class Tessera(LiteXModule):
    """The accelerator in the clock domain `sys`. `registers` is a slave, `memory` a master, `ev.irq` the interrupt.

    Programs and tensors lie in the first 2^`address_width` bytes of what `memory` reaches.
{%- if is_async %}
    `memory` belongs to the clock domain `link_domain`; `add_to` is for `sys`, in another one connect it to what runs there.
{%- endif %}
    """

    def __init__(self, platform, address_width=32{% if is_async %}, link_domain="sys"{% endif %}):
        self.registers = axi.AXILiteInterface(data_width=32, address_width=address_width)
        self.memory = axi.AXIInterface(data_width={{ link_width }}, address_width=address_width, bursting=True)
        self.ev = EventManager()
        self.ev.done = EventSourceLevel(description="A program has ended.")
        self.ev.finalize()
        self.specials += Instance(
            "{{ top }}",
            i_clk=ClockSignal("sys"),
            i_rst=ResetSignal("sys"),
{%- if is_async %}
            i_link_clk=ClockSignal(link_domain),
            i_link_rst=ResetSignal(link_domain),
{%- endif %}
            o_irq=self.ev.done.trigger,
            **self.ports("s_axil", self.registers, REGISTERS, requests="i", answers="o"),
            **self.ports("m_axi", self.memory, MEMORY, requests="o", answers="i"),
        )
        for source in (DESIGN / "rtl.f").read_text().split():
            platform.add_source(str(DESIGN / source))

    def ports(self, prefix, bus, channels, requests, answers):
        """The bus for the instance; `requests` is the direction of channels aw, w and ar in the Verilog, `answers` that of b and r."""
        found = {}
        for channel, fields in channels.items():
            endpoint = getattr(bus, channel)
            forth, back = (answers, requests) if channel in ("b", "r") else (requests, answers)
            found[f"{back}_{prefix}_{channel}ready"] = endpoint.ready
            for field in ["valid", *fields]:
                signal = getattr(endpoint, field)
                if field == "addr" and requests == "i":
                    signal = signal[:REGISTER_BITS]
                elif field == "addr":
                    signal = Signal(MEMORY_BITS)
                    self.comb += endpoint.addr.eq(signal)
                found[f"{forth}_{prefix}_{channel}{field}"] = signal
        return found

    def add_to(self, soc, origin, name="tessera"):
        """Connects both buses and the interrupt to a SoC, registers at `origin`."""
        soc.bus.add_slave(name, self.registers, SoCRegion(origin=origin, size=2**REGISTER_BITS, cached=False))
        getattr(soc, "dma_bus", soc.bus).add_master(f"{name}_memory", self.memory)
        if soc.irq.enabled:
            soc.irq.add(name, use_loc_if_exists=True)
