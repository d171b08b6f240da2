//! A random program that uses every unit, and what it must lead to.

use super::memory::Random;
use super::system::{command, table, Block, System};
use hw::program::{self, end, filter, flag, layer, load, op, params, pass, store};
use hw::rlc::{Codec, Format};
use hw::rtl::Word;
use hw::{registers, Arch};
use std::collections::HashMap;

/// A channel's parameters.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    pub bias: i64,
    pub scale: u64,
    pub shift: u64,
}

impl Channel {
    pub fn random(random: &mut Random, arch: &Arch) -> Channel {
        let keep = random.below(arch.psum_width as u64 + 4);
        let wide = random.chance(30);
        Channel {
            bias: (random.next() as i64) >> (63 - keep.min(63)),
            scale: if wide { random.below(1 << 16) } else { 1 + random.below(3) },
            shift: if wide { random.below(64) } else { random.below(12) },
        }
    }
}

/// The result for a psum: DESIGN.md §3, word for word.
pub fn result(arch: &Arch, psum: i128, channel: Channel, flags: u64) -> i128 {
    let y = Word::new(psum + channel.bias as i128, arch.psum_width, true).value();
    if flags & flag::STORE_RAW != 0 {
        return y;
    }
    let y = if flags & flag::STORE_RELU != 0 { y.max(0) } else { y };
    let half = if channel.shift > 0 { 1i128 << (channel.shift - 1) } else { 0 };
    let scaled = (y * channel.scale as i128 + half) >> channel.shift;
    let most = (1i128 << (arch.width - 1)) - 1;
    scaled.clamp(-most - 1, most)
}

/// A STORE command in plain numbers.
#[derive(Clone, Debug)]
pub struct Store {
    pub flags: u64,
    pub address: u64,
    pub psum: u64,
    pub windows: u64,
    pub rows: u64,
    pub images: u64,
    pub groups: u64,
    pub filters: u64,
    pub param: u64,
    pub filter_bytes: u64,
    pub image_bytes: u64,
    pub filter_stride: u64,
    pub image_stride: u64,
    pub valid: u64,
    pub group_rows: u64,
    pub row_bytes: u64,
}

impl Store {
    pub fn bytes(&self, arch: &Arch) -> u64 {
        (if self.flags & flag::STORE_RAW != 0 { arch.psum_bytes() } else { arch.word_bytes() }) as u64
    }

    pub fn random(random: &mut Random, arch: &Arch, address: u64) -> Store {
        let mut s = Store {
            flags: (random.below(4) << 2) & (flag::STORE_RAW | flag::STORE_RELU),
            address,
            psum: random.below(64),
            windows: 1 + random.below(9),
            rows: 1 + random.below(3),
            images: 1 + random.below(2),
            groups: 1 + random.below(2),
            filters: 1 + random.below(4),
            param: random.below(8),
            filter_bytes: 0,
            image_bytes: 0,
            filter_stride: 0,
            image_stride: 0,
            valid: 0,
            group_rows: 0,
            row_bytes: 0,
        };
        let bytes = s.bytes(arch);
        s.address += random.below(40) * bytes;
        let mut row = s.windows;
        if random.below(2) == 1 {
            row += random.below(3);
            s.row_bytes = row * bytes;
        }
        s.filter_bytes = (row * s.rows + random.below(5)) * bytes;
        s.image_bytes = s.groups * s.filters * s.filter_bytes + random.below(9) * bytes;
        s.filter_stride = s.windows + random.below(4);
        s.image_stride = s.filters * s.filter_stride + random.below(4);
        s.valid = 1 + random.below(s.groups * s.filters + 2);
        s.group_rows = s.rows + random.below(2);
        s
    }

    pub fn command(&self) -> Block {
        let fields = [
            (store::ADDRESS, self.address),
            (store::PSUM, self.psum),
            (store::WINDOWS_M1, self.windows - 1),
            (store::ROWS_M1, self.rows - 1),
            (store::IMAGES_M1, self.images - 1),
            (store::GROUPS_M1, self.groups - 1),
            (store::FILTERS_M1, self.filters - 1),
            (store::PARAM, self.param),
            (store::FILTER_BYTES, self.filter_bytes),
            (store::IMAGE_BYTES, self.image_bytes),
            (store::PSUM_FILTER_STRIDE, self.filter_stride),
            (store::PSUM_IMAGE_STRIDE, self.image_stride),
            (store::VALID, self.valid),
            (store::GROUP_ROWS, self.group_rows),
            (store::ROW_BYTES, self.row_bytes),
        ];
        command(op::STORE, self.flags, &fields)
    }

    /// The bytes that the command writes; the number of elements.
    pub fn expect(
        &self,
        system: &System,
        rows: &[(u64, u64)],
        channels: &[Channel],
        bytes: &mut HashMap<u64, u8>,
    ) -> u64 {
        let mut elements = 0;
        let mut slot = vec![];
        for image in 0..self.images {
            for filter in 0..(self.groups * self.filters).min(self.valid) {
                let run = self.address + image * self.image_bytes + filter * self.filter_bytes;
                let (group, f) = (filter / self.filters, filter % self.filters);
                for row in 0..self.rows {
                    let (lane, offset) = rows[(group * self.group_rows + row) as usize];
                    for x in 0..self.windows {
                        let line = self.psum + offset + image * self.image_stride + f * self.filter_stride + x;
                        let psum = system.psums[lane as usize][line as usize];
                        let channel = channels[(self.param + filter) as usize];
                        let value = result(&system.arch, psum, channel, self.flags);
                        elements += 1;
                        if self.flags & flag::STORE_RLC != 0 {
                            slot.push(value as i64);
                            continue;
                        }
                        let row_bytes = match self.row_bytes {
                            0 => self.windows * self.bytes(&system.arch),
                            bytes => bytes,
                        };
                        let address = run + row * row_bytes + x * self.bytes(&system.arch);
                        for i in 0..self.bytes(&system.arch) {
                            bytes.insert(address + i, (value >> (8 * i)) as u8);
                        }
                    }
                }
            }
        }
        if !slot.is_empty() {
            let format = Format::masked(self.flags & flag::STORE_MASKS != 0);
            let codes = Codec { format, width: system.arch.width }.encode(&slot);
            let head = [codes.len() as u64];
            for (at, code) in [0].into_iter().chain((2..).map(|i| 8 * i)).zip(head.iter().chain(&codes)) {
                bytes.extend((0..8).map(|i| (self.address + at + i, code.to_le_bytes()[i as usize])));
            }
        }
        elements
    }
}

/// A program and what it leads to.
pub struct Job {
    pub blocks: Vec<Block>,
    pub number: u32,
    tables: Vec<(u64, u64, u64)>,
    passes: Vec<Block>,
    layer: Block,
    lines: Vec<[i128; 4]>,
    words: Vec<Option<i128>>,
    bytes: HashMap<u64, u8>,
    loaded: usize,
    psum_free: usize,
    ends: u32,
    /// Elements of the first STORE, the first two, and so on; ifmap words of the LOADs likewise.
    elements: Vec<u64>,
    loads: Vec<u64>,
}

/// The command that makes a layer of nothing in particular.
pub fn layer_command(arch: &Arch) -> Block {
    let fields = [
        (layer::TAPS_M1, arch.ifmap_spad as u64 - 1),
        (layer::STEP, 1),
        (layer::FILTER_WORDS, arch.filter_spad as u64),
        (layer::IFMAP_BANKS, 1),
        (layer::sources(0), arch.lane_sources() as u64),
    ];
    command(op::LAYER, 0, &fields)
}

/// PARAMS for these channels, whose parameters are put into memory.
pub fn params_command(system: &mut System, address: u64, channels: &[Channel]) -> Block {
    for (i, channel) in channels.iter().enumerate() {
        let at = address + 16 * i as u64;
        system.memory.write(at, &channel.bias.to_le_bytes());
        // Only 16 bits of the scale and 6 of the shift are used.
        system.memory.write(at + 8, &(channel.scale as u32 | 0xabcd_0000).to_le_bytes());
        system.memory.write(at + 12, &(channel.shift as u32 | 0x1234_5640).to_le_bytes());
    }
    command(op::PARAMS, 0, &[(params::ADDRESS, address), (params::COUNT, channels.len() as u64)])
}

/// A store table of random rows: lane and line offset.
pub fn random_rows(random: &mut Random, arch: &Arch, count: u64) -> Vec<(u64, u64)> {
    (0..count).map(|_| (random.below(arch.psum_lanes as u64), random.below(200))).collect()
}

pub fn rows_table(rows: &[(u64, u64)]) -> Vec<Block> {
    let entry = |&(lane, offset): &(u64, u64)| {
        let mut words = [0];
        program::table::ROW_LANE.set(&mut words, lane);
        program::table::ROW_OFFSET.set(&mut words, offset);
        words[0]
    };
    table(program::table::STORE, &rows.iter().map(entry).collect::<Vec<_>>())
}

impl Job {
    pub fn random(system: &mut System, seed: u64) -> Job {
        let arch = system.arch.clone();
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let word = arch.word_bytes() as u64;
        let mut job = Job {
            blocks: vec![],
            number: random.next() as u32,
            tables: vec![],
            passes: vec![],
            layer: layer_command(&arch),
            lines: vec![],
            words: vec![None; arch.glb_lines() * 4],
            bytes: HashMap::new(),
            loaded: 0,
            psum_free: 0,
            ends: 1,
            elements: vec![0],
            loads: vec![0],
        };
        job.blocks.push(job.layer);
        let streams: Vec<u64> = (0..1 + random.below(11)).map(|_| random.next()).collect();
        job.blocks.extend(table(program::table::IFMAP, &streams));
        job.tables.extend(streams.iter().enumerate().map(|(i, word)| (program::table::IFMAP, i as u64, *word)));
        let rows = random_rows(&mut random, &arch, 12);
        let store_table = rows_table(&rows);
        let entries = store_table[1..].iter().flatten().take(rows.len());
        job.tables.extend(entries.enumerate().map(|(i, word)| (program::table::STORE, i as u64, *word)));
        job.blocks.extend(store_table);

        let turns = 1 + random.below(3);
        for turn in 0..turns {
            // A tile: the loader waits from the second on for the pass before to free the buffer.
            let (run, inner) = (1 + random.below(40), 1 + random.below(3));
            let from = 0x10_0000 + random.below(5000) * word;
            let glb = random.below(200);
            let wait = if turn > 0 { flag::LOAD_WAIT_FREE } else { 0 };
            job.blocks.push(command(
                op::LOAD,
                flag::LOAD_POST_LOADED | wait,
                &[
                    (load::ADDRESS, from),
                    (load::GLB_WORD, glb),
                    (load::RUN_M1, run - 1),
                    (load::INNER_M1, inner - 1),
                    (load::INNER_BYTES, 100 * word),
                    (load::INNER_WORDS, run + 3),
                ],
            ));
            job.loaded += 1;
            job.loads.push(job.loads[turn as usize] + run * inner);
            for n in 0..inner {
                for i in 0..run {
                    let value = system.memory.number(from + (100 * n + i) * word, arch.word_bytes());
                    let place = glb + n * (run + 3) + i;
                    job.words[place as usize] = Some(Word::new(value as i128, arch.width, true).value());
                }
            }
            let lines = 1 + random.below(50);
            let from = 0x20_0000 + random.below(500) * 16;
            let bytes = lines * 4 * word;
            job.blocks.push(command(op::FILTER, 0, &[(filter::ADDRESS, from), (filter::BYTES, bytes)]));
            for line in 0..lines {
                job.lines.push(std::array::from_fn(|i| {
                    let value = system.memory.number(from + (4 * line + i as u64) * word, arch.word_bytes());
                    Word::new(value as i128, arch.width, true).value()
                }));
            }
            let free = if turn + 1 < turns { flag::PASS_POST_FREE } else { 0 };
            let flags = flag::PASS_WAIT_LOADED | flag::PASS_POST_PSUM_DONE | free;
            let fields = [(pass::DISTANCE, 1), (pass::TILE, random.below(1 << 32)), (pass::PSUM, random.below(9))];
            job.passes.push(command(op::PASS, flags, &fields));
            job.blocks.push(*job.passes.last().unwrap());
            let channels: Vec<Channel> = (0..24).map(|_| Channel::random(&mut random, &arch)).collect();
            job.blocks.push(params_command(system, 0x30_0000 + turn * 1024, &channels));
            let mut s = Store::random(&mut random, &arch, 0x40_0000 + 0x8000 * turn);
            s.flags |= flag::STORE_WAIT_DONE | flag::STORE_POST_FREE;
            job.blocks.push(s.command());
            let elements = s.expect(system, &rows, &channels, &mut job.bytes);
            job.elements.push(job.elements[turn as usize] + elements);
            job.psum_free += 1;
        }
        job.blocks.push(command(op::END, 0, &[(end::LAYER, job.number as u64)]));
        job
    }

    /// Places and runs the program and compares everything that it did; `before` is the number of layers done before.
    #[track_caller]
    pub fn run_and_check(&self, system: &mut System, address: u64, before: u32) {
        assert_eq!(system.run(address, &self.blocks), 0);
        let seen = &system.seen;
        let words = |block: &Block| -> [u64; 7] { std::array::from_fn(|i| block[i + 1]) };
        assert_eq!(seen.layers, [words(&self.layer)]);
        assert_eq!(seen.tables, self.tables);
        let passes: Vec<_> = self.passes.iter().map(|block| (program::FLAGS.get(block), words(block))).collect();
        assert_eq!(seen.passes, passes);
        assert_eq!(seen.lines, self.lines);
        assert_eq!((seen.loaded, seen.psum_free), (self.loaded, self.psum_free));
        // A store reads after its `psum_done` and posts after its last read; a load writes after its `ifmap_free`.
        assert_eq!(seen.reads_at_free, self.elements[1..]);
        assert!(seen.reads_at_done.iter().zip(&self.elements).all(|(reads, most)| reads <= most), "read too early");
        assert!(
            seen.words_at_free.iter().zip(&self.loads[1..]).all(|(words, most)| words <= most),
            "written too early"
        );
        let wrong = (0..self.words.len()).find(|i| system.words[*i] != self.words[*i]);
        assert_eq!(wrong, None, "ifmap word");
        self.check_bytes(system);
        assert_eq!(system.read(registers::DONE_COUNT), before + self.ends);
        assert_eq!(system.read(registers::LAST_LAYER), self.number);
    }

    #[track_caller]
    fn check_bytes(&self, system: &System) {
        let stored = system.memory.bytes.iter().filter(|(address, _)| **address >= 0x40_0000);
        let mut stored: Vec<_> = stored.map(|(address, byte)| (*address, *byte)).collect();
        let mut expect: Vec<_> = self.bytes.iter().map(|(address, byte)| (*address, *byte)).collect();
        stored.sort();
        expect.sort();
        let wrong = stored.iter().zip(&expect).find(|(a, b)| a != b);
        assert_eq!(wrong, None, "stored byte, expected byte");
        assert_eq!(stored.len(), expect.len(), "bytes stored");
    }
}
