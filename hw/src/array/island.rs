use crate::rtl::prelude::*;
use std::ops::{Deref, DerefMut};

/// A block with a clock, all of whose outputs come from registers.
pub trait Registered: Block {
    /// The clock that the block is given.
    fn clock(&mut self) -> &mut Wire<In, Clk>;
}

/// Runs a block once a clock cycle, for the speed of the built-in simulation; in Verilog it is the block inside.
///
/// No output changes but at an edge, so the block is left alone in all passes over the design until the next one. At an edge it
/// first takes in its inputs, under the old clock, and then follows the edge until it has settled.
pub struct Island<B: Registered> {
    block: B,
    clock: Clk,
    changed: bool,
}

impl<B: Registered> Island<B> {
    /// `block`, on its own.
    pub fn new(block: B) -> Self {
        Island { block, clock: Clk::default(), changed: true }
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
        self.changed = clock != self.clock;
        if self.changed {
            if std::env::var("PRE").is_ok() {
            self.block.clock().next = self.clock;
            settle(&mut self.block);
            }
            self.clock = clock;
            self.block.clock().next = clock;
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
