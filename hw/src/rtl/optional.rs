use rust_hdl::core::prelude::{Block, Logic, Probe};
use std::ops::{Deref, DerefMut};

/// A part of a block that its parameters may leave out. What is left out can be named, as under a condition that is never
/// true, but neither a simulator nor the Verilog writer sees it. It lies on the heap, as a block with many of them would be too large for a thread's stack.
#[derive(Clone, Debug)]
pub struct Optional<T> {
    part: Box<T>,
    built: bool,
}

impl<T> Optional<T> {
    /// `part`, which the design has if it is `built`.
    pub fn new(built: bool, part: T) -> Self {
        Optional { part: Box::new(part), built }
    }
}

impl<T> Deref for Optional<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.part
    }
}

impl<T> DerefMut for Optional<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.part
    }
}

impl<T: Logic> Logic for Optional<T> {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.part.connect();
    }
}

impl<T: Block> Block for Optional<T> {
    fn connect_all(&mut self) {
        if self.built {
            self.part.connect_all();
        }
    }

    #[inline]
    fn update_all(&mut self) {
        if self.built {
            self.part.update_all();
        }
    }

    #[inline]
    fn has_changed(&self) -> bool {
        self.built && self.part.has_changed()
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        if self.built {
            self.part.accept(name, probe);
        }
    }
}
