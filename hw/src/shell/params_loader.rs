use super::{
    burst,
    burst::Burst,
    output_stage::{SCALE_BITS, SHIFT_BITS},
    widen::Widen,
};
use crate::program::{field, params, Field};
use crate::rtl::prelude::*;
use crate::Arch;

/// Bytes that a channel's parameters take.
const ENTRY_BYTES: usize = 16;
/// A channel's bias, scale and shift.
const BIAS: Field = field(0, 0, 64);
const SCALE: Field = field(1, 0, 32);
const SHIFT: Field = field(1, 32, 32);

crate::slices! {
    /// The fields of `PARAMS`.
    pub struct ParamsFields, "params_fields", "Fields of a PARAMS command.";
    fn new();
    words 1..3;
    address: params::ADDRESS, 64;
    count: params::COUNT, 16;
}

crate::slices! {
    /// A channel's parameters.
    pub struct ChannelFields, "channel_fields", "Parameters of an ofmap channel.";
    fn new(bias_bits: usize);
    words 0..2;
    bias: BIAS, bias_bits;
    scale: SCALE, SCALE_BITS;
    shift: SHIFT, SHIFT_BITS;
}

/// PARAMS: copies the parameters of ofmap channels from DRAM to the output stage's table.
///
/// `start` begins with the command in `command` (words 1 and 2), which holds until `done`, a pulse with the last entry.
/// Data is taken as it comes: an entry each time that 16 bytes are complete.
#[derive(LogicBlock)]
pub struct ParamsLoader {
    pub clock: Wire<In, Clk>,
    pub start: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub done: Wire<Out>,
    // Reads
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // The table
    pub param_write: Wire<Out>,
    pub param_index: Wire<Out>,
    pub param_bias: Wire<Out>,
    pub param_scale: Wire<Out>,
    pub param_shift: Wire<Out>,
    fields: ParamsFields,
    channel: ChannelFields,
    burst: Burst,
    widen: Widen,
    index: Reg,
    entry_beats_shift: Const,
}

impl ParamsLoader {
    /// For the link and the psums of `arch`.
    pub fn new(arch: &Arch) -> Self {
        ParamsLoader {
            clock: Default::default(),
            start: Wire::bit(),
            command: (0..2).map(|_| Wire::unsigned(64)).collect(),
            done: Wire::bit(),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(6),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            param_write: Wire::bit(),
            param_index: Wire::unsigned(address_bits(params::DEPTH)),
            param_bias: Wire::unsigned(arch.psum_width),
            param_scale: Wire::unsigned(SCALE_BITS),
            param_shift: Wire::unsigned(SHIFT_BITS),
            fields: ParamsFields::new(),
            channel: ChannelFields::new(arch.psum_width),
            burst: Burst::new(arch.link_bytes(), burst::READ_BEATS),
            widen: Widen::new(arch.link_width, 8 * ENTRY_BYTES),
            index: Reg::unsigned(address_bits(params::DEPTH)),
            entry_beats_shift: Const::new((ENTRY_BYTES / arch.link_bytes()).ilog2() as usize),
        }
    }
}

impl Logic for ParamsLoader {
    describe!("params_loader", "PARAMS: copies parameters of ofmap channels to the output stage's table.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, index);
        self.burst.clock.next = self.clock.val();
        self.widen.clock.next = self.clock.val();
        for i in 0..2 {
            self.fields.source[i].next = self.command[i].val();
        }

        self.burst.run_valid.next = self.start.val();
        self.burst.run_address.next = self.fields.address.val();
        self.burst.run_beats_m1.next = (self.fields.count.val() << self.entry_beats_shift.val()) - 1;
        self.burst.allow.next = 1.into();
        self.request_valid.next = self.burst.request_valid.val();
        self.request_address.next = self.burst.request_address.val();
        self.request_beats_m1.next = self.burst.request_beats_m1.val();
        self.burst.request_ready.next = self.request_ready.val();

        self.widen.enq.valid.next = self.read_valid.val();
        self.widen.enq.payload.next = self.read_data.val();
        self.read_ready.next = self.widen.enq.ready.val();
        self.widen.deq.ready.next = 1.into();
        self.channel.source[0].next = self.widen.deq.payload.val();
        self.channel.source[1].next = self.widen.deq.payload.val() >> 64;
        self.param_write.next = self.widen.deq.valid.val();
        self.param_index.next = self.index.q.val();
        self.param_bias.next = self.channel.bias.val();
        self.param_scale.next = self.channel.scale.val();
        self.param_shift.next = self.channel.shift.val();

        self.done.next = (self.widen.deq.valid.val().any() && self.index.q.val() + 1 == self.fields.count.val()).into();
        if self.start.val().any() {
            self.index.d.next = 0.into();
        } else {
            self.index.d.next = self.index.q.val() + self.widen.deq.valid.val();
        }
    }
}
