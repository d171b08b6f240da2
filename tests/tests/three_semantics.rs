//! Three semantics, one meaning: random expressions and blocks have one value as `Word`s, in Icarus and in Verilator.
//!
//! `TESSERA_FOUNDATION=full` tries 10,000 expressions and 500 blocks; otherwise a share that CI has time for.

#[path = "../src/random_rtl/mod.rs"]
mod random_rtl;

use gen::verilog::emit;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use random_rtl::block::RandomBlock;
use random_rtl::engine::{trace_rust, Bench, Cycle, Trace};
use random_rtl::generate::{expressions, fill_address, sequential, side_by_side, stimulus, FILL_CYCLES};

fn full() -> bool {
    std::env::var("TESSERA_FOUNDATION").is_ok_and(|value| value == "full")
}

/// The difference between a block's three traces, from cycle `from` on, in words.
fn difference(block: &RandomBlock, cycles: &[Cycle], from: usize, traces: [&Trace; 3]) -> Option<String> {
    let [rust, icarus, verilator] = traces;
    assert_eq!([rust.len(), icarus.len(), verilator.len()], [cycles.len(); 3], "a simulator stopped early");
    for (k, cycle) in cycles.iter().enumerate().skip(from) {
        for i in 0..block.outs.len() {
            let values = [&rust[k][i], &icarus[k][i], &verilator[k][i]];
            if values[0] != values[1] || values[0] != values[2] {
                let ins: Vec<String> = cycle.ins.iter().map(|v| format!("{v:x}")).collect();
                return Some(format!(
                    "outs[{i}] ({} bits) in cycle {k}: Word {}, Icarus {}, Verilator {}\nins {}\n{}",
                    block.outs[i].width(),
                    values[0],
                    values[1],
                    values[2],
                    ins.join(" "),
                    source_of(block, i),
                ));
            }
        }
    }
    None
}

/// The statement that assigns an output.
fn source_of(block: &RandomBlock, i: usize) -> String {
    use random_rtl::tree::{Source, Target, E, S};
    let stmt = block.body.iter().find(|s| matches!(s, S::Assign(Target::Out(k), _) if *k == i));
    match stmt {
        Some(S::Assign(_, E::Read(Source::Child(child, out)))) => {
            format!("outs[{out}] of block {child}, {}", block.children[*child].name)
        }
        Some(stmt) => format!("{stmt:?}"),
        None => String::new(),
    }
}

/// Plays `cycles` to `block` in Rust, Icarus and Verilator; all outputs must agree from cycle `from` on.
fn agree(mut block: RandomBlock, cycles: &[Cycle], from: usize, seed: u64, lint: bool) {
    // Stays if something fails.
    let folder = tempfile::tempdir().unwrap().keep();
    let verilog = match emit(&block, "dut") {
        Ok(verilog) => verilog.to_string(),
        Err(e) => panic!("seed {seed}: {e}"),
    };
    let bench = Bench::new(&folder, &block, &verilog, cycles);
    if lint {
        bench.lint();
        bench.check();
    }
    let rust = trace_rust(&mut block, cycles);
    let (icarus, verilator) = std::thread::scope(|scope| {
        let icarus = scope.spawn(|| bench.icarus(cycles.len()));
        let verilator = bench.verilator();
        (icarus.join(), verilator)
    });
    let icarus = icarus.unwrap_or_else(|_| panic!("seed {seed}: Icarus failed"));
    if let Some(difference) = difference(&block, cycles, from, [&rust, &icarus, &verilator]) {
        panic!("seed {seed}: {difference}\nthe design is in {}", folder.display());
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn expression_batch(seed: u64, count: usize, lint: bool) {
    let block = expressions(seed, count);
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let cycles: Vec<Cycle> = (0..64)
        .map(|_| Cycle { reset: false, ins: block.ins.iter().map(|w| stimulus(&mut rng, w.width())).collect() })
        .collect();
    agree(block, &cycles, 0, seed, lint);
}

#[test]
fn expressions_have_one_value() {
    let (batches, count) = if full() { (25, 400) } else { (5, 300) };
    for batch in 0..batches {
        expression_batch(1_000 + batch, count, batch < 3);
    }
}

fn block_batch(seed: u64, count: u64, lint: bool) {
    let seeds: Vec<u64> = (0..count).map(|i| seed * 1000 + i).collect();
    blocks_agree(seed, &seeds, lint);
}

/// Blocks made from `seeds`, side by side; `seed` is that of their inputs.
fn blocks_agree(seed: u64, seeds: &[u64], lint: bool) {
    let blocks: Vec<RandomBlock> =
        seeds.iter().enumerate().map(|(i, &seed)| sequential(seed, &format!("random_{i}"), 2)).collect();
    let mut first_ins = vec![];
    let mut at = 0;
    for block in &blocks {
        first_ins.push(at);
        at += block.ins.len();
    }
    let top = side_by_side(blocks);
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let cycles: Vec<Cycle> = (0..FILL_CYCLES + 160)
        .map(|k| {
            let filling = k < FILL_CYCLES;
            let reset = filling || rng.random_bool(0.03);
            let mut ins: Vec<u128> = top.ins.iter().map(|w| stimulus(&mut rng, w.width())).collect();
            for &first in &first_ins {
                ins[first] = filling as u128;
                ins[first + 1] = fill_address(k);
            }
            Cycle { reset, ins }
        })
        .collect();
    agree(top, &cycles, FILL_CYCLES, seed, lint);
}

#[test]
fn blocks_have_one_behaviour() {
    let (batches, count) = if full() { (25, 20) } else { (3, 20) };
    for batch in 0..batches {
        block_batch(7_000 + batch, count, batch < 3);
    }
}

/// In each of these blocks two `always @*` blocks read each other's signals, without a loop by signals, and one assigns a
/// signal twice: Icarus started them for ever until [`gen::verilog`] split them by signal.
#[test]
fn blocks_that_read_each_other_come_to_rest() {
    blocks_agree(7_006, &[7_006_010, 7_018_000], true);
}

/// A block split by signal that made what it takes of another signal's values under a condition alone: a latch.
#[test]
fn values_on_the_way_are_no_latches() {
    blocks_agree(7_021, &[7_021_009], true);
}
