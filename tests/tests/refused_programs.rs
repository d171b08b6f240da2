//! Programs that are corrupt, and a memory that answers with errors, on the whole accelerator: each ends in an error status
//! with its cause, nothing hangs, and the next layer on the same machine is right.

use gen::mapper::{map, Compression, Mapping};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::program::{error, flag, layer, op, seal, table, COMMAND_BYTES, COMMAND_WORDS, FLAGS, OPCODE};
use hw::registers::WATCHDOG;
use hw::rlc::{Format, SLOT_HEAD};
use hw::{Arch, ArchSpec};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::data::RandomData;
use sim::golden;
use sim::host::{Fault, FaultAt, Outside, Response, Run, Transfer};
use sim::machine::{EngineKind, Loaded, Machine, Setup, Work};
use sim::tensor::Tensors;

type Block = [u64; COMMAND_WORDS];

/// The layer's ifmap is compressed.
const IFMAP: Compression = Compression { ifmap: Some(Format::Runs), ofmap: None };

/// A machine, and a small layer for it.
struct Bench {
    machine: Machine,
    shape: ConvShape,
    mapping: Mapping,
    numerics: Numerics,
    tensors: Tensors,
}

impl Bench {
    fn new(kind: EngineKind, arch: &Arch) -> Bench {
        let shape = ConvShape { m: 2, c: 3, h: 5, w: 6, r: 3, s: 3, pad_h: 1, ..Default::default() };
        let numerics = Numerics::new(arch.width as u32);
        Bench {
            machine: Machine::new(arch, kind, &Setup::default()).expect("an engine"),
            shape,
            mapping: map(&shape, arch).expect("a mapping"),
            numerics,
            tensors: RandomData::new(3, 0.1).unwrap().tensors(&shape, &numerics, 0),
        }
    }

    /// The layer's program and memory after `change`, run with a watchdog of `patience` cycles.
    fn run(&mut self, patience: u32, faults: Vec<Fault>, outside: Outside, change: impl FnOnce(&mut Loaded)) -> Run {
        let Bench { machine, shape, mapping, numerics, tensors } = self;
        let work = Work {
            shape,
            mapping: (*mapping).into(),
            numerics,
            output: &Output::Raw,
            tensors,
            compression: IFMAP,
            reset_at: None,
        };
        let mut loaded = machine.load(&work).unwrap();
        change(&mut loaded);
        machine.host().reset().unwrap(); // bursts and layers are counted from the reset on
        machine.host().set_errors(faults, outside);
        machine.host().write_register(WATCHDOG.offset as u32, patience).unwrap();
        let expected = machine.expected(&work, &loaded).cycles;
        let done = machine.execute(&work, loaded, expected, None).unwrap_or_else(|e| panic!("{e:#}"));
        assert_eq!(done.ofmap.is_none(), done.run.status.error, "an ofmap after an error");
        done.run
    }

    /// The layer as it should be equals golden.
    #[track_caller]
    fn is_right(&mut self, after: &str) {
        let Bench { machine, shape, mapping, numerics, tensors } = self;
        machine.host().set_errors(vec![], Outside::Fail);
        let work = Work {
            shape,
            mapping: (*mapping).into(),
            numerics,
            output: &Output::Raw,
            tensors,
            compression: IFMAP,
            reset_at: None,
        };
        let done = machine.run(&work, None).unwrap_or_else(|e| panic!("after {after}: {e:#}"));
        let golden = golden::convolve(shape, numerics, &Output::Raw, tensors).unwrap();
        assert!(done.ofmap == Some(golden), "after {after}: {:?}", done.run.status);
    }

    /// What runs after `change` stops with `cause`, and then all is well again.
    #[track_caller]
    fn check(&mut self, what: &str, cause: u64, change: impl FnOnce(&mut Loaded)) {
        let run = self.run(5000, vec![], Outside::Fail, change);
        self.stopped(what, cause, &run);
    }

    /// A memory that answers `response` stops the layer with `cause`, and then all is well again.
    #[track_caller]
    fn check_memory(&mut self, what: &str, cause: u64, transfer: Transfer, response: Response) {
        let fault = Fault { transfer, at: FaultAt::Burst(if transfer == Transfer::Read { 2 } else { 0 }), response };
        let run = self.run(5000, vec![fault], Outside::Fail, |_| {});
        self.stopped(what, cause, &run);
    }

    #[track_caller]
    fn stopped(&mut self, what: &str, cause: u64, run: &Run) {
        let status = run.status;
        assert_eq!((status.error, u64::from(status.cause), status.done_count), (true, cause, 0), "{what}: {status:?}");
        assert!(run.cycles < 20_000, "{what}: {} cycles", run.cycles);
        self.is_right(what);
    }
}

/// Lets `change` have a command of the program in memory; the checksum is mended afterwards if `is_sealed`.
fn command(loaded: &mut Loaded, index: usize, is_sealed: bool, change: impl FnOnce(&mut Block)) {
    let at = index * COMMAND_BYTES;
    let bytes = &loaded.program.bytes[at..at + COMMAND_BYTES];
    let mut block: Block = [0; COMMAND_WORDS];
    for (word, bytes) in block.iter_mut().zip(bytes.chunks(8)) {
        *word = u64::from_le_bytes(bytes.try_into().unwrap());
    }
    change(&mut block);
    if is_sealed {
        seal(&mut block);
    }
    let bytes: Vec<u8> = block.iter().flat_map(|word| word.to_le_bytes()).collect();
    loaded.dram.write(loaded.program.layout.program + at as u64, &bytes).unwrap();
}

/// The index of the first command of this kind. Entries of tables, which may look like one, are passed over.
fn first(loaded: &Loaded, opcode: u64) -> usize {
    let mut index = 0;
    loop {
        let block = &loaded.program.bytes[index * COMMAND_BYTES..];
        let is = u64::from(block[0]);
        if is == opcode {
            return index;
        }
        let word = u64::from_le_bytes(block[8..16].try_into().unwrap());
        let entries = if is == op::TABLE { table::COUNT.get(&[0, word]) as usize } else { 0 };
        index += 1 + entries.div_ceil(COMMAND_WORDS);
    }
}

fn every_corruption(bench: &mut Bench) {
    bench.is_right("nothing");
    bench.check("a flipped bit", error::CHECKSUM, |l| command(l, 0, false, |block| block[3] ^= 1 << 40));
    bench.check("a flipped bit of a table", error::CHECKSUM, |l| {
        let payload = first(l, op::TABLE) + 1;
        command(l, payload, false, |block| block[0] ^= 1);
    });
    bench.check("an unknown opcode", error::OPCODE, |l| command(l, 0, true, |block| OPCODE.set(block, 0xee)));
    bench.check("a field out of range", error::FIELD, |l| {
        command(l, 0, true, |block| layer::TAPS_M1.set(block, 0xffff));
    });
    bench.check("a LOAD of masks, for which nothing was built", error::FIELD, |l| {
        let index = first(l, op::LOAD);
        command(l, index, true, |block| {
            let flags = FLAGS.get(block) | flag::LOAD_MASKS;
            FLAGS.set(block, flags);
        });
    });
    bench.check("a STORE of masks, for which nothing was built", error::FIELD, |l| {
        let index = first(l, op::STORE);
        command(l, index, true, |block| FLAGS.set(block, flag::STORE_RLC | flag::STORE_MASKS));
    });
    bench.check("a table that does not exist", error::FIELD, |l| {
        let index = first(l, op::TABLE);
        command(l, index, true, |block| table::TARGET.set(block, 99));
    });
    bench.check("a LOAD that waits for ever", error::WATCHDOG, |l| {
        let index = first(l, op::LOAD);
        command(l, index, true, |block| {
            let flags = FLAGS.get(block) | flag::LOAD_WAIT_FREE;
            FLAGS.set(block, flags);
        });
    });
    type Change = fn(u8) -> u8;
    let changes: [(&str, u64, Change); 5] = [
        ("a slot with a length of 0", 0, |_| 0),
        ("a slot that is said to be longer", 0, |length| length + 1),
        ("a slot that is said to be shorter", 0, |length| length - 1),
        ("a slot whose runs are longer", SLOT_HEAD as u64, |pair| pair | 0x1f),
        ("a slot whose first code says that it is the last", SLOT_HEAD as u64 + 7, |code| code | 0x80),
    ];
    for (what, byte, change) in changes {
        bench.check(what, error::STREAM, |l| {
            let slot = l.program.ifmap_slots[0].address;
            let was = l.dram.read(slot + byte, 1).unwrap()[0];
            l.dram.write(slot + byte, &[change(was)]).unwrap();
        });
    }
    bench.check("a program without END", error::NO_END, |l| {
        let end = l.program.bytes.len() - COMMAND_BYTES;
        l.program.bytes.truncate(end);
    });
    bench.check("a program that is cut in a table", error::FIELD, |l| {
        let end = (first(l, op::TABLE) + 1) * COMMAND_BYTES;
        l.program.bytes.truncate(end);
    });
    bench.check_memory("a read error", error::READ, Transfer::Read, Response::SlvErr);
    bench.check_memory("a read of nothing", error::READ, Transfer::Read, Response::DecErr);
    bench.check_memory("a write error", error::WRITE, Transfer::Write, Response::SlvErr);
    bench.check_memory("a write to nothing", error::WRITE, Transfer::Write, Response::DecErr);
}

#[test]
fn every_corruption_ends_in_its_error_in_the_builtin_engine() {
    let arch = ArchSpec { rows: 2, cols: 2, width: 8, glb_kb: 8, ..ArchSpec::default() }.check().unwrap();
    every_corruption(&mut Bench::new(EngineKind::Builtin, &arch));
}

/// The design of `cosimulation.rs`, so that its model is there.
fn verilated() -> Bench {
    let arch = ArchSpec { rows: 4, cols: 4, width: 16, glb_kb: 32, ..ArchSpec::default() }.check().unwrap();
    Bench::new(EngineKind::Verilator, &arch)
}

#[test]
fn every_corruption_ends_in_its_error_in_verilator() {
    every_corruption(&mut verilated());
}

/// Whatever a valid checksum covers: an end, good or bad, and no broken protocol.
#[test]
fn random_commands_end_and_leave_the_machine_in_order() {
    let mut bench = verilated();
    let mut stopped = 0;
    for seed in 0..400 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let run = bench.run(5000, vec![], Outside::DecErr, |loaded| {
            let commands = loaded.program.bytes.len() / COMMAND_BYTES;
            for _ in 0..3 {
                let (index, word, bit) =
                    (rng.random_range(0..commands), rng.random_range(0..8), rng.random_range(0..64));
                command(loaded, index, true, |block| block[word] ^= 1 << bit);
            }
        });
        assert!(run.cycles < 2_000_000, "seed {seed}: {} cycles", run.cycles);
        stopped += u32::from(run.status.error);
        bench.machine.host().reset().unwrap();
        bench.is_right(&format!("seed {seed}"));
    }
    assert!((200..400).contains(&stopped), "{stopped} of 400 were stopped");
}
