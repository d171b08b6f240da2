use crate::rtl::prelude::*;
use std::ops::{Deref, DerefMut};

/// A block with a clock, all of whose outputs come from registers: no input reaches one within a cycle.
pub trait Registered: Block {
    /// The clock that the block is given.
    fn clock(&mut self) -> &mut Wire<In, Clk>;
}

/// Runs a block once a clock cycle, for the speed of the built-in simulation alone; in Verilog it is the block inside.
///
/// No output changes but at an edge, so passes over the design leave the block alone until the next one. There it first takes in
/// its inputs, under the old clock, and then follows the edge until it has settled; meanwhile it stays in the processor's cache.
pub struct Island<B: Registered> {
    block: B,
    /// The clock that the block has seen.
    clock: Option<Clk>,
    changed: bool,
}

impl<B: Registered> Island<B> {
    /// `block`, on its own.
    pub fn new(block: B) -> Self {
        Island { block, clock: None, changed: false }
    }
}

impl<B: Registered> Deref for Island<B> {
    type Target = B;
    #[inline]
    fn deref(&self) -> &B {
        &self.block
    }
}

impl<B: Registered> DerefMut for Island<B> {
    #[inline]
    fn deref_mut(&mut self) -> &mut B {
        &mut self.block
    }
}

impl<B: Registered> Logic for Island<B> {
    fn update(&mut self) {}
}

impl<B: Registered> Block for Island<B> {
    fn connect_all(&mut self) {
        self.block.connect_all();
    }

    fn update_all(&mut self) {
        let clock = self.block.clock().next;
        self.changed = self.clock != Some(clock);
        if self.changed {
            if let Some(old) = self.clock.replace(clock) {
                self.block.clock().next = old;
                settle(&mut self.block);
                self.block.clock().next = clock;
            }
            settle(&mut self.block);
        }
    }

    #[inline]
    fn has_changed(&self) -> bool {
        self.changed
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.block.accept(name, probe);
    }
}
