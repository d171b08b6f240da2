//! What is written to memories, and read from them.

use super::super::tree::{CmpOp, Source, Target, E, S};
use super::Generator;
use hw::rtl::prelude::*;

impl Generator {
    /// In the fill cycles, the words at `ins[1]` are written from an input; afterwards, whatever comes.
    fn memory_writes(&mut self, port: impl Fn(usize) -> Target) -> (Vec<S>, Vec<S>) {
        let fill = vec![
            S::Assign(port(0), E::Lit(1)),
            S::Assign(port(1), E::Read(Source::In(1))),
            S::Assign(port(2), E::Read(Source::In(2))),
        ];
        let free =
            vec![S::Assign(port(0), self.truth(2)), S::Assign(port(1), self.word(2)), S::Assign(port(2), self.word(2))];
        (fill, free)
    }

    /// An address that is never past the end, where a read is not defined.
    fn read_address(depth: usize, address: E, port: Target) -> S {
        let read = S::Assign(port, address.clone());
        if depth.is_power_of_two() && depth > 1 {
            return read;
        }
        let inside = E::Cmp(CmpOp::Lt, address.boxed(), E::Lit(depth as i64).boxed());
        S::If(inside, vec![read], vec![S::Assign(port, E::Lit(0))])
    }

    pub(super) fn filling() -> E {
        E::Any(E::Read(Source::In(0)).boxed())
    }

    pub(super) fn file(&mut self, i: usize, body: &mut Vec<S>) {
        let (fill, free) = self.memory_writes(|port| Target::File(i, port));
        body.push(S::If(Self::filling(), fill, free));
        let depth = self.file_depth(i);
        let address = E::Cast(self.word(2).boxed(), address_bits(depth));
        let read = Self::read_address(depth, address, Target::File(i, 3));
        body.push(read);
        self.readable.push(Source::FileData(i));
    }

    /// Without a read of a word that is written in the same cycle, which is undefined.
    pub(super) fn sram(&mut self, i: usize, body: &mut Vec<S>) {
        let (mut fill, mut free) = self.memory_writes(|port| Target::Sram(i, port));
        let depth = self.sram_depth(i);
        let bits = address_bits(depth);
        let is = |a: E, b: E| E::Cmp(CmpOp::Eq, E::Cast(a.boxed(), bits).boxed(), b.boxed());
        let not = |e: E| E::Not(e.boxed());
        // Word 0 is there in any depth; what is read goes into the memories of the parts.
        let past_first = not(is(E::Read(Source::In(1)), E::Lit(0)));
        fill.extend([S::Assign(Target::Sram(i, 3), past_first), S::Assign(Target::Sram(i, 4), E::Lit(0))]);
        let [S::Assign(_, write), S::Assign(_, to), _] = &free[..] else {
            unreachable!("a write, its address and word")
        };
        let (write, to) = (write.clone(), to.clone());
        let (reads, from) = (self.truth(2), E::Cast(self.word(2).boxed(), bits));
        // Word 0 is read for an address past the end.
        let apart = E::And(not(is(to.clone(), from.clone())).boxed(), not(is(to, E::Lit(0))).boxed());
        let allowed = E::Or(not(write).boxed(), apart.boxed());
        free.push(S::Assign(Target::Sram(i, 3), E::And(reads.boxed(), allowed.boxed())));
        free.push(Self::read_address(depth, from, Target::Sram(i, 4)));
        body.push(S::If(Self::filling(), fill, free));
    }

    fn file_depth(&self, i: usize) -> usize {
        depth_of(&self.block.files[i])
    }

    fn sram_depth(&self, i: usize) -> usize {
        depth_of(&self.block.srams[i])
    }
}

fn depth_of(memory: &impl Logic) -> usize {
    match Primitive::from_hdl(&memory.hdl()) {
        Some(Primitive::RegFile { depth } | Primitive::Sram { depth }) => depth,
        _ => unreachable!("a memory"),
    }
}
