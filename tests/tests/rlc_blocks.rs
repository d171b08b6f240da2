//! The emitted Verilog of the codec of compressed feature maps, beside rust-hdl's simulator, cycle by cycle.

use hw::rlc::{self, Codec, Format};
use hw::rtl::prelude::*;
use hw::shell::{rlc_decoder::RlcDecoder, rlc_encoder::RlcEncoder};
use hw::{Arch, ArchSpec};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::engine::{Builtin, Design, Direction, Engine, Icarus, IcarusOptions};
use sim::wires;
use std::collections::VecDeque;

fn arch(width: usize, link_width: usize) -> Arch {
    ArchSpec { rows: 2, cols: 2, width, link_width, masks: true, ..ArchSpec::default() }.check().unwrap()
}

/// A design in rust-hdl's simulator and in Icarus, whose outputs must be the same.
struct Pair {
    design: Design,
    engines: [Box<dyn Engine>; 2],
}

impl Pair {
    /// `payloads` mean something while `valid` is high.
    fn new<B: Block + 'static>(
        mut block: B,
        builtin: Builtin<B>,
        name: &str,
        (payloads, valid): (&[&str], &str),
    ) -> Pair {
        let mut design = Design::of(&mut block, name).unwrap();
        for payload in payloads {
            design.pinout.qualify(payload, valid).unwrap();
        }
        let icarus = Icarus::new(&design, &IcarusOptions::default()).unwrap();
        let mut engines: [Box<dyn Engine>; 2] = [Box::new(builtin), Box::new(icarus)];
        for engine in &mut engines {
            engine.reset(2).unwrap();
        }
        Pair { design, engines }
    }

    fn set(&mut self, name: &str, value: u128) {
        for engine in &mut self.engines {
            let pin = engine.pin(name).unwrap();
            engine.set(pin, value);
        }
    }

    fn get(&self, name: &str) -> u128 {
        self.engines[0].get(self.engines[0].pin(name).unwrap())
    }

    /// Lets the outputs follow the inputs, and compares them.
    #[track_caller]
    fn settle(&mut self) {
        for engine in &mut self.engines {
            engine.settle().unwrap();
        }
        for (pin, port) in self.design.pinout.towards(Direction::Out) {
            let [builtin, icarus] = &self.engines;
            if port.valid.is_some_and(|valid| builtin.get(valid) == 0) {
                continue;
            }
            assert_eq!(builtin.get(pin), icarus.get(pin), "{}", port.name);
        }
    }

    fn edge(&mut self) {
        for engine in &mut self.engines {
            engine.edge().unwrap();
        }
    }
}

fn sparse(random: &mut ChaCha8Rng, width: usize) -> Vec<i64> {
    let (count, zeros) = (random.random_range(1..80), [0.0, 0.5, 0.9, 1.0][random.random_range(0..4)]);
    let word = |random: &mut ChaCha8Rng| random.random::<i64>() >> (64 - width);
    (0..count).map(|_| if random.random_bool(zeros) { 0 } else { word(random) }).collect()
}

fn any_codec(random: &mut ChaCha8Rng, width: usize) -> Codec {
    Codec { format: [Format::Runs, Format::Masks][random.random_range(0..2)], width }
}

fn encodes(width: usize, seed: u64) {
    let arch = arch(width, 64);
    let builtin = Builtin::new(
        RlcEncoder::new(&arch),
        wires!(RlcEncoder: word_valid, word_ready, word, word_last, masked, code_valid, code_ready, code, code_last, is_head),
    );
    let mut pair = Pair::new(
        RlcEncoder::new(&arch),
        builtin.unwrap(),
        "rlc_encoder",
        (&["code", "code_last", "is_head"], "code_valid"),
    );
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..6 {
        let words = sparse(&mut random, width);
        let (mut at, mut codes) = (0, vec![]);
        let codec = any_codec(&mut random, width);
        pair.set("masked", (codec.format == Format::Masks).into());
        loop {
            let offer = at < words.len() && random.random_bool(0.7);
            pair.set("word_valid", offer.into());
            if offer {
                pair.set("word", words[at] as u128 & ((1 << width) - 1));
                pair.set("word_last", (at + 1 == words.len()).into());
            }
            pair.set("code_ready", random.random_bool(0.6).into());
            pair.settle();
            let moves = pair.get("code_valid") & pair.get("code_ready") != 0;
            let (code, is_head) = (pair.get("code") as u64, pair.get("is_head") != 0);
            at += usize::from(offer && pair.get("word_ready") != 0);
            pair.edge();
            if moves && is_head {
                assert_eq!(code, codes.len() as u64, "seed {seed}");
                break;
            }
            if moves {
                codes.push(code);
            }
        }
        assert_eq!(codes, codec.encode(&words), "seed {seed}");
    }
}

fn decodes(width: usize, link: usize, seed: u64) {
    let arch = arch(width, link);
    let builtin = Builtin::new(
        RlcDecoder::new(&arch),
        wires!(RlcDecoder: read_valid, read_ready, read_data, length_valid, length, go, go_masks, rest, word[4], take, cut, part,
            finish, decoded, failed),
    );
    let mut pair = Pair::new(RlcDecoder::new(&arch), builtin.unwrap(), "rlc_decoder", (&[], ""));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..6 {
        let words = sparse(&mut random, width);
        let codec = any_codec(&mut random, width);
        let slot = rlc::slot(&codec.encode(&words), link / 8);
        pair.set("go_masks", (codec.format == Format::Masks).into());
        let beats = |bytes: &[u8]| -> VecDeque<u128> {
            let beat = |bytes: &[u8]| bytes.iter().rev().fold(0, |all, byte| all << 8 | u128::from(*byte));
            bytes.chunks(link / 8).map(beat).collect()
        };
        let mut wait = beats(&slot[..rlc::CODE_BYTES.max(link / 8)]);
        let mut have: Vec<i64> = vec![];
        while have.len() < words.len() {
            let go = pair.get("length_valid") != 0 && random.random_bool(0.5);
            pair.set("go", go.into());
            if go {
                wait = beats(&slot[rlc::SLOT_HEAD..]);
            }
            let offer = !wait.is_empty() && !go && random.random_bool(0.7);
            pair.set("read_valid", offer.into());
            pair.set("read_data", wait.front().copied().unwrap_or(0));
            pair.settle();
            let window = (pair.get("rest") as usize).min(4);
            let most = window.min(words.len() - have.len());
            let take = if random.random_bool(0.7) { most } else { random.random_range(0..=most) };
            // A whole window is taken with or without its number of words.
            pair.set("take", (take > 0).into());
            pair.set("cut", (take < window || random.random_bool(0.5)).into());
            pair.set("part", take as u128);
            pair.set("finish", (take > 0 && have.len() + take == words.len()).into());
            pair.settle();
            for lane in 0..take {
                have.push((pair.get(&format!("word_{lane}")) as u64 as i64) << (64 - width) >> (64 - width));
            }
            if offer && pair.get("read_ready") != 0 {
                wait.pop_front();
            }
            pair.edge();
            pair.set("take", 0);
            pair.set("finish", 0);
            pair.settle();
            assert_eq!(pair.get("failed"), 0, "seed {seed}");
        }
        assert_eq!(have, words, "seed {seed}");
        // The other half of a last beat is dropped by itself.
        pair.set("read_valid", 0);
        for _ in 0..3 {
            pair.settle();
            pair.edge();
        }
        pair.settle();
    }
}

#[test]
fn the_encoder_in_verilog_is_the_one_in_rust() {
    for (seed, width) in [16, 2, 7, 32].into_iter().enumerate() {
        encodes(width, seed as u64);
    }
}

#[test]
fn the_decoder_in_verilog_is_the_one_in_rust() {
    for (seed, (width, link)) in [(16, 64), (16, 32), (16, 128), (2, 64), (32, 128), (11, 32)].into_iter().enumerate() {
        decodes(width, link, seed as u64);
    }
}
