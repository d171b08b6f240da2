//! No path runs through more than one handshake: a block may make its ready from that of the next one, or hold back a valid, but what it says of it ends
//! in a register of its neighbour. Otherwise paths grow with every block that is added. Looked for in Yosys' netlists of emitted designs, bit by bit.

use hw::os::OsStyle;
use hw::{Arch, ArchSpec, Dataflow, WsStyle};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Bits of a netlist, elaborated: what follows from what without a register, and in which block's logic.
#[derive(Default)]
struct Netlist {
    /// What is the same bit, as trees.
    same: Vec<usize>,
    /// Of each bit: bits that follow from it, and the block in whose logic.
    follows: HashMap<usize, Vec<(usize, usize)>>,
    /// Handshakes' bits that are ports of blocks, queues aside, whose ends are registers: their names, and whether a ready is among them.
    handshakes: HashMap<usize, (String, bool)>,
    ports: Vec<(usize, String)>,
    blocks: usize,
}

/// A chain of handshakes and how many blocks' logic it runs through.
type Chain = (usize, Vec<usize>);

impl Netlist {
    fn new(modules: &Value, top: &str) -> Netlist {
        let mut netlist = Netlist::default();
        netlist.block(modules, top, "", &HashMap::new());
        let follows = std::mem::take(&mut netlist.follows);
        for (bit, next) in follows {
            let next: Vec<_> = next.into_iter().map(|(to, block)| (netlist.root(to), block)).collect();
            netlist.follows.entry(netlist.root(bit)).or_default().extend(next);
        }
        for (bit, name) in std::mem::take(&mut netlist.ports) {
            let ready = ["ready", "take", "room"].iter().any(|last| name.ends_with(last));
            let known = netlist.handshakes.entry(netlist.root(bit)).or_insert((name.clone(), true));
            known.1 &= ready;
            // The innermost block's name says most.
            if name.matches('.').count() > known.0.matches('.').count() {
                known.0 = name;
            }
        }
        netlist
    }

    fn bit(&mut self) -> usize {
        self.same.push(self.same.len());
        self.same.len() - 1
    }

    fn root(&self, mut bit: usize) -> usize {
        while self.same[bit] != bit {
            bit = self.same[bit];
        }
        bit
    }

    /// An instance of `module`, its pins connected to `outside`.
    fn block(&mut self, modules: &Value, module: &str, path: &str, outside: &HashMap<String, Vec<Option<usize>>>) {
        let facts = &modules[module];
        let number = self.blocks;
        self.blocks += 1;
        let mut own: HashMap<u64, usize> = HashMap::new();
        for (port, port_facts) in facts["ports"].as_object().expect("ports") {
            for (i, bit) in port_facts["bits"].as_array().expect("bits").iter().enumerate() {
                let Some(bit) = bit.as_u64() else { continue };
                let bit = *own.entry(bit).or_insert_with(|| self.bit());
                if let Some(Some(pin)) = outside.get(port).and_then(|bits| bits.get(i)) {
                    let (inner, outer) = (self.root(bit), self.root(*pin));
                    self.same[inner] = outer;
                }
                if is_handshake(port) && !is_queue(module) {
                    self.ports.push((bit, format!("{path}.{port}").trim_start_matches('.').to_string()));
                }
            }
        }
        for (name, cell) in facts["cells"].as_object().expect("cells") {
            let mut pins: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
            for (pin, bits) in cell["connections"].as_object().expect("connections") {
                let bits = bits.as_array().expect("bits").iter().map(|bit| bit.as_u64());
                let bits = bits.map(|bit| bit.map(|bit| *own.entry(bit).or_insert_with(|| self.bit()))).collect();
                pins.insert(pin.clone(), bits);
            }
            let kind = cell["type"].as_str().expect("a type");
            if modules.get(kind).is_some() {
                let inner = format!("{path}.{}", without_number(name)).trim_start_matches('.').to_string();
                self.block(modules, kind, &inner, &pins.into_iter().collect());
            } else if !is_register(kind, &cell["parameters"]) {
                self.cell(kind, &pins, &cell["port_directions"], number);
            }
        }
    }

    /// What follows from what in a cell without a register: bit from bit where it works by bits, all from all elsewhere.
    fn cell(&mut self, kind: &str, pins: &BTreeMap<String, Vec<Option<usize>>>, directions: &Value, block: usize) {
        let by_bits = ["$and", "$or", "$xor", "$xnor", "$not", "$mux", "$pmux"].contains(&kind);
        let is = |pin: &str, direction: &str| directions[pin].as_str() == Some(direction);
        for (from, sources) in pins.iter().filter(|(pin, _)| is(pin, "input")) {
            for (_, targets) in pins.iter().filter(|(pin, _)| is(pin, "output")) {
                let aligned = by_bits && from != "S" && sources.len() == targets.len();
                for (i, source) in sources.iter().enumerate() {
                    for (j, target) in targets.iter().enumerate() {
                        if let (Some(source), Some(target), true) = (source, target, i == j || !aligned) {
                            self.follows.entry(*source).or_default().push((*target, block));
                        }
                    }
                }
            }
        }
    }

    /// Handshakes that follow from `bit` with no other between, each with the last block whose logic makes it.
    fn next(&self, bit: usize) -> BTreeSet<(usize, usize)> {
        let (mut seen, mut found) = (HashSet::new(), BTreeSet::new());
        let mut open = vec![bit];
        while let Some(from) = open.pop() {
            for &(to, block) in self.follows.get(&from).into_iter().flatten() {
                if self.handshakes.contains_key(&to) && to != bit {
                    found.insert((to, block));
                } else if seen.insert(to) {
                    open.push(to);
                }
            }
        }
        found
    }

    /// The chain from each handshake on that runs through most blocks. Valid that follows from valid is data that is held back, no chain.
    fn chains(&self) -> Vec<Chain> {
        let mut longest: HashMap<(usize, usize), Chain> = HashMap::new();
        let mut next = HashMap::new();
        for bit in self.handshakes.keys() {
            next.insert(*bit, self.next(*bit));
        }
        // A block that was just run through counts once, however many of its handshakes are touched.
        fn walk(
            netlist: &Netlist,
            next: &HashMap<usize, BTreeSet<(usize, usize)>>,
            longest: &mut HashMap<(usize, usize), Chain>,
            open: &mut HashSet<usize>,
            (bit, within): (usize, usize),
        ) -> Chain {
            if let Some(chain) = longest.get(&(bit, within)) {
                return chain.clone();
            }
            let mut best = (0, vec![bit]);
            if open.insert(bit) {
                for &(to, block) in &next[&bit] {
                    let moves_on = netlist.handshakes[&bit].1 || netlist.handshakes[&to].1;
                    let (more, path) = walk(netlist, next, longest, open, (to, block));
                    let count = more + usize::from(moves_on && block != within);
                    if count > best.0 {
                        best = (count, [&[bit], &path[..]].concat());
                    }
                }
                open.remove(&bit);
                longest.insert((bit, within), best.clone());
            }
            best
        }
        let mut bits: Vec<usize> = self.handshakes.keys().copied().collect();
        bits.sort();
        bits.iter().map(|bit| walk(self, &next, &mut longest, &mut HashSet::new(), (*bit, usize::MAX))).collect()
    }

    fn name(&self, bit: usize) -> &str {
        &self.handshakes[&bit].0
    }
}

/// Ports of a handshake by their names, those of AXI among them; of networks, what a ready is made of.
fn is_handshake(port: &str) -> bool {
    let last = port.rsplit('_').next().unwrap_or(port);
    let last = ["ar", "aw", "r", "w", "b"].iter().find_map(|channel| last.strip_prefix(channel)).unwrap_or(last);
    let whole = port.rsplit('_').next().unwrap_or(port);
    [last, whole].iter().any(|name| ["valid", "ready", "take", "room"].contains(name))
}

/// Queues say what they say from registers; `hw/tests/fifo.rs` and proofs hold that.
fn is_queue(module: &str) -> bool {
    module.contains("fifo") || module.starts_with("buffer")
}

fn is_register(kind: &str, parameters: &Value) -> bool {
    let is_clocked = parameters["CLK_ENABLE"].as_str().is_some_and(|bits| bits.contains('1'));
    kind.contains("dff") || kind.starts_with("$memwr") || kind.starts_with("$memrd") && is_clocked
}

/// `rows_3` as `rows`: instances that are alike are one in a chain's name.
fn without_number(name: &str) -> &str {
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit());
    digits.strip_suffix('_').filter(|short| !short.is_empty() && digits.len() < name.len()).unwrap_or(name)
}

/// Chains through more than one block of the Verilog in a folder of a design.
fn chains_of(rtl: &Path) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut sources: Vec<PathBuf> = fs::read_dir(rtl).unwrap().map(|entry| entry.unwrap().path()).collect();
    sources.sort();
    let sources: Vec<String> = sources.iter().map(|path| path.display().to_string()).collect();
    let script =
        format!("read_verilog {}; hierarchy -top tessera; proc; opt_clean; write_json netlist.json", sources.join(" "));
    let output = Command::new("yosys").args(["-q", "-p", &script]).current_dir(&folder).output();
    let output = output.expect("yosys; run scripts/setup");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Value = serde_json::from_slice(&fs::read(folder.path().join("netlist.json")).unwrap()).unwrap();
    let netlist = Netlist::new(&json["modules"], "tessera");
    assert!(netlist.handshakes.len() > 100, "{} handshakes", netlist.handshakes.len());
    let long = netlist.chains().into_iter().filter(|(blocks, _)| *blocks > 1);
    long.map(|(_, path)| path.iter().map(|bit| netlist.name(*bit)).collect::<Vec<_>>().join(" -> ")).collect()
}

#[track_caller]
fn check(rtl: &Path) {
    let long = Vec::from_iter(chains_of(rtl));
    assert!(long.is_empty(), "paths through more than one block:\n{}", long.join("\n"));
}

fn built(arch: &Arch) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for module in gen::generate::verilog(arch).unwrap().modules {
        fs::write(folder.path().join(format!("{}.v", module.name)), &module.text).unwrap();
    }
    folder
}

fn reference(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../verilog_out")).join(name).join("rtl")
}

#[test]
fn row_stationary() {
    check(&reference("rs_2x2_w8"));
    check(&reference("rs_3x4_w16"));
}

#[test]
fn arrays_that_multiply_by_a_matrix() {
    let spec = ArchSpec { rows: 3, cols: 4, glb_kb: 64, ..ArchSpec::default() };
    for dataflow in [Dataflow::Ws, Dataflow::Nlr] {
        check(built(&ArchSpec { dataflow, ..spec.clone() }.check().unwrap()).path());
    }
    for style in OsStyle::ALL {
        let spec = ArchSpec { dataflow: Dataflow::Os, os_style: style, ..spec.clone() };
        check(built(&spec.check().unwrap()).path());
    }
    let spec = ArchSpec { dataflow: Dataflow::Ws, ws_style: WsStyle::Conv2d, rows: 9, cols: 4, ..ArchSpec::default() };
    check(built(&ArchSpec { glb_kb: 64, ..spec }.check().unwrap()).path());
}

/// What is found in a reference design where `module` says the second of each two texts in place of the first.
#[track_caller]
fn chains_with(module: &str, planted: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(reference("rs_2x2_w8")).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&entry, folder.path().join(entry.file_name().unwrap())).unwrap();
    }
    let file = folder.path().join(module);
    let mut text = fs::read_to_string(&file).unwrap();
    for (before, after) in planted {
        assert!(text.contains(before), "{module} has no `{before}`");
        text = text.replace(before, after);
    }
    fs::write(file, text).unwrap();
    Vec::from_iter(chains_of(folder.path())).join("\n")
}

/// The queue of beats left out of the read port: a unit's ready reaches the bus by way of the loader.
#[test]
fn a_planted_chain_is_found() {
    let found = chains_with("read_port.v", &[("m_axi_rready = beats_enq_ready &", "m_axi_rready = beats_deq_ready &")]);
    let chain = found.lines().find(|chain| chain.ends_with("m_axi_rready"));
    assert!(chain.is_some_and(|chain| chain.starts_with("shell.loader.unpack")), "{found}");
}

/// Lines that wait for the filter spad's room in the same cycle: the X-bus asks the unpacker, which asks the ring.
#[test]
fn a_chain_planted_in_the_multicast_is_found() {
    let planted = ("line_ready = !shut", "line_ready = !shut || (at == 2'd3 && word_ready)");
    let found = chains_with("line_unpacker.v", &[planted]);
    assert!(found.contains("filter_ring.room -> core.array.rows.pes.unpacker.line_ready"), "{found}");
}

/// Rows that say for which of their neighbours a PE has room: a lane asks the row, which asks the PE; the PE below asks it by way of both rows.
#[test]
fn chains_planted_in_the_psums_ways_are_found() {
    let room = ("assign psum_room[0] = below_ready[0]", "assign psum_room[0] = below_ready[0] && from_lane_0");
    let found = chains_with("pe_row.v", &[room]);
    assert!(found.contains("psum_room -> core.sequencer.feeders.lanes"), "{found}");
    let from_below = [
        (".psum_in_ready(below_ready[0])", ".psum_in_ready(ready)"),
        (
            "wire from_lane_0 = pe_word_0[1];",
            "wire from_lane_0 = pe_word_0[1], ready;\n  assign below_ready[0] = ready && !from_lane_0;",
        ),
    ];
    let found = chains_with("pe_row.v", &from_below);
    assert!(found.contains("pes.psum_in_ready -> core.array.rows.below_ready"), "{found}");
}
