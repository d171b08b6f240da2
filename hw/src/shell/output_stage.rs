use crate::program::params;
use crate::rtl::prelude::*;
use crate::Arch;

/// Width of a scale.
pub const SCALE_BITS: usize = 16;
/// Width of a shift.
pub const SHIFT_BITS: usize = 6;
/// Cycles from a read of the buffer to its result.
pub const LATENCY: usize = 5;

/// Turns psums into ofmap words: `y = psum + bias` (wrapping at P bits), then
/// `saturate_W((max(y, 0 if relu) · scale + half) >> shift)` with `half = 2^(shift-1)`, or 0 if shift is 0.
///
/// With `raw` the result is y itself. `read` says that a psum is being read from the buffer; `psum` is taken 2 cycles later
/// and the result appears after [`LATENCY`] cycles. One a cycle. The table holds bias, scale and shift of each channel.
#[derive(LogicBlock)]
pub struct OutputStage {
    pub clock: Wire<In, Clk>,
    // The table
    pub param_write: Wire<In>,
    pub param_index: Wire<In>,
    pub param_bias: Wire<In>,
    pub param_scale: Wire<In>,
    pub param_shift: Wire<In>,
    // A read, and its psum 2 cycles later
    pub read: Wire<In>,
    pub param: Wire<In>,
    pub raw: Wire<In>,
    pub relu: Wire<In>,
    /// The element is its run's last.
    pub last: Wire<In>,
    pub psum: Wire<In>,
    // The result
    pub valid: Wire<Out>,
    pub value: Wire<Out>,
    pub value_last: Wire<Out>,
    table: Sram,
    /// Which of the stages hold an element, and whether it is raw, to be clipped, its run's last.
    full: Vec<Reg>,
    is_raw: Vec<Reg>,
    is_relu: Vec<Reg>,
    is_last: Vec<Reg>,
    param_1: Reg,
    sum: Reg,
    scale: Reg,
    shift: Reg,
    product: Reg,
    shift_4: Reg,
    rounded: Reg,
    bias: Wire<Local>,
    twice: Wire<Local>,
    psum_bits: Const,
    shift_place: Const,
    most: Const,
    least: Const,
}

impl OutputStage {
    /// For the words and psums of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let p = arch.psum_width;
        let param_bits = address_bits(params::DEPTH);
        let bits = |n| (0..n).map(|_| Reg::bit()).collect();
        let product_bits = p + SCALE_BITS;
        OutputStage {
            clock: Default::default(),
            param_write: Wire::bit(),
            param_index: Wire::unsigned(param_bits),
            param_bias: Wire::unsigned(p),
            param_scale: Wire::unsigned(SCALE_BITS),
            param_shift: Wire::unsigned(SHIFT_BITS),
            read: Wire::bit(),
            param: Wire::unsigned(param_bits),
            raw: Wire::bit(),
            relu: Wire::bit(),
            last: Wire::bit(),
            psum: Wire::signed(p),
            valid: Wire::bit(),
            value: Wire::signed(p),
            value_last: Wire::bit(),
            table: Sram::new(params::DEPTH, p + SCALE_BITS + SHIFT_BITS, false),
            full: bits(LATENCY),
            is_raw: bits(LATENCY),
            is_relu: bits(LATENCY),
            is_last: bits(LATENCY),
            param_1: Reg::data(param_bits, false),
            sum: Reg::data(p, true),
            scale: Reg::data(SCALE_BITS, false),
            shift: Reg::data(SHIFT_BITS, false),
            product: Reg::data(product_bits, true),
            shift_4: Reg::data(SHIFT_BITS, false),
            rounded: Reg::data(product_bits + 1, true),
            bias: Wire::signed(p),
            twice: Wire::signed(product_bits + 1),
            psum_bits: Const::new(p),
            shift_place: Const::new(p + SCALE_BITS),
            most: Const::new((1 << (arch.width - 1)) - 1),
            least: Const::new(1 << (arch.width - 1)),
        }
    }
}

impl Logic for OutputStage {
    describe!("output_stage", "Turns psums into ofmap words: bias, ReLU, scale, rounding shift, saturation.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, param_1, sum, scale, shift, product, shift_4, rounded);
        self.table.clock.next = self.clock.val();
        self.table.write.next = self.param_write.val();
        self.table.write_address.next = self.param_index.val();
        self.table.write_data.next = (self.param_shift.val() << self.shift_place.val())
            | (self.param_scale.val() << self.psum_bits.val())
            | self.param_bias.val();

        for i in 0..5 {
            self.full[i].clock.next = self.clock.val();
            self.is_raw[i].clock.next = self.clock.val();
            self.is_relu[i].clock.next = self.clock.val();
            self.is_last[i].clock.next = self.clock.val();
        }
        self.full[0].d.next = self.read.val();
        self.is_raw[0].d.next = self.raw.val();
        self.is_relu[0].d.next = self.relu.val();
        self.is_last[0].d.next = self.last.val();
        for i in 1..5 {
            self.full[i].d.next = self.full[i - 1].q.val();
            self.is_raw[i].d.next = self.is_raw[i - 1].q.val();
            self.is_relu[i].d.next = self.is_relu[i - 1].q.val();
            self.is_last[i].d.next = self.is_last[i - 1].q.val();
        }

        // 1: the table; 2: the sum; 3: the product; 4: the shift
        self.param_1.d.next = self.param.val();
        self.table.read.next = self.full[0].q.val();
        self.table.read_address.next = self.param_1.q.val();
        self.bias.next = self.table.read_data.val();
        if self.full[1].q.val().any() {
            self.sum.d.next = self.psum.val() + self.bias.val();
            if self.is_raw[1].q.val().any() {
                self.scale.d.next = 1.into();
                self.shift.d.next = 0.into();
            } else {
                self.scale.d.next = self.table.read_data.val() >> self.psum_bits.val();
                self.shift.d.next = self.table.read_data.val() >> self.shift_place.val();
            }
        }
        if self.full[2].q.val().any() {
            self.shift_4.d.next = self.shift.q.val();
            if self.is_relu[2].q.val().any() && !self.is_raw[2].q.val().any() && self.sum.q.val() < 0 {
                self.product.d.next = 0.into();
            } else {
                self.product.d.next = self.sum.q.val() * self.scale.q.val();
            }
        }
        // Half is added behind the shift: of twice the product, the last bit that stays is worth a half.
        self.twice.next = (self.product.q.val() << 1) >> self.shift_4.q.val();
        if self.full[3].q.val().any() {
            self.rounded.d.next = (self.twice.val() + 1) >> 1;
        }

        self.valid.next = self.full[4].q.val();
        self.value_last.next = self.is_last[4].q.val();
        self.value.next = self.rounded.q.val();
        if !self.is_raw[4].q.val().any() {
            if self.rounded.q.val() > self.most.val() {
                self.value.next = self.most.val();
            } else if self.rounded.q.val() + self.least.val() < 0 {
                self.value.next = -self.least.val();
            }
        }
    }
}
