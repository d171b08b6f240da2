//! AlexNet's traffic to DRAM with compressed feature maps, as a program and its data make it; `mapping_hardware` holds the
//! prediction against the hardware's counters.

use gen::mapper::{tally, MappingSpec};
use hw::ArchSpec;
use sim::networks::Network;
use sim::published::Chip;
use sim::traffic::{Compressed, Traffic, Wanted};
use std::collections::HashMap;

/// Megabytes of DRAM, plain and compressed, and of the global buffer that CONV1 to CONV5 move at N = 4 on the chip's sizes, as sparse as
/// there, with `mappings/alexnet_traffic.toml`.
fn traffic() -> [f64; 3] {
    let arch = ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../mappings/alexnet_traffic.toml");
    let by_hand: HashMap<String, MappingSpec> = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let chip = Chip::eyeriss();
    let measured = chip.network("alexnet").unwrap();
    let mut moved = [0; 3];
    for (index, layer) in Network::find("alexnet").unwrap().with_batch(4).layers[..5].iter().enumerate() {
        let plan = by_hand[&layer.name].mapping(&layer.shape, &arch).check(&layer.shape, &arch).unwrap();
        let zeros = measured.zeros(&layer.name).unwrap();
        let wanted = Wanted { ifmap: index > 0, ofmap: true, format: None };
        let counts = tally(&plan, arch.word_bytes());
        let words = counts.ifmap_reads + counts.ifmap_writes;
        let plan = plan.into();
        moved[0] += Traffic::plain(&plan).unwrap().all();
        moved[1] += Compressed::drawn(&plan, wanted, zeros, index as u64).unwrap().traffic.all();
        moved[2] += 2 * (words + counts.psum_reads + counts.psum_drains + counts.psum_writes);
    }
    moved.map(|bytes| bytes as f64 / 1e6)
}

/// The chip: about 23.1 MB of DRAM without compression, 15.4 MB with it, and 208.5 MB of the buffer.
#[test]
fn alexnet_at_its_published_sparsity_moves_no_more_than_the_chip() {
    let [plain, packed, glb] = traffic();
    println!("DRAM MB: {plain:.2} plain, {packed:.2} compressed; buffer MB: {glb:.2}");
    assert!(packed <= 15.4 && packed < 0.8 * plain, "{packed:.2} MB, {plain:.2} MB without compression");
    assert!(glb <= 208.5, "{glb:.2} MB");
}
