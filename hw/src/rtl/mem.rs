use super::{address_bits, Clk, Primitive, Wire, Word};
use rust_hdl::core::direction::{In, Out};
use rust_hdl::core::prelude::{Block, Logic, Probe, Verilog};

macro_rules! memory_block {
    ($name:ident, $($port:ident),+) => {
        impl Block for $name {
            fn connect_all(&mut self) {
                self.connect();
            }
            #[inline]
            fn update_all(&mut self) {
                self.update();
                self.read_data.update_all();
            }
            #[inline]
            fn has_changed(&self) -> bool {
                self.read_data.has_changed()
            }
            fn accept(&self, name: &str, probe: &mut dyn Probe) {
                probe.visit_start_scope(name, self);
                $(self.$port.accept(stringify!($port), probe);)+
                probe.visit_end_scope(name, self);
            }
        }
    };
}

fn write_port(cells: &mut [Word], write: Word, address: Word, data: Word) {
    if write.any() {
        // Past the last word there is nothing; Verilog drops such a write as well.
        if let Some(cell) = cells.get_mut(address.index()) {
            *cell = data;
        }
    }
}

/// A register file with one write port and one read port: written at the clock's edge, read at once (latency 0).
///
/// Synthesis maps it to flip-flops or distributed RAM. A word that was never written reads as X in Verilog.
#[derive(Clone, Debug)]
pub struct RegFile {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub write_address: Wire<In>,
    pub write_data: Wire<In>,
    pub read_address: Wire<In>,
    pub read_data: Wire<Out>,
    cells: Vec<Word>,
    rises: u32,
}

impl RegFile {
    /// A register file of `depth` words of `bits` bits.
    pub fn new(depth: usize, bits: usize, signed: bool) -> Self {
        let address = address_bits(depth);
        RegFile {
            clock: Default::default(),
            write: Wire::bit(),
            write_address: Wire::unsigned(address),
            write_data: Wire::of(bits, signed),
            read_address: Wire::unsigned(address),
            read_data: Wire::of(bits, signed),
            cells: vec![Word::new(0, bits, signed); depth],
            rises: 0,
        }
    }
}

impl Logic for RegFile {
    #[inline]
    fn update(&mut self) {
        let clock = self.clock.next;
        if clock.rises() != self.rises {
            self.rises = clock.rises();
            write_port(&mut self.cells, self.write.val(), self.write_address.val(), self.write_data.val());
        }
        let address = self.read_address.val().index();
        self.read_data.next = self.cells.get(address).copied().unwrap_or_default();
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        Primitive::RegFile { depth: self.cells.len() }.to_hdl()
    }
}
memory_block!(RegFile, clock, write, write_address, write_data, read_address, read_data);

/// A memory with one write port and one read port, both at the clock's edge (read latency 1).
///
/// The read word stays until the next read. What a read gives whose address is written in the same cycle is undefined, so that block RAMs need nothing around them:
/// here it is the old word's complement, in simulators of the Verilog the old word, so that a design that makes use of it is not equal in both; Yosys is told
/// by `no_rw_check`. Synthesis maps it to block RAM. A word that was never written reads as X in Verilog.
#[derive(Clone, Debug)]
pub struct Sram {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub write_address: Wire<In>,
    pub write_data: Wire<In>,
    pub read: Wire<In>,
    pub read_address: Wire<In>,
    pub read_data: Wire<Out>,
    cells: Vec<Word>,
    rises: u32,
}

impl Sram {
    /// A memory of `depth` words of `bits` bits.
    pub fn new(depth: usize, bits: usize, signed: bool) -> Self {
        let address = address_bits(depth);
        Sram {
            clock: Default::default(),
            write: Wire::bit(),
            write_address: Wire::unsigned(address),
            write_data: Wire::of(bits, signed),
            read: Wire::bit(),
            read_address: Wire::unsigned(address),
            read_data: Wire::of(bits, signed),
            cells: vec![Word::new(0, bits, signed); depth],
            rises: 0,
        }
    }
}

impl Logic for Sram {
    #[inline]
    fn update(&mut self) {
        let clock = self.clock.next;
        if clock.rises() != self.rises {
            self.rises = clock.rises();
            if self.read.val().any() {
                let address = self.read_address.val().index();
                let word = self.cells.get(address).copied().unwrap_or_default();
                let collides = self.write.val().any() && self.write_address.val().index() == address;
                self.read_data.next = if collides { !word } else { word };
            }
            write_port(&mut self.cells, self.write.val(), self.write_address.val(), self.write_data.val());
        }
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        Primitive::Sram { depth: self.cells.len() }.to_hdl()
    }
}
memory_block!(Sram, clock, write, write_address, write_data, read, read_address, read_data);
