//! A shell with a memory, and plain models of the core and the global buffer around it.

use super::memory::{Memory, Random, Timing};
use hw::program::{flag, Field, COMMAND_BYTES};
use hw::rtl::prelude::{settle, tick, Block as _, Out, Wire, Word};
use hw::shell::Shell;
use hw::{registers, Arch};
use std::collections::VecDeque;

/// A command of a program, or a block of a table's payload.
pub type Block = [u64; 8];

/// A command with these fields, sealed.
pub fn command(opcode: u64, flags: u64, fields: &[(Field, u64)]) -> Block {
    let mut words = [0; 8];
    hw::program::OPCODE.set(&mut words, opcode);
    hw::program::FLAGS.set(&mut words, flags);
    for (field, value) in fields {
        field.set(&mut words, *value);
    }
    hw::program::seal(&mut words);
    words
}

/// A TABLE command and its payload.
pub fn table(target: u64, entries: &[u64]) -> Vec<Block> {
    use hw::program::{op, table};
    let mut blocks: Vec<Block> =
        entries.chunks(8).map(|chunk| std::array::from_fn(|i| *chunk.get(i).unwrap_or(&7))).collect();
    let sum = blocks.iter().fold(0u32, |sum, block| sum.wrapping_add(hw::program::sum_of_halves(block)));
    let fields = [(table::TARGET, target), (table::COUNT, entries.len() as u64), (table::PAYLOAD_SUM, sum as u64)];
    blocks.insert(0, command(op::TABLE, 0, &fields));
    blocks
}

/// What the core has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    pub layers: Vec<[u64; 7]>,
    pub tables: Vec<(u64, u64, u64)>,
    pub passes: Vec<(u64, [u64; 7])>,
    /// Staged lines of four words.
    pub lines: Vec<[i128; 4]>,
    pub loaded: usize,
    pub psum_free: usize,
    pub resets: usize,
    /// Psums read when each `psum_free` came, and when each `psum_done` was posted.
    pub reads_at_free: Vec<u64>,
    pub reads_at_done: Vec<u64>,
    /// Ifmap words written when each `ifmap_free` was posted.
    pub words_at_free: Vec<u64>,
    pub words_written: u64,
}

/// A pass in the model of the core: its flags and the cycles that it still takes.
struct Pass {
    flags: u64,
    left: u64,
}

pub struct System {
    pub arch: Arch,
    pub shell: Shell,
    pub memory: Memory,
    pub random: Random,
    /// Chance in a hundred that the core, the host and the buffer rest in a cycle.
    pub stall: u64,
    pub seen: Seen,
    /// Ifmap words of the buffer.
    pub words: Vec<Option<i128>>,
    /// Psums of the buffer by lane and line.
    pub psums: Vec<Vec<i128>>,
    pub cycles: u64,
    pub reads: u64,
    pub first_read: u64,
    pub last_read: u64,
    /// The core does not finish its passes while set.
    pub core_stuck: bool,
    /// The core's reset was high in the last cycle, as it is when the shell leaves its own.
    in_reset: bool,
    loaded: usize,
    passes: VecDeque<Pass>,
    posts: (bool, bool),
    drained: [i128; 3],
    events: (u64, u64),
    last: (bool, u64, bool, u64),
}

impl System {
    pub fn new(arch: &Arch, timing: Timing, stall: u64, seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) | 1);
        let mut shell = Shell::new(arch);
        shell.connect_all();
        rust_hdl::prelude::check_all(&shell).unwrap();
        tick!(shell, true);
        let psums = (0..arch.psum_lanes)
            .map(|_| {
                let p = arch.psum_width;
                (0..arch.glb_lines())
                    .map(|_| Word::new((random.next() >> random.below(p as u64)) as i128, p, true).value())
                    .collect()
            })
            .collect();
        System {
            arch: arch.clone(),
            shell,
            memory: Memory::new(arch.link_width, timing, seed),
            random,
            stall,
            seen: Seen::default(),
            words: vec![None; arch.glb_lines() * 4],
            psums,
            cycles: 0,
            reads: 0,
            first_read: 0,
            last_read: 0,
            core_stuck: false,
            in_reset: true,
            loaded: 0,
            passes: VecDeque::new(),
            posts: (false, false),
            drained: [0; 3],
            events: (0, 0),
            last: (false, 0, false, 0),
        }
    }

    fn goes(&mut self) -> bool {
        let stall = self.stall;
        !self.random.chance(stall)
    }

    /// A cycle of everything.
    pub fn cycle(&mut self) {
        let pass_ready = self.passes.len() < 2 && self.goes();
        let staging_ready = self.goes();
        let grant = self.goes();
        let shell = &mut self.shell;
        shell.core_idle.next = self.passes.is_empty().into();
        shell.pass_ready.next = pass_ready.into();
        shell.staging_ready.next = staging_ready.into();
        shell.ifmap_free_post.next = self.posts.0.into();
        shell.psum_done_post.next = self.posts.1.into();
        shell.drain_grant.next = grant.into();
        shell.drain_word.next = Word::new(self.drained[1], self.arch.psum_width, true);
        shell.psum_reads.next = (self.events.0 as usize).into();
        shell.ifmap_writes.next = (self.events.1 as usize).into();
        memory_cycle!(self.shell, self.memory, read, write);
        self.watch(pass_ready, staging_ready, grant);
        tick!(self.shell);
        self.cycles += 1;
    }

    fn watch(&mut self, pass_ready: bool, staging_ready: bool, grant: bool) {
        let shell = &self.shell;
        let words = || std::array::from_fn(|i| shell.command[i].val().raw() as u64);
        if shell.layer_write.val().any() {
            assert!(self.passes.is_empty(), "LAYER while a pass is in work");
            self.seen.layers.push(words());
        }
        if shell.table_write.val().any() {
            assert!(self.passes.is_empty(), "TABLE while a pass is in work");
            let get = |wire: &Wire<Out>| wire.val().raw() as u64;
            self.seen.tables.push((get(&shell.table_target), get(&shell.table_index), get(&shell.table_word)));
        }
        if shell.pass_valid.val().any() && pass_ready {
            let flags = shell.flags.val().raw() as u64;
            self.seen.passes.push((flags, words()));
            self.passes.push_back(Pass { flags, left: 30 });
        }
        if shell.staging_valid.val().any() && staging_ready {
            self.seen.lines.push(std::array::from_fn(|i| shell.staging_word[i].val().value()));
        }
        self.events = (0, 0);
        for lane in 0..4 {
            if shell.load_write[lane].val().any() {
                let place = shell.load_line[lane].val().index() * 4 + lane;
                self.words[place] = Some(shell.load_word[lane].val().value());
                self.events.1 += 1;
                self.seen.words_written += 1;
            }
        }
        self.drained[1] = self.drained[0];
        self.drained[0] = 0x5a5a_5a5a;
        if shell.drain_read.val().any() && grant {
            let (lane, line) = (shell.drain_lane.val().index(), shell.drain_line.val().index());
            self.drained[0] = self.psums.get(lane).and_then(|lane| lane.get(line)).copied().unwrap_or(0);
            self.events.0 = 1;
            if self.reads == 0 {
                self.first_read = self.cycles;
            }
            self.reads += 1;
            self.last_read = self.cycles;
        }
        self.posts = (false, false);
        if shell.loaded_post.val().any() {
            self.seen.loaded += 1;
            self.loaded += 1;
        }
        if shell.psum_free_post.val().any() {
            self.seen.psum_free += 1;
            self.seen.reads_at_free.push(self.reads);
        }
        if let Some(pass) = self.passes.front_mut() {
            let waits = pass.flags & flag::PASS_WAIT_LOADED != 0 && pass.left == 30;
            if waits && self.loaded > 0 {
                self.loaded -= 1;
                pass.left -= 1;
            } else if !waits && !self.core_stuck {
                pass.left -= 1;
            }
            if pass.left == 0 {
                self.posts = (pass.flags & flag::PASS_POST_FREE != 0, pass.flags & flag::PASS_POST_PSUM_DONE != 0);
                self.passes.pop_front();
                if self.posts.0 {
                    self.seen.words_at_free.push(self.seen.words_written);
                }
                if self.posts.1 {
                    self.seen.reads_at_done.push(self.reads);
                }
            }
        }
        if shell.core_reset.val().any() {
            assert!(self.memory.quiet(), "reset with transfers on the way");
            let resets = self.seen.resets + !self.in_reset as usize;
            self.seen = Seen { resets, ..Seen::default() };
            self.reads = 0;
            self.loaded = 0;
            self.passes.clear();
            self.posts = (false, false);
            self.events = (0, 0);
            self.words.fill(None);
        }
        self.in_reset = shell.core_reset.val().any();
        // The host port's own rules: what is offered stays.
        let get = |wire: &Wire<Out>| wire.val().raw() as u64;
        let now = (
            shell.s_axil_bvalid.val().any(),
            get(&shell.s_axil_bresp),
            shell.s_axil_rvalid.val().any(),
            get(&shell.s_axil_rdata) << 2 | get(&shell.s_axil_rresp),
        );
        if self.last.0 {
            assert_eq!((now.0, now.1), (self.last.0, self.last.1), "B changed before it was taken");
        }
        if self.last.2 {
            assert_eq!((now.2, now.3), (self.last.2, self.last.3), "R changed before it was taken");
        }
        self.last =
            (now.0 && !shell.s_axil_bready.val().any(), now.1, now.2 && !shell.s_axil_rready.val().any(), now.3);
    }

    /// Cycles until `done`, at most `most`.
    #[track_caller]
    pub fn until(&mut self, most: u64, what: &str, mut done: impl FnMut(&mut System) -> bool) {
        let start = self.cycles;
        while !done(self) {
            assert!(self.cycles - start < most, "no {what} after {most} cycles");
            self.cycle();
        }
    }

    /// A host write; the response. Address and data come in any order.
    pub fn write_strobed(&mut self, offset: usize, value: u32, strobe: usize) -> u64 {
        let (mut address, mut data) = (false, false);
        let (mut address_done, mut data_done) = (false, false);
        for _ in 0..1000 {
            address |= self.goes();
            data |= self.goes();
            self.shell.s_axil_awvalid.next = (address && !address_done).into();
            self.shell.s_axil_awaddr.next = if address && !address_done { offset.into() } else { 0x7ff.into() };
            self.shell.s_axil_wvalid.next = (data && !data_done).into();
            self.shell.s_axil_wdata.next = (if data && !data_done { value } else { !value } as usize).into();
            self.shell.s_axil_wstrb.next = strobe.into();
            self.shell.s_axil_bready.next = self.goes().into();
            settle(&mut self.shell);
            let response = self.shell.s_axil_bvalid.val().any() && self.shell.s_axil_bready.val().any();
            let code = self.shell.s_axil_bresp.val().raw() as u64;
            address_done |= self.shell.s_axil_awvalid.val().any() && self.shell.s_axil_awready.val().any();
            data_done |= self.shell.s_axil_wvalid.val().any() && self.shell.s_axil_wready.val().any();
            self.cycle();
            self.shell.s_axil_awvalid.next = 0.into();
            self.shell.s_axil_wvalid.next = 0.into();
            if response {
                assert!(address_done && data_done, "an answer before the transfer");
                self.shell.s_axil_bready.next = 0.into();
                return code;
            }
        }
        panic!("the host port does not answer a write");
    }

    pub fn write(&mut self, register: registers::Register, value: u32) {
        assert_eq!(self.write_strobed(register.offset, value, 15), 0, "{}", register.name);
    }

    /// A host read: data and response.
    pub fn read_at(&mut self, offset: usize) -> (u32, u64) {
        let mut asked = false;
        for _ in 0..1000 {
            self.shell.s_axil_arvalid.next = (!asked).into();
            self.shell.s_axil_araddr.next = offset.into();
            self.shell.s_axil_rready.next = self.goes().into();
            settle(&mut self.shell);
            let answer = (self.shell.s_axil_rdata.val().raw() as u32, self.shell.s_axil_rresp.val().raw() as u64);
            let done = self.shell.s_axil_rvalid.val().any() && self.shell.s_axil_rready.val().any();
            asked |= self.shell.s_axil_arvalid.val().any() && self.shell.s_axil_arready.val().any();
            self.cycle();
            self.shell.s_axil_arvalid.next = 0.into();
            if done {
                self.shell.s_axil_rready.next = 0.into();
                return answer;
            }
        }
        panic!("the host port does not answer a read");
    }

    #[track_caller]
    pub fn read(&mut self, register: registers::Register) -> u32 {
        let (value, response) = self.read_at(register.offset);
        assert_eq!(response, 0, "{}", register.name);
        value
    }

    /// The counter of this name.
    pub fn counter(&mut self, name: &str) -> u64 {
        let i = registers::COUNTERS.iter().position(|counter| counter.name == name).unwrap();
        let low = self.read_at(registers::counter_offset(i)).0 as u64;
        low | (self.read_at(registers::counter_offset(i) + 4).0 as u64) << 32
    }

    /// Puts a program into memory.
    pub fn place(&mut self, address: u64, blocks: &[Block]) {
        for (i, word) in blocks.iter().flatten().enumerate() {
            self.memory.write(address + 8 * i as u64, &word.to_le_bytes());
        }
    }

    /// Queues a program that is in memory.
    pub fn push(&mut self, address: u64, blocks: usize) {
        assert_eq!(address % COMMAND_BYTES as u64, 0);
        self.write(registers::QUEUE_ADDR_LO, address as u32);
        self.write(registers::QUEUE_ADDR_HI, (address >> 32) as u32);
        self.write(registers::QUEUE_PUSH, blocks as u32);
    }

    /// Places and runs a program; the cause of an error, or 0.
    #[track_caller]
    pub fn run(&mut self, address: u64, blocks: &[Block]) -> u32 {
        self.place(address, blocks);
        self.push(address, blocks.len());
        self.wait()
    }

    /// Waits until nothing is in work; the cause of an error, or 0.
    #[track_caller]
    pub fn wait(&mut self) -> u32 {
        for _ in 0..4000 {
            let status = self.read(registers::STATUS);
            if status & 1 == 0 {
                assert_eq!(status >> 8 != 0, status & 2 != 0, "a cause without an error");
                return status >> 8;
            }
            for _ in 0..20 {
                self.cycle();
            }
        }
        panic!("hangs after {} cycles", self.cycles);
    }

    /// A soft reset, up to its end.
    pub fn soft_reset(&mut self) {
        self.write(registers::CONTROL, 1);
        for _ in 0..4000 {
            if self.read(registers::CONTROL) & 1 == 0 {
                return;
            }
        }
        panic!("the reset does not end");
    }
}
