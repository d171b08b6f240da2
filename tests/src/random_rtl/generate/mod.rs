//! Makes random expressions and blocks. The same seed makes the same block.

mod memories;
mod terms;

use super::block::{RandomBlock, MODES};
use super::tree::{Source, Target, E, S};
use hw::rtl::prelude::*;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Blocks in a random design are this deep: a block, its parts and theirs.
const LEVELS: usize = 3;
/// Cycles of a sweep that writes all words of all memories.
const SWEEP_CYCLES: usize = 32;
/// Cycles at the start in which a sequential block's memories are filled: reset is high and `ins[0]` is 1. What a block gives its
/// parts to write is known once its own memories are, so each level takes a sweep.
pub const FILL_CYCLES: usize = LEVELS * SWEEP_CYCLES;

/// The address that is filled in a cycle.
pub fn fill_address(cycle: usize) -> u128 {
    (cycle % SWEEP_CYCLES) as u128
}

pub struct Generator {
    pub rng: ChaCha8Rng,
    block: RandomBlock,
    readable: Vec<Source>,
}

/// A block with `count` outputs, each an expression of the inputs.
pub fn expressions(seed: u64, count: usize) -> RandomBlock {
    let mut g = Generator::new(seed, "expressions");
    for limit in [1, 1, 3, 8, 8, 16, 17, 32, 33, 40, 64, 64, 70, 127] {
        let bits = g.rng.random_range((limit / 2).max(1)..=limit);
        g.add_input(bits);
    }
    g.add_params();
    for i in 0..count {
        let depth = g.rng.random_range(1..=5);
        let value = g.word(depth);
        let own = value.eval(&g.block).bits();
        let bits = if g.rng.random_bool(0.5) { own } else { g.width() };
        let signed = g.rng.random();
        g.block.outs.push(Wire::of(bits, signed));
        g.block.body.push(S::Assign(Target::Out(i), value));
    }
    g.block
}

/// A block with registers, memories, queues and blocks inside, `levels` deep.
pub fn sequential(seed: u64, name: &str, levels: usize) -> RandomBlock {
    let mut g = Generator::new(seed, name);
    g.parts(levels);
    g.statements();
    g.block
}

/// A block that holds `blocks` side by side and leads their ports out.
pub fn side_by_side(blocks: Vec<RandomBlock>) -> RandomBlock {
    let mut top = RandomBlock::new("batch");
    for (i, block) in blocks.iter().enumerate() {
        for (j, port) in block.ins.iter().enumerate() {
            top.body.push(S::Assign(Target::Child(i, j), E::Read(Source::In(top.ins.len()))));
            top.ins.push(port.clone());
        }
        for (j, port) in block.outs.iter().enumerate() {
            top.body.push(S::Assign(Target::Out(top.outs.len()), E::Read(Source::Child(i, j))));
            top.outs.push(port.clone());
        }
    }
    top.children = blocks;
    top
}

impl Generator {
    fn new(seed: u64, name: &str) -> Self {
        Generator { rng: ChaCha8Rng::seed_from_u64(seed), block: RandomBlock::new(name), readable: vec![] }
    }

    fn width(&mut self) -> usize {
        match self.rng.random_range(0..10) {
            0..2 => 1,
            2..6 => self.rng.random_range(2..=16),
            6..9 => self.rng.random_range(17..=64),
            _ => self.rng.random_range(65..=127),
        }
    }

    fn add_input(&mut self, bits: usize) {
        let signed = self.rng.random();
        self.readable.push(Source::In(self.block.ins.len()));
        self.block.ins.push(Wire::of(bits, signed));
    }

    fn add_params(&mut self) {
        for limit in [3usize, 200] {
            let value = self.rng.random_range(0..=limit);
            self.block.params.push(Const::new(value));
        }
    }

    fn chance(&mut self, p: f64) -> bool {
        self.rng.random_bool(p)
    }

    /// Ports and parts of a sequential block.
    fn parts(&mut self, levels: usize) {
        self.block.ins.extend([Wire::bit(), Wire::unsigned(6)]);
        for _ in 0..self.rng.random_range(2..5) {
            let bits = self.width().min(48);
            self.add_input(bits);
        }
        self.add_params();
        let small = |g: &mut Self| (g.rng.random_range(1..=40), g.rng.random());
        for i in 0..self.rng.random_range(1..5) {
            let (bits, signed) = small(self);
            let reset = self.rng.random::<i64>() as i128;
            self.block.regs.push(match reset % 4 {
                0 => Reg::data(bits, signed),
                _ => Reg::new(bits, signed, reset),
            });
            self.readable.push(Source::Reg(i));
        }
        if self.chance(0.6) {
            self.block.state = Some(Reg::state());
        }
        for _ in 0..self.rng.random_range(0..3) {
            let (bits, signed) = small(self);
            let depth = self.depth();
            self.block.files.push(RegFile::new(depth, bits, signed));
        }
        for i in 0..self.rng.random_range(0..3) {
            let (bits, signed) = small(self);
            let depth = self.depth();
            self.block.srams.push(Sram::new(depth, bits, signed));
            self.readable.push(Source::SramData(i));
        }
        for i in 0..self.rng.random_range(0..3) {
            let (bits, signed) = small(self);
            let depth = self.rng.random_range(1..=5);
            self.block.fifos.push(Fifo::new(depth, bits, signed));
            self.readable.extend([Source::Valid(i), Source::Ready(i), Source::Level(i)]);
        }
        if levels > 0 {
            for i in 0..self.rng.random_range(0..3) {
                // Now and then two equal blocks, which are one module.
                let seed = if i == 1 && self.chance(0.3) { 5 } else { self.rng.random_range(5..1000) };
                self.block.children.push(sequential(seed, "part", levels - 1));
            }
        }
        let locals = self.rng.random_range(2..7);
        let outs = self.rng.random_range(2..6);
        for _ in 0..locals + self.block.fifos.len() {
            let (bits, signed) = small(self);
            self.block.locals.push(Wire::of(bits, signed));
        }
        for _ in 0..outs {
            let (bits, signed) = small(self);
            self.block.outs.push(Wire::of(bits, signed));
        }
    }

    /// A local bit that is rarely 1 and resets some of the parts.
    fn add_flush(&mut self, body: &mut Vec<S>) {
        let flush = self.block.locals.len();
        self.block.locals.push(Wire::bit());
        let rare = E::And(self.truth(1).boxed(), E::And(self.truth(1).boxed(), self.truth(1).boxed()).boxed());
        let rare = E::And(E::Not(Self::filling().boxed()).boxed(), rare.boxed());
        body.push(S::Assign(Target::Local(flush), rare));
        self.block.flush = Some(flush);
    }

    fn depth(&mut self) -> usize {
        *[1, 2, 3, 4, 5, 8, 12, 16, 20].choose(&mut self.rng).unwrap()
    }

    fn statements(&mut self) {
        let b = &self.block;
        let fifos = b.fifos.len();
        let mut body: Vec<S> = (0..b.regs.len()).map(|i| S::Assign(Target::Reg(i), E::Read(Source::Reg(i)))).collect();
        if b.state.is_some() {
            body.push(S::HoldMode);
        }
        // The first locals hold the queues' words; without one, the output of a queue's memory is not defined.
        for i in 0..fifos {
            body.push(S::If(
                E::Any(E::Read(Source::Valid(i)).boxed()),
                vec![S::Assign(Target::Local(i), E::Read(Source::Payload(i)))],
                vec![S::Assign(Target::Local(i), E::Lit(0))],
            ));
            self.readable.push(Source::Local(i));
        }
        let mut open: Vec<Step> = (fifos..self.block.locals.len()).map(|i| Step::Free(Target::Local(i))).collect();
        open.extend((0..self.block.outs.len()).map(|i| Step::Free(Target::Out(i))));
        open.extend((0..self.block.regs.len()).map(|i| Step::Free(Target::Reg(i))));
        for i in 0..fifos {
            open.extend([Target::Payload(i), Target::Valid(i), Target::Ready(i)].map(Step::Free));
        }
        open.extend((0..self.block.files.len()).map(Step::File));
        open.extend((0..self.block.srams.len()).map(Step::Sram));
        open.extend((0..self.block.children.len()).map(Step::Child));
        open.shuffle(&mut self.rng);
        let mut done = vec![];
        while !open.is_empty() {
            self.step(&mut open, &mut done, &mut body);
        }
        if self.chance(0.4) {
            self.add_flush(&mut body);
        }
        // What is not reset has its first value while memories are filled.
        let data = (0..self.block.regs.len()).filter(|&i| is_data(&self.block.regs[i]));
        body.extend(data.map(|i| S::If(Self::filling(), vec![S::Assign(Target::Reg(i), E::Lit(i as i64))], vec![])));
        self.block.body = body;
    }

    /// Adds a statement that assigns one or more of the open targets, or changes one that has been assigned.
    fn step(&mut self, open: &mut Vec<Step>, done: &mut Vec<Target>, body: &mut Vec<S>) {
        match open.last().cloned() {
            Some(Step::File(i)) => {
                open.pop();
                self.file(i, body);
            }
            Some(Step::Sram(i)) => {
                open.pop();
                self.sram(i, body);
            }
            Some(Step::Child(i)) => {
                open.pop();
                self.child(i, body);
            }
            _ => {
                let mut targets = vec![];
                while let (Some(Step::Free(target)), true) = (open.last().cloned(), targets.len() < 3) {
                    open.pop();
                    targets.push(target);
                    if self.chance(0.5) {
                        break;
                    }
                }
                let stmts = self.assignments(&targets, 2);
                body.extend(stmts);
                targets.iter().for_each(|&target| self.now_readable(target));
                // A second thought, which the others may read between; later, it would be a loop in appearance.
                while self.chance(0.4) {
                    let change = self.change(&targets);
                    body.push(change);
                }
                done.extend(targets.iter().filter(|target| matches!(target, Target::Reg(_))));
            }
        }
        if self.chance(0.3) && !done.is_empty() {
            let change = self.change(done);
            body.push(change);
        }
        if self.block.state.is_some() && self.chance(0.3) {
            let (test, mode) = (self.truth(2), *MODES.choose(&mut self.rng).unwrap());
            body.push(S::If(test, vec![S::SetMode(mode)], vec![]));
        }
    }

    /// A new value, mostly under a condition, for one of `targets`.
    fn change(&mut self, targets: &[Target]) -> S {
        let target = *targets.choose(&mut self.rng).unwrap();
        let (test, value) = (self.truth(2), self.word(2));
        let change = S::Assign(target, value);
        if self.chance(0.7) {
            S::If(test, vec![change], vec![])
        } else {
            change
        }
    }

    fn now_readable(&mut self, target: Target) {
        match target {
            Target::Local(i) => self.readable.push(Source::Local(i)),
            Target::Out(i) => self.readable.push(Source::Out(i)),
            _ => {}
        }
    }

    /// Statements that assign every target on every path.
    fn assignments(&mut self, targets: &[Target], depth: usize) -> Vec<S> {
        let form = if depth == 0 { 0 } else { self.rng.random_range(0..8) };
        match form {
            0..3 => {
                let before = self.readable.len();
                let mut stmts = vec![];
                for &target in targets {
                    let levels = self.rng.random_range(0..4);
                    stmts.push(S::Assign(target, self.word(levels)));
                    self.now_readable(target);
                }
                self.readable.truncate(before);
                stmts
            }
            3..6 => {
                let test = self.truth(2);
                let then = self.assignments(targets, depth - 1);
                let otherwise = self.assignments(targets, depth - 1);
                vec![S::If(test, then, otherwise)]
            }
            6 => {
                let test = self.word(2);
                let test = self.at_most(test, 64);
                let arms = (0..self.rng.random_range(1..4))
                    .map(|_| (self.rng.random_range(0..9), self.assignments(targets, depth - 1)))
                    .collect();
                vec![S::Match(test, arms, self.assignments(targets, depth - 1))]
            }
            _ if self.block.state.is_some() => {
                let mut modes = MODES.to_vec();
                modes.shuffle(&mut self.rng);
                let all = self.chance(0.5);
                modes.truncate(if all { MODES.len() } else { 2 });
                let arms = modes.into_iter().map(|mode| (mode, self.assignments(targets, depth - 1))).collect();
                vec![S::MatchMode(arms, (!all).then(|| self.assignments(targets, depth - 1)))]
            }
            _ => self.assignments(targets, depth - 1),
        }
    }

    fn child(&mut self, i: usize, body: &mut Vec<S>) {
        for j in 0..2 {
            body.push(S::Assign(Target::Child(i, j), E::Read(Source::In(j))));
        }
        for j in 2..self.block.children[i].ins.len() {
            let target = [Target::Child(i, j)];
            let stmts = self.assignments(&target, 1);
            body.extend(stmts);
        }
        let outs = self.block.children[i].outs.len();
        self.readable.extend((0..outs).map(|j| Source::Child(i, j)));
    }
}

fn is_data(reg: &Reg) -> bool {
    matches!(Primitive::from_hdl(&reg.hdl()), Some(Primitive::Reg { reset: None, .. }))
}

#[derive(Clone)]
enum Step {
    Free(Target),
    File(usize),
    Sram(usize),
    Child(usize),
}

/// A random value of `bits` bits; often one at the edge of its range.
pub fn stimulus(rng: &mut ChaCha8Rng, bits: usize) -> u128 {
    let mask = if bits >= 128 { u128::MAX } else { (1 << bits) - 1 };
    let top = 1u128 << (bits - 1);
    let value = match rng.random_range(0..8) {
        0 => 0,
        1 => mask,
        2 => top,
        3 => top - 1,
        4 => rng.random_range(0..=3),
        _ => rng.random(),
    };
    value & mask
}
