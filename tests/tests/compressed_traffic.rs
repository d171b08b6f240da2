//! AlexNet's traffic to DRAM with compressed feature maps, as a program and its data make it; `mapping_hardware` holds the
//! prediction against the hardware's counters.

use gen::mapper::{build, place_compressed, Compression, MappingSpec, Slot};
use gen::numerics::{Numerics, Output, Requant};
use hw::{rlc, ArchSpec};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::networks::Network;
use std::collections::HashMap;

/// Share of zeros in each layer's ifmap (JSSC 2017, Table V), and in its ofmap: see `sim/src/published/eyeriss.toml`.
const ZEROS: [(f64, f64); 5] = [(0.0001, 0.592), (0.387, 0.833), (0.725, 0.793), (0.793, 0.776), (0.776, 0.776)];

/// Codes of slots of a tensor of words of which this share is zero.
fn codes(slots: &[Slot], dims: [usize; 4], zeros: f64, seed: u64) -> Vec<u64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut word = || if random.random_bool(zeros) { 0 } else { 1 };
    let words: Vec<i64> = (0..dims.iter().product()).map(|_| word()).collect();
    let count = |slot: &Slot| {
        let part: Vec<i64> = slot.part.elements(dims).map(|element| words[element]).collect();
        rlc::encode(&part, 16).len() as u64
    };
    slots.iter().map(count).collect()
}

/// Megabytes of DRAM and of the global buffer that CONV1 to CONV5 move at N = 4 on the chip's sizes, with `mappings/alexnet_traffic.toml`.
fn traffic(wanted: impl Fn(usize) -> Compression) -> (f64, f64) {
    let arch = ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../mappings/alexnet_traffic.toml");
    let by_hand: HashMap<String, MappingSpec> = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 0 };
    let output = Output::Quantised(Requant { relu: true, scales: vec![], shifts: vec![8] });
    let (mut dram, mut glb) = (0, 0);
    for (index, layer) in Network::find("alexnet").unwrap().with_batch(4).layers[..5].iter().enumerate() {
        let shape = &layer.shape;
        let plan = by_hand[&layer.name].mapping(shape, &arch).check(shape, &arch).unwrap();
        let layout = place_compressed(&plan, &output, wanted(index), 0x1000);
        let program = build(&plan, &numerics, &output, &layout, 0).unwrap();
        let ifmap = codes(&program.ifmap_slots, shape.ifmap_dims(), ZEROS[index].0, 1);
        let ofmap = codes(&program.ofmap_slots, shape.ofmap_dims(), ZEROS[index].1, 2);
        let program = program.with_codes(&plan, &ifmap, &ofmap);
        let counts = &program.counts;
        dram += program.read_beats * arch.link_bytes() as u64 + counts.dram_write_bytes;
        let words = counts.ifmap_reads + counts.ifmap_writes;
        glb += 2 * (words + counts.psum_reads + counts.psum_drains + counts.psum_writes);
    }
    (dram as f64 / 1e6, glb as f64 / 1e6)
}

/// The chip: about 23.1 MB of DRAM without compression, 15.4 MB with it, and 208.5 MB of the buffer.
#[test]
fn alexnet_at_its_published_sparsity_moves_no_more_than_the_chip() {
    let (plain, _) = traffic(|_| Compression::default());
    let (packed, glb) = traffic(|index| Compression { ifmap: index > 0, ofmap: true });
    println!("DRAM MB: {plain:.2} plain, {packed:.2} compressed; buffer MB: {glb:.2}");
    assert!(packed <= 15.4 && packed < 0.8 * plain, "{packed:.2} MB, {plain:.2} MB without compression");
    assert!(glb <= 208.5, "{glb:.2} MB");
}
