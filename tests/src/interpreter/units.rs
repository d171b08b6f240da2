//! The command unit, and the turns that units take.

use super::array::Array;
use super::filters::Filters;
use super::glb::Glb;
use super::loader::Loader;
use super::order::Semaphores;
use super::sequencer::Sequencer;
use super::store::Store;
use super::{fault, Fault, Memory, Random};
use hw::program::{self, layer, op, table, Field, COMMAND_BYTES, COMMAND_WORDS};
use hw::Arch;

/// Commands that wait in front of a unit.
pub(super) const QUEUE: usize = 2;

/// What running a program counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub commands: u64,
    pub passes: u64,
    pub macs: u64,
    pub ifmap_bus_words: u64,
    pub filter_bus_lines: u64,
    pub ifmap_reads: u64,
    pub ifmap_writes: u64,
    pub psum_reads: u64,
    pub psum_writes: u64,
    pub psum_drains: u64,
    pub dram_ifmap_bytes: u64,
    pub dram_filter_bytes: u64,
    pub dram_param_bytes: u64,
    pub dram_program_bytes: u64,
    pub dram_write_bytes: u64,
    pub rlc_read_codes: u64,
    pub rlc_write_codes: u64,
    /// The number in `END`.
    pub layer: u64,
}

/// All that units share.
pub(super) struct Machine<'a> {
    pub arch: &'a Arch,
    pub memory: &'a mut Memory,
    pub glb: Glb,
    pub array: Array,
    pub semaphores: Semaphores,
    pub stats: Stats,
}

pub(super) type Words = [u64; COMMAND_WORDS];

/// Units behind the command unit.
struct Units {
    loader: Loader,
    filters: Filters,
    sequencer: Sequencer,
    store: Store,
}

/// A field of a command.
pub(super) fn get(command: &Words, field: Field) -> usize {
    field.get(command) as usize
}

/// Runs the program at `address` to its `END`. `seed` decides whose turn it is, and the depth of the pass queue.
pub fn run(arch: &Arch, memory: &mut Memory, address: u64, seed: u64) -> Result<Stats, Fault> {
    let mut random = Random::new(seed);
    let pass_queue = random.pick(&[1, 2, 3, 8]);
    let mut units = Units {
        loader: Loader::default(),
        filters: Filters::new(arch),
        sequencer: Sequencer::new(arch, pass_queue),
        store: Store::default(),
    };
    let mut machine = Machine {
        arch,
        memory,
        glb: Glb::new(arch),
        array: Array::new(arch),
        semaphores: Semaphores::default(),
        stats: Stats::default(),
    };
    let mut next = address;
    loop {
        let command = fetch(&mut machine, &mut next)?;
        machine.stats.commands += 1;
        match command[0] & 0xff {
            opcode @ (op::LAYER | op::TABLE | op::END) => {
                settle(&mut machine, &mut units, &mut random)?;
                match opcode {
                    op::LAYER => set_layer(&mut machine, &mut units, &command)?,
                    op::TABLE => set_table(&mut machine, &mut units, &command, &mut next)?,
                    _ => {
                        machine.stats.layer = program::end::LAYER.get(&command);
                        machine.stats.macs = machine.array.macs;
                        return Ok(machine.stats);
                    }
                }
            }
            _ => {
                while !units.accept(&command)? {
                    turn(&mut machine, &mut units, &mut random)?;
                }
                // How far units come before the next command is there differs too.
                if random.once_in(2) {
                    let most = random.pick(&[1, 20, 500]);
                    all(&mut machine, &mut units, &mut random, |random| random.range(0, most))?;
                }
            }
        }
    }
}

fn fetch(machine: &mut Machine, next: &mut u64) -> Result<Words, Fault> {
    let bytes = machine.memory.read(*next, COMMAND_BYTES)?;
    let mut words = [0; COMMAND_WORDS];
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    }
    machine.stats.dram_program_bytes += COMMAND_BYTES as u64;
    *next += COMMAND_BYTES as u64;
    Ok(words)
}

impl Units {
    /// Gives a command to its unit, if there is room in front of it.
    fn accept(&mut self, command: &Words) -> Result<bool, Fault> {
        if program::sum_of_halves(command) != program::CHECKSUM {
            return fault!("checksum of command {command:x?}");
        }
        match command[0] & 0xff {
            op::LOAD => Ok(self.loader.accept(command)),
            op::FILTER => Ok(self.filters.accept(command)),
            op::PASS => Ok(self.sequencer.accept(command)),
            op::PARAMS | op::STORE => Ok(self.store.accept(command)),
            opcode => fault!("opcode {opcode}"),
        }
    }

    fn idle(&self) -> bool {
        self.loader.idle() && self.filters.idle() && self.sequencer.idle() && self.store.idle()
    }
}

/// A turn: each unit, in a random order, does a random number of things. A fault if nothing more can happen.
fn turn(machine: &mut Machine, units: &mut Units, random: &mut Random) -> Result<(), Fault> {
    let most = random.pick(&[1, 8, 200, 5000]);
    let budget = |random: &mut Random| if random.once_in(3) { 0 } else { random.range(1, most) };
    if all(machine, units, random, budget)? > 0 {
        return Ok(());
    }
    match all(machine, units, random, |_| 5000)? {
        0 => fault!(
            "nothing moves: {}; {}; {}; {}; semaphores {:?}",
            units.loader.state(),
            units.filters.state(),
            units.sequencer.state(),
            units.store.state(),
            [
                machine.semaphores.loaded.count(),
                machine.semaphores.ifmap_free.count(),
                machine.semaphores.psum_done.count(),
                machine.semaphores.psum_free.count()
            ]
        ),
        _ => Ok(()),
    }
}

fn all(
    machine: &mut Machine,
    units: &mut Units,
    random: &mut Random,
    budget: impl Fn(&mut Random) -> usize,
) -> Result<usize, Fault> {
    let mut order = [0, 1, 2, 3, 4, 5];
    random.shuffle(&mut order);
    let mut done = 0;
    for unit in order {
        let budget = budget(random);
        done += match unit {
            0 => units.loader.work(machine, budget)?,
            1 => units.filters.work(machine, budget)?,
            2 => units.sequencer.walk(machine, budget)?,
            3 => units.sequencer.psums(machine, random, budget)?,
            4 => machine.array.work(budget)?,
            _ => units.store.work(machine, budget)?,
        };
    }
    Ok(done)
}

/// Lets everything finish, and checks that nothing is left over.
fn settle(machine: &mut Machine, units: &mut Units, random: &mut Random) -> Result<(), Fault> {
    while !units.idle() {
        turn(machine, units, random)?;
    }
    // What does not move any more is left over.
    while all(machine, units, random, |_| 5000)? > 0 {}
    units.filters.check_empty()?;
    machine.array.check_empty()?;
    machine.semaphores.check_balanced()?;
    machine.glb.settle();
    units.loader.settle();
    units.sequencer.settle();
    units.store.settle();
    Ok(())
}

fn set_layer(machine: &mut Machine, units: &mut Units, command: &Words) -> Result<(), Fault> {
    machine.array.layer(command)?;
    machine.glb.set_ifmap_banks(get(command, layer::IFMAP_BANKS));
    units.filters.layer(command);
    units.sequencer.layer(command);
    Ok(())
}

fn set_table(machine: &mut Machine, units: &mut Units, command: &Words, next: &mut u64) -> Result<(), Fault> {
    let (target, count) = (table::TARGET.get(command), get(command, table::COUNT));
    let mut entries = Vec::new();
    for _ in 0..count.div_ceil(COMMAND_WORDS) {
        entries.extend(fetch(machine, next)?);
    }
    if program::sum_of_halves(&entries) as u64 != table::PAYLOAD_SUM.get(command) {
        return fault!("checksum of table {target}");
    }
    entries.truncate(count);
    match target {
        table::CHAIN => entries.iter().for_each(|word| machine.array.shift_chain(machine.arch, *word)),
        table::STORE => units.store.table(&entries),
        _ => units.sequencer.table(target, &entries)?,
    }
    Ok(())
}
