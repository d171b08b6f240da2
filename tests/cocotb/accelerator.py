"""A generated accelerator in the hands of a client that is not Tessera's: cocotbext-axi's bus models, judged by NumPy.

Run by run.py, which says where the design and the layer's image (`sim image`) are.
"""

import itertools
import json
import os
import pathlib
import random

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AddressSpace, AxiBus, AxiLiteBus, AxiLiteMaster, AxiRam, AxiResp, AxiSlave, SparseMemoryRegion

import golden_vectors

DESIGN = pathlib.Path(os.environ["TESSERA_DESIGN"])
IMAGE = pathlib.Path(os.environ["TESSERA_IMAGE"])
REGISTERS = {row["name"]: row["offset"] for row in json.loads((DESIGN / "registers.json").read_text())}
LAYER = json.loads((IMAGE / "image.json").read_text())

PERIOD_NS = 10
# More than any layer here takes, with every channel pausing.
PATIENCE_US = 20_000
MEMORY_BYTES = 2**31
DONE, ERROR = 1, 2
CAUSE_READ, CAUSE_WRITE = 4, 5


def expected():
    """The ofmap as NumPy computes it."""
    ifmap, filters, bias = (np.load(IMAGE / f"{name}.npy") for name in ("ifmap", "filter", "bias"))
    total = golden_vectors.psums(LAYER["shape"], LAYER["numerics"], ifmap, filters, bias)
    if LAYER["output"] == "raw":
        return total
    requant = LAYER["output"]["quantised"]
    width = LAYER["numerics"]["width"]
    return golden_vectors.requantised(total, width, requant["relu"], requant["scales"], requant["shifts"])


def pauses(seed, share):
    """True in `share` of the cycles, at random."""
    chance = random.Random(seed)
    return (chance.random() < share for _ in itertools.count())


class Faulty(SparseMemoryRegion):
    """A memory that answers the access after `left` good ones of a kind with an error, once."""

    def __init__(self, kind, left):
        super().__init__(2**64)
        self.kind, self.left = kind, left

    def _count(self, kind):
        if self.kind == kind:
            self.left -= 1
            if self.left == 0:
                raise RuntimeError("an access that fails")

    async def _read(self, address, length, **kwargs):
        self._count("read")
        return await super()._read(address, length, **kwargs)

    async def _write(self, address, data, **kwargs):
        self._count("write")
        await super()._write(address, data, **kwargs)


class Host:
    """The accelerator's surroundings: registers, interrupt, reset."""

    def __init__(self, dut):
        self.dut = dut
        self.lite = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk, dut.rst)

    async def reset(self):
        Clock(self.dut.clk, PERIOD_NS, unit="ns").start()
        self.dut.rst.value = 1
        await ClockCycles(self.dut.clk, 4)
        self.dut.rst.value = 0
        await RisingEdge(self.dut.clk)

    async def read(self, name):
        return await self.lite.read_dword(REGISTERS[name])

    async def write(self, name, value):
        return await self.lite.write(REGISTERS[name], value.to_bytes(4, "little"))

    async def counter(self, name):
        return await self.read(f"{name}_LO") | await self.read(f"{name}_HI") << 32

    async def push(self):
        address = LAYER["program"]["address"]
        await self.write("IRQ_ENABLE", DONE | ERROR)
        await self.write("QUEUE_ADDR_LO", address & 0xFFFF_FFFF)
        await self.write("QUEUE_ADDR_HI", address >> 32)
        await self.write("QUEUE_PUSH", LAYER["program"]["blocks"])

    async def interrupt(self):
        """Waits for the interrupt, takes it, and gives what it was for."""
        if not self.dut.irq.value:
            await with_timeout(RisingEdge(self.dut.irq), PATIENCE_US, "us")
        why = await self.read("IRQ_STATUS")
        await self.write("IRQ_STATUS", why)
        await ClockCycles(self.dut.clk, 2)
        assert not self.dut.irq.value, "the interrupt stays after all that it was for has been cleared"
        return why


def check_ofmap(read):
    """Every element of the ofmap in memory against NumPy."""
    place = LAYER["ofmap"]
    dtype = {1: "<i1", 2: "<i2", 4: "<i4", 8: "<i8"}[place["element_bytes"]]
    want = expected()
    assert list(want.shape) == place["dims"]
    found = np.frombuffer(read(place["address"], want.size * place["element_bytes"]), dtype).reshape(want.shape)
    wrong = np.argwhere(found != want)
    assert not len(wrong), f"{len(wrong)} of {want.size} outputs differ from NumPy, the first at {wrong[0]}"


def ram_with_image(dut):
    ram = AxiRam(AxiBus.from_prefix(dut, "m_axi"), dut.clk, dut.rst, size=MEMORY_BYTES)
    assert LAYER["memory"]["address"] + LAYER["memory"]["bytes"] <= MEMORY_BYTES
    ram.write(LAYER["memory"]["address"], (IMAGE / "memory.bin").read_bytes())
    return ram


async def check_counters(host):
    shape = LAYER["shape"]
    n, m, e, f = LAYER["ofmap"]["dims"]
    macs = await host.counter("MACS")
    least = n * m * e * f * shape["c"] // shape["groups"] * shape["r"] * shape["s"]
    assert macs >= least, f"{macs} MACs are counted, the layer has {least}"
    assert await host.counter("WRITE_BYTES") == n * m * e * f * LAYER["ofmap"]["element_bytes"]
    cycles = await host.counter("CYCLES")
    assert cycles > await host.counter("READ_BEATS") > 0


@cocotb.test()
async def a_layer_equals_numpy(dut):
    host, ram = Host(dut), ram_with_image(dut)
    await host.reset()
    assert await host.read("ID") == 0x54455353
    await host.push()
    assert await host.interrupt() == DONE
    check_ofmap(ram.read)
    await check_counters(host)
    assert await host.read("DONE_COUNT") == 1


@cocotb.test()
@cocotb.parametrize(seed=[1, 2])
async def any_channel_may_pause(dut, seed):
    host, ram = Host(dut), ram_with_image(dut)
    channels = [
        ram.write_if.aw_channel,
        ram.write_if.w_channel,
        ram.write_if.b_channel,
        ram.read_if.ar_channel,
        ram.read_if.r_channel,
        host.lite.write_if.aw_channel,
        host.lite.write_if.w_channel,
        host.lite.write_if.b_channel,
        host.lite.read_if.ar_channel,
        host.lite.read_if.r_channel,
    ]
    for index, channel in enumerate(channels):
        channel.set_pause_generator(pauses(100 * seed + index, 0.1 + 0.15 * (index + seed) % 0.8))
    await host.reset()
    for _ in range(2):
        await host.push()
        assert await host.interrupt() == DONE
        check_ofmap(ram.read)
        zeros = bytes(len(expected().ravel()) * LAYER["ofmap"]["element_bytes"])
        ram.write(LAYER["ofmap"]["address"], zeros)
    assert await host.read("DONE_COUNT") == 2


@cocotb.test()
async def registers_refuse_what_they_must(dut):
    host, _ = Host(dut), ram_with_image(dut)
    await host.reset()
    assert (await host.write("QUEUE_PUSH", 0)).resp == AxiResp.SLVERR, "a program without commands"
    await host.write("QUEUE_ADDR_LO", 32)
    assert (await host.write("QUEUE_PUSH", 1)).resp == AxiResp.SLVERR, "a program at no multiple of 64"
    await host.write("ID", 0)
    assert await host.read("ID") == 0x54455353
    await host.lite.write(REGISTERS["WATCHDOG"] + 1, b"\x12")
    assert await host.read("WATCHDOG") == 0x0010_1200, "strobes pick bytes"


def answer_with(channel, field, response):
    """Has an error of the bus model, which is always SLVERR, be answered with `response`; a list of what was."""
    send, answered = channel.send, []

    async def changed(answer):
        if getattr(answer, field) == AxiResp.SLVERR:
            setattr(answer, field, response)
            answered.append(response)
        await send(answer)

    channel.send = changed
    return answered


@cocotb.test()
@cocotb.parametrize(kind=["read", "write"], left=[1, 5], response=[AxiResp.SLVERR, AxiResp.DECERR])
async def an_error_of_the_memory_ends_the_layer_and_the_next_one_runs(dut, kind, left, response):
    host, memory = Host(dut), Faulty(None, 0)
    slave = AxiSlave(AxiBus.from_prefix(dut, "m_axi"), dut.clk, dut.rst, target=memory)
    reads = answer_with(slave.read_if.r_channel, "rresp", response)
    writes = answer_with(slave.write_if.b_channel, "bresp", response)
    await memory.write(LAYER["memory"]["address"], (IMAGE / "memory.bin").read_bytes())
    memory.kind, memory.left = kind, left
    await host.reset()
    await host.push()
    assert await host.interrupt() == ERROR
    answered = {"read": reads, "write": writes}
    assert set(answered.pop(kind)) == {response} and answered.popitem()[1] == []
    status = await host.read("STATUS")
    assert status >> 8 & 0xFF == {"read": CAUSE_READ, "write": CAUSE_WRITE}[kind]
    await host.write("CONTROL", 1)
    while await host.read("CONTROL") & 1:
        pass
    await host.push()
    assert await host.interrupt() == DONE
    place = LAYER["ofmap"]
    memory.kind = None
    count = int(np.prod(place["dims"])) * place["element_bytes"]
    found = await memory.read(place["address"], count)
    check_ofmap(lambda _address, _length: bytes(found))
