use super::island::Registered;
use super::layer::LayerIn;
use super::line_unpacker::LineUnpacker;
use super::ring::Ring;
use super::walk::Walk;
use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::prelude::*;
use crate::Arch;

/// One processing element of a row-stationary array: 1-D convolutions of an ifmap row, one MAC a cycle.
///
/// For each image of a pass, window x, filter f, tap k of T:
/// `acc = (k == 0 ? psum_in : acc) + ((ifmap[x·step + k] · filter[f·T + k]) >>> psum_shift)`, cut to P bits; after tap T − 1 the sum
/// is offered as `psum_out`. Words are W bits signed, products exact at 2W bits.
///
/// A tap is issued when its words, for tap 0 its psum, are there. Latency from issue to `psum_out` of a last tap: 4 cycles (operands, product,
/// shifted product, sum). A finished sum waits in the accumulator and one more in `spare`; only a third one stops the pipeline.
/// With zero gating, a zero ifmap word stops the filter spad's read and the multiplier (JSSC 2017, section V-D): the operands hold, nothing
/// is added.
#[derive(LogicBlock)]
pub struct Pe {
    pub clock: Wire<In, Clk>,
    /// A disabled PE does nothing.
    pub enable: Wire<In>,
    pub layer: LayerIn,
    /// Ifmap words, W bits; with zero gating, a bit on top says that the word is zero.
    pub ifmap: StreamIn,
    /// Lines of filter words as [`LineUnpacker`] takes them.
    pub filter: StreamIn,
    pub filter_first: Wire<In>,
    pub psum_in: StreamIn,
    pub psum_out: StreamOut,
    /// A MAC was issued in the cycle before; a gated one counts.
    pub mac: Wire<Out>,
    /// That MAC was gated.
    pub gated: Wire<Out>,
    /// A psum was taken in the cycle before.
    pub fed: Wire<Out>,
    walk: Walk,
    ifmap_ring: Ring,
    ifmap_spad: RegFile,
    unpacker: LineUnpacker,
    filter_ring: Ring,
    filter_spad: Sram,
    psums: Fifo,
    /// Psums in the queue whose tap 0 has not been issued.
    psums_free: Reg,
    // Pipeline: operands, product, shifted product, sum
    issued: Reg,
    skipped: Reg,
    taken: Reg,
    operand: Reg,
    product: Reg,
    addend: Reg,
    sum: Reg,
    /// What operands, product and addend are of, three bits each from the lowest on: something is added, last tap, tap 0.
    stages: Reg,
    // Finished sums
    done: Reg,
    spare_valid: Reg,
    spare: Reg,
    zero: Wire<Local>,
    issue: Wire<Local>,
    go: Wire<Local>,
    augend: Wire<Local>,
    gates: Const,
    word_bits: Const,
}

impl Pe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p) = (arch.width, arch.psum_width);
        Pe {
            clock: Default::default(),
            enable: Wire::bit(),
            layer: LayerIn::new(arch),
            ifmap: StreamIn::new(arch.ifmap_bus_bits(), false),
            filter: StreamIn::new(FILTER_BUS_WORDS * w, false),
            filter_first: Wire::unsigned(address_bits(FILTER_BUS_WORDS)),
            psum_in: StreamIn::new(p, true),
            psum_out: StreamOut::new(p, true),
            mac: Wire::bit(),
            gated: Wire::bit(),
            fed: Wire::bit(),
            walk: Walk::new(arch),
            ifmap_ring: Ring::new(arch.ifmap_ring()),
            ifmap_spad: RegFile::new(arch.ifmap_ring(), arch.ifmap_bus_bits(), false),
            unpacker: LineUnpacker::new(w),
            filter_ring: Ring::new(arch.filter_spad),
            filter_spad: Sram::new(arch.filter_spad, w, true),
            psums: Fifo::new(arch.psum_spad, p, true),
            psums_free: Reg::unsigned(arch.psum_count_bits()),
            issued: Reg::bit(),
            skipped: Reg::bit(),
            taken: Reg::bit(),
            operand: Reg::data(w, true),
            product: Reg::data(2 * w, true),
            addend: Reg::data(p, true),
            sum: Reg::data(p, true),
            stages: Reg::unsigned(9),
            done: Reg::bit(),
            spare_valid: Reg::bit(),
            spare: Reg::data(p, true),
            zero: Wire::bit(),
            issue: Wire::bit(),
            go: Wire::bit(),
            augend: Wire::signed(p),
            gates: Const::new(arch.zero_gating as usize),
            word_bits: Const::new(w),
        }
    }
}

impl Registered for Pe {
    fn clock(&mut self) -> &mut Wire<In, Clk> {
        &mut self.clock
    }
}

impl Logic for Pe {
    describe!("pe", "Row-stationary processing element: spads, one MAC a cycle, psums from below to above.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, psums_free, issued, skipped, taken, operand, product, addend, sum);
        dff_setup!(self, clock, stages, done, spare_valid, spare);
        self.walk.clock.next = self.clock.val();
        self.ifmap_ring.clock.next = self.clock.val();
        self.ifmap_spad.clock.next = self.clock.val();
        self.unpacker.clock.next = self.clock.val();
        self.filter_ring.clock.next = self.clock.val();
        self.filter_spad.clock.next = self.clock.val();
        self.psums.clock.next = self.clock.val();
        LayerIn::link(&mut self.layer, &mut self.walk.layer);

        // Words in.
        self.ifmap.ready.next = self.ifmap_ring.room.val();
        self.ifmap_ring.put.next = self.ifmap.valid.val() & self.ifmap_ring.room.val();
        self.ifmap_spad.write.next = self.ifmap.valid.val() & self.ifmap_ring.room.val();
        self.ifmap_spad.write_address.next = self.ifmap_ring.write_address.val();
        self.ifmap_spad.write_data.next = self.ifmap.payload.val();
        StreamIn::link(&mut self.filter, &mut self.unpacker.line);
        self.unpacker.first.next = self.filter_first.val();
        self.unpacker.word.ready.next = self.filter_ring.room.val();
        self.unpacker.room_next.next = self.filter_ring.room_next.val();
        self.filter_ring.put.next = self.unpacker.word.valid.val() & self.filter_ring.room.val();
        self.filter_spad.write.next = self.unpacker.word.valid.val() & self.filter_ring.room.val();
        self.filter_spad.write_address.next = self.filter_ring.write_address.val();
        self.filter_spad.write_data.next = self.unpacker.word.payload.val();
        StreamIn::link(&mut self.psum_in, &mut self.psums.enq);

        // Issue.
        self.go.next = (!self.done.q.val().any() || !self.spare_valid.q.val().any()).into();
        self.issue.next = (self.enable.val().any()
            && self.go.val().any()
            && self.ifmap_ring.available.val().any()
            && self.filter_ring.available.val().any()
            && (!self.walk.first.val().any() || self.psums_free.q.val().any()))
        .into();
        self.walk.take.next = self.issue.val();
        self.ifmap_ring.take.next = self.issue.val();
        self.ifmap_ring.free.next = self.walk.ifmap_free.val();
        self.ifmap_ring.rewind.next = self.walk.ifmap_rewind.val();
        self.filter_ring.take.next = self.issue.val();
        self.filter_ring.free.next = self.walk.filter_free.val();
        self.filter_ring.rewind.next = self.walk.filter_rewind.val();
        self.taken.d.next = self.psum_in.valid.val() & self.psums.enq.ready.val();
        self.fed.next = self.taken.q.val();
        self.psums_free.d.next = self.psums_free.q.val() + (self.psum_in.valid.val() & self.psums.enq.ready.val())
            - (self.issue.val() & self.walk.first.val());

        // Operands.
        self.ifmap_spad.read_address.next = self.ifmap_ring.read_address.val();
        self.zero.next = 0.into();
        if self.gates.val().any() {
            self.zero.next = self.ifmap_spad.read_data.val() >> self.word_bits.val();
        }
        self.filter_spad.read.next = (self.issue.val().any() && !self.zero.val().any()).into();
        self.filter_spad.read_address.next = self.filter_ring.read_address.val();
        if self.issue.val().any() && !self.zero.val().any() {
            self.operand.d.next = self.ifmap_spad.read_data.val();
        }
        self.issued.d.next = self.issue.val();
        self.skipped.d.next = self.issue.val() & self.zero.val();
        self.mac.next = self.issued.q.val();
        self.gated.next = self.skipped.q.val();

        // Product, shifted product, sum.
        self.augend.next = self.sum.q.val();
        if self.stages.q.val().get_bit(8) {
            self.augend.next = self.psums.deq.payload.val();
        }
        self.psums.deq.ready.next = (self.go.val().any() && self.stages.q.val().get_bit(8)).into();
        if self.go.val().any() {
            self.stages.d.next = self.stages.q.val() << 3;
            if self.issue.val().any() {
                self.stages.d.next = (self.stages.q.val() << 3)
                    | (self.walk.first.val() << 2)
                    | (self.walk.last.val() << 1)
                    | !self.zero.val();
            }
            self.product.d.next = self.operand.q.val() * self.filter_spad.read_data.val();
            self.addend.d.next = 0.into();
            if self.stages.q.val().get_bit(3) {
                self.addend.d.next = self.product.q.val() >> self.layer.psum_shift.val();
            }
            self.sum.d.next = self.augend.val() + self.addend.q.val();
            self.done.d.next = self.stages.q.val().get_bit(7).into();
        }

        // Finished sums.
        self.psum_out.valid.next = self.done.q.val() | self.spare_valid.q.val();
        self.psum_out.payload.next = self.sum.q.val();
        if self.spare_valid.q.val().any() {
            self.psum_out.payload.next = self.spare.q.val();
        } else if self.done.q.val().any() {
            self.spare.d.next = self.sum.q.val();
        }
        self.spare_valid.d.next = (self.psum_out.valid.val().any() && !self.psum_out.ready.val().any()).into();
    }
}
