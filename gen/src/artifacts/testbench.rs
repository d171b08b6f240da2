//! A testbench with a layer of its own: memory image, filters and the Verilog that checks the result.

use crate::generate::TOP;
use crate::mapper::{pack_params, pack_words, quick_map_any, Compression, Link};
use crate::numerics::{Numerics, Output};
use crate::output::OutputFile;
use crate::shape::ConvShape;
use anyhow::Context;
use askama::Template;
use hw::program::COMMAND_BYTES;
use hw::registers::{counter_offset, COUNTERS, IRQ_ENABLE, QUEUE_ADDR_HI, QUEUE_ADDR_LO, QUEUE_PUSH, STATUS};
use hw::{Arch, LinkClock};

/// The layer: odd sizes, more filters and channels than a PE takes at a time on most arrays.
const LAYER: ConvShape =
    ConvShape { n: 1, m: 5, c: 3, h: 7, w: 9, r: 3, s: 3, stride_h: 1, stride_w: 1, pad_h: 0, pad_w: 0, groups: 1 };

#[derive(Template)]
#[template(path = "tb.v", escape = "none")]
struct Testbench<'a> {
    design: &'a str,
    top: &'a str,
    layer: String,
    is_async: bool,
    link_clock: &'a str,
    link_reset: &'a str,
    link_width: usize,
    width: usize,
    psum_width: usize,
    word_bytes: usize,
    psum_bytes: usize,
    memory_words: usize,
    filter_words: usize,
    cycle_limit: u64,
    program_address: u64,
    program_blocks: usize,
    ifmap_address: u64,
    ofmap_address: u64,
    outputs: usize,
    m: usize,
    e: usize,
    f: usize,
    c: usize,
    r: usize,
    s: usize,
    h: usize,
    w: usize,
    irq_enable: usize,
    queue_addr_lo: usize,
    queue_addr_hi: usize,
    queue_push: usize,
    status: usize,
    counter_cycles: usize,
}

/// `tb/`: `tb.v`, `dram.hex`, `filters.hex`.
pub fn testbench(design: &str, arch: &Arch) -> anyhow::Result<Vec<OutputFile>> {
    let shape = LAYER;
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let plan = quick_map_any(&shape, arch)?.check(&shape, arch)?;
    let layout = plan.place(&Output::Raw, Compression::default(), 0);
    let program = plan.build(&numerics, &Output::Raw, &layout, 1)?;

    let mut words = pseudo_random(arch.width);
    let ifmap: Vec<i64> = words.by_ref().take(shape.ifmap_dims().iter().product()).collect();
    let filter: Vec<i64> = words.take(shape.filter_dims().iter().product()).collect();

    let beat = arch.link_bytes();
    let end = layout.program as usize + program.bytes.len();
    let mut memory = vec![0; end.next_multiple_of(beat)];
    let mut write = |address: u64, bytes: &[u8]| memory[address as usize..][..bytes.len()].copy_from_slice(bytes);
    write(layout.ifmap, &pack_words(ifmap.iter().copied(), arch.width));
    write(layout.filters, &plan.pack_filters(&filter));
    write(layout.params, &pack_params(&vec![0; shape.m], &Output::Raw));
    write(layout.program, &program.bytes);

    let is_async = arch.link_clock == LinkClock::Async;
    let (link_clock, link_reset) = if is_async { ("link_clk", "link_rst") } else { ("clk", "rst") };
    let text = Testbench {
        design,
        top: TOP,
        layer: shape.to_string(),
        is_async,
        link_clock,
        link_reset,
        link_width: arch.link_width,
        width: arch.width,
        psum_width: arch.psum_width,
        word_bytes: arch.word_bytes(),
        psum_bytes: arch.psum_bytes(),
        memory_words: memory.len() / beat,
        filter_words: filter.len(),
        cycle_limit: 100 * plan.estimate(&Link::default(), arch.psum_bytes()).cycles + 100_000,
        program_address: layout.program,
        program_blocks: program.bytes.len() / COMMAND_BYTES,
        ifmap_address: layout.ifmap,
        ofmap_address: layout.ofmap,
        outputs: shape.ofmap_dims().iter().product(),
        m: shape.m,
        e: shape.e(),
        f: shape.f(),
        c: shape.c,
        r: shape.r,
        s: shape.s,
        h: shape.h,
        w: shape.w,
        irq_enable: IRQ_ENABLE.offset,
        queue_addr_lo: QUEUE_ADDR_LO.offset,
        queue_addr_hi: QUEUE_ADDR_HI.offset,
        queue_push: QUEUE_PUSH.offset,
        status: STATUS.offset,
        counter_cycles: counter_offset(COUNTERS.iter().position(|c| c.name == "CYCLES").context("no CYCLES counter")?),
    }
    .render()?;
    let file = |name: &str, text| OutputFile { path: format!("tb/{name}"), text };
    let mask = u64::MAX >> (64 - arch.width);
    let filters = filter.iter().map(|w| format!("{:x}\n", *w as u64 & mask)).collect();
    let beats =
        memory.chunks(beat).map(|b| b.iter().rev().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n");
    Ok(vec![file("tb.v", text), file("dram.hex", beats.collect()), file("filters.hex", filters)])
}

/// Words of `bits` bits over their full range, the same on every machine (splitmix64).
fn pseudo_random(bits: usize) -> impl Iterator<Item = i64> {
    let mut state = 0u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as i64 >> (64 - bits)
    })
}
