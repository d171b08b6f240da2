use crate::leak::Leak;
use hw::rtl::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::engine::{
    Builtin, Design, Direction, Engine, EngineError, Icarus, IcarusOptions, Pin, Pinout, Verilator, VerilatorOptions,
};
use sim::wires;
use std::path::Path;
use std::time::Duration;

fn fifo() -> Fifo {
    Fifo::new(5, 70, false)
}

fn fifo_builtin() -> Builtin<Fifo> {
    Builtin::new(fifo(), wires!(Fifo: enq.payload, enq.valid, enq.ready, deq.payload, deq.valid, deq.ready, level))
        .unwrap()
}

fn fifo_design() -> Design {
    let mut design = Design::of(&mut fifo(), "fifo").unwrap();
    design.pinout.qualify("deq_payload", "deq_valid").unwrap();
    design
}

fn leak_builtin() -> Builtin<Leak> {
    Builtin::new(Leak::new(), wires!(Leak: write, address, data, shown, word, valid, count, wide, sum)).unwrap()
}

fn leak_design(qualified: bool) -> Design {
    let mut design = Design::of(&mut Leak::new(), "leak").unwrap();
    if qualified {
        design.pinout.qualify("word", "valid").unwrap();
    }
    design
}

fn verilator(design: &Design) -> Verilator {
    Verilator::new(design, &VerilatorOptions::default()).unwrap()
}

fn icarus(design: &Design) -> Icarus {
    Icarus::new(design, &IcarusOptions::default()).unwrap()
}

/// The outputs that mean something, by name.
fn outputs(engine: &dyn Engine, pinout: &Pinout) -> Vec<(String, u128)> {
    let means = |valid: Option<Pin>| valid.is_none_or(|v| engine.get(v) != 0);
    pinout
        .towards(Direction::Out)
        .filter(|(_, p)| means(p.valid))
        .map(|(i, p)| (p.name.clone(), engine.get(i)))
        .collect()
}

/// Random inputs for `cycles` cycles, a reset among them; `allowed` says which inputs an engine may see.
#[track_caller]
fn check_equal(design: &Design, engines: &mut [Box<dyn Engine>], seed: u64, cycles: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for engine in engines.iter_mut() {
        engine.reset(2).unwrap();
    }
    for cycle in 0..cycles {
        let reset = random.random_ratio(1, 100);
        let values: Vec<u128> = design.pinout.ports().iter().map(|_| random.random()).collect();
        let mut seen = Vec::new();
        for engine in engines.iter_mut() {
            engine.edge().unwrap();
            engine.set_reset(reset);
            for (pin, _) in design.pinout.towards(Direction::In) {
                engine.set(pin, values[pin.index()]);
            }
            engine.settle().unwrap();
            seen.push((engine.name(), outputs(engine.as_ref(), &design.pinout)));
        }
        for (name, other) in &seen[1..] {
            assert_eq!(*other, seen[0].1, "{name} and {} differ in cycle {cycle}, seed {seed}", seen[0].0);
        }
    }
}

#[test]
fn three_engines_agree_on_a_queue_under_random_traffic_and_resets() {
    let design = fifo_design();
    let mut engines: Vec<Box<dyn Engine>> =
        vec![Box::new(fifo_builtin()), Box::new(verilator(&design)), Box::new(icarus(&design))];
    check_equal(&design, &mut engines, 1, 2000);
}

#[test]
fn three_engines_agree_on_memories_and_ports_of_128_bits() {
    let design = leak_design(true);
    let mut engines: Vec<Box<dyn Engine>> =
        vec![Box::new(leak_builtin()), Box::new(verilator(&design)), Box::new(icarus(&design))];
    for engine in &mut engines {
        let [write, address, data] = ["write", "address", "data"].map(|name| engine.pin(name).unwrap());
        engine.reset(1).unwrap();
        engine.set(write, 1);
        // Nothing is read yet: X, while `valid` is low.
        for i in 0..8 {
            engine.set(address, i);
            engine.set(data, 100 * i);
            engine.step().unwrap();
        }
        engine.set(write, 0);
        engine.set(address, 0);
        engine.step().unwrap();
    }
    check_equal(&design, &mut engines, 2, 1000);
}

#[test]
fn an_edge_takes_in_what_is_set_and_the_outputs_follow_inputs_without_one() {
    let design = leak_design(true);
    let engines: [Box<dyn Engine>; 3] =
        [Box::new(leak_builtin()), Box::new(verilator(&design)), Box::new(icarus(&design))];
    for mut engine in engines {
        let [shown, valid, sum, wide, count] =
            ["shown", "valid", "sum", "wide", "count"].map(|n| engine.pin(n).unwrap());
        let name = engine.name();
        engine.reset(3).unwrap();
        let write = engine.pin("write").unwrap();
        engine.set(write, 1);
        engine.step().unwrap();
        engine.set(write, 0);
        assert_eq!(engine.get(count), 1, "{name}");
        engine.set(sum, 1 << 127 | 5);
        engine.settle().unwrap();
        assert_eq!(engine.get(wide), !(1 << 127 | 5), "{name}");
        engine.set(shown, 1);
        engine.settle().unwrap();
        assert_eq!(engine.get(valid), 0, "{name}");
        // Set without a `settle` in between: taken in all the same.
        engine.set(shown, 0b111);
        engine.step().unwrap();
        assert_eq!((engine.get(valid), engine.get(shown)), (1, 1), "{name}");
        assert_eq!((engine.get(count), engine.cycles()), (2, 5), "{name}");
    }
}

#[test]
fn an_unknown_output_is_an_error_in_icarus_that_names_port_and_cycle() {
    let mut engine = icarus(&leak_design(false));
    let error = engine.reset(2).unwrap_err();
    assert_eq!(error.to_string(), "output `word` is xxxx (unknown) in cycle 1");
    assert_eq!(error.exit_code(), 1);
}

#[test]
fn an_unknown_payload_is_an_error_in_icarus_as_soon_as_its_valid_is_high() {
    let mut engine = icarus(&leak_design(true));
    let shown = engine.pin("shown").unwrap();
    engine.reset(2).unwrap();
    engine.step().unwrap();
    engine.set(shown, 1);
    let error = engine.step().unwrap_err();
    assert_eq!(error.to_string(), "output `word` is xxxx (unknown) in cycle 4");
}

#[test]
fn a_design_that_was_not_reset_is_unknown_in_icarus() {
    let mut engine = icarus(&fifo_design());
    engine.set_reset(false);
    let error = engine.step().unwrap_err();
    assert!(matches!(&error, EngineError::Unknown { cycle: 0, .. }), "{error}");
}

#[test]
fn memory_that_was_not_written_is_random_in_verilator() {
    let design = leak_design(true);
    let words = [1, 2].map(|seed| {
        let mut engine = Verilator::new(&design, &VerilatorOptions { seed, ..Default::default() }).unwrap();
        let (word, address) = (engine.pin("word").unwrap(), engine.pin("address").unwrap());
        engine.reset(1).unwrap();
        let read = |i| {
            engine.set(address, i);
            engine.step().unwrap();
            engine.get(word)
        };
        (0..8).map(read).collect::<Vec<_>>()
    });
    assert_ne!(words[0], [0; 8]);
    assert_ne!(words[0], words[1]);
}

#[test]
fn two_models_of_one_design_do_not_share_state() {
    let design = fifo_design();
    let (mut a, mut b) = (verilator(&design), verilator(&design));
    let (valid, level) = (a.pin("enq_valid").unwrap(), a.pin("level").unwrap());
    a.reset(1).unwrap();
    b.reset(1).unwrap();
    a.set(valid, 1);
    a.step().unwrap();
    b.step().unwrap();
    assert_eq!((a.get(level), b.get(level)), (1, 0));
    let moved = std::thread::spawn(move || {
        a.step().unwrap();
        a.get(level)
    });
    assert_eq!(moved.join().unwrap(), 2);
}

/// A design in Verilog with an input `i` and an output `o`.
fn by_hand(body: &str) -> Design {
    let mut pinout = Pinout::default();
    pinout.add("i", 1, Direction::In);
    pinout.add("o", 1, Direction::Out);
    let verilog =
        format!("module hand (input wire clk, input wire rst, input wire i, output wire o);\n{body}\nendmodule\n");
    Design { top: "hand".into(), verilog, pinout }
}

#[test]
fn a_combinational_loop_is_an_error_and_hangs_nothing() {
    let design = by_hand("wire a = i & ~a; assign o = a;");
    let options = IcarusOptions { patience: Duration::from_millis(500), ..Default::default() };
    let engines: [Box<dyn Engine>; 2] =
        [Box::new(verilator(&design)), Box::new(Icarus::new(&design, &options).unwrap())];
    for mut engine in engines {
        let i = engine.pin("i").unwrap();
        engine.reset(1).unwrap();
        engine.set(i, 1);
        let error = engine.settle().unwrap_err();
        assert!(matches!(error, EngineError::Unsettled { cycle: 1 }), "{}: {error}", engine.name());
    }
}

#[test]
fn a_design_that_ends_the_simulation_is_an_error() {
    let design = by_hand("assign o = i; always @(posedge clk) if (i) $finish;");
    let engines: [Box<dyn Engine>; 2] = [Box::new(verilator(&design)), Box::new(icarus(&design))];
    for mut engine in engines {
        let i = engine.pin("i").unwrap();
        engine.reset(1).unwrap();
        engine.set(i, 1);
        let error = engine.step().unwrap_err();
        assert!(matches!(error, EngineError::Stopped { .. }), "{}: {error}", engine.name());
    }
}

#[test]
fn what_a_tool_says_of_bad_verilog_is_in_the_error() {
    let design = by_hand("assign o = nowhere;\nbad bad bad");
    let errors = [
        Verilator::new(&design, &VerilatorOptions::default()).err().unwrap(),
        Icarus::new(&design, &IcarusOptions::default()).err().unwrap(),
    ];
    for (error, tool) in
        errors.into_iter().zip(["verilator (design `hand`) failed:", "iverilog (design `hand`) failed:"])
    {
        let text = error.to_string();
        assert!(text.starts_with(tool), "{text}");
        assert!(text.contains("design.v:") && text.to_lowercase().contains("syntax error"), "{text}");
    }
}

#[test]
fn a_compiled_design_is_kept() {
    let cache = tempfile::Builder::new().prefix("with spaces ").tempdir().unwrap();
    let design = by_hand("assign o = ~i;");
    let build = |design: &Design| {
        let options = VerilatorOptions { cache: Some(cache.path()), ..Default::default() };
        Verilator::new(design, &options).unwrap().build_time()
    };
    assert!(build(&design).is_some());
    assert!(build(&design).is_none());
    assert!(build(&by_hand("assign o = i;")).is_some());
    let names: Vec<_> = std::fs::read_dir(cache.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    let designs = names.iter().filter(|name| name.to_str().unwrap().starts_with("hand-"));
    assert_eq!(designs.count(), 2, "{names:?}");
}

/// The times at which the signal `clk` of the outermost scope rises.
fn rises(vcd: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(vcd).unwrap();
    let clock = text.lines().find(|l| l.contains("$var") && (l.contains(" clk $end") || l.contains(" clock $end")));
    let id = clock.unwrap().split_whitespace().nth(3).unwrap();
    let mut time = 0;
    let mut rises = Vec::new();
    for line in text.lines() {
        if let Some(t) = line.strip_prefix('#') {
            time = t.parse().unwrap();
        } else if line == format!("1{id}") {
            rises.push(time);
        }
    }
    rises
}

#[test]
fn every_engine_draws_the_same_waveform_of_the_clock() {
    let dir = tempfile::tempdir().unwrap();
    let design = fifo_design();
    let path = |name: &str| dir.path().join(name);
    let mut builtin = fifo_builtin();
    builtin.trace(&path("builtin")).unwrap();
    let (v, i) = (path("verilator"), path("icarus"));
    let engines: [Box<dyn Engine>; 3] = [
        Box::new(builtin),
        Box::new(Verilator::new(&design, &VerilatorOptions { vcd: Some(&v), ..Default::default() }).unwrap()),
        Box::new(Icarus::new(&design, &IcarusOptions { vcd: Some(&i), ..Default::default() }).unwrap()),
    ];
    for mut engine in engines {
        let name = engine.name();
        engine.reset(2).unwrap();
        let valid = engine.pin("enq_valid").unwrap();
        for cycle in 0..4 {
            engine.edge().unwrap();
            engine.set(valid, cycle & 1);
            engine.settle().unwrap();
        }
        drop(engine);
        let rises = rises(&path(name));
        assert_eq!(rises, [10_000, 20_000, 30_000, 40_000, 50_000, 60_000], "{name}");
        let text = std::fs::read_to_string(path(name)).unwrap();
        assert!(text.contains("$timescale") && text.contains("enq") && text.contains("#15000\n"), "{name}");
    }
}

#[test]
fn a_list_of_wires_that_is_not_complete_is_refused() {
    let missing = Builtin::new(fifo(), wires!(Fifo: enq.payload, enq.valid, enq.ready, deq.payload, deq.valid, level));
    let text = missing.err().unwrap().to_string();
    assert_eq!(text, "the block's port `deq_ready` is not in the list of wires");
}

#[test]
fn a_missing_pin_is_an_error_that_lists_those_there_are() {
    let error = fifo_builtin().pin("no_such").unwrap_err().to_string();
    assert_eq!(
        error,
        "the design has no port `no_such`; it has enq_payload, enq_valid, enq_ready, deq_payload, deq_valid, \
         deq_ready, level"
    );
}
