use crate::rtl::prelude::*;

/// Most beats of a read burst. A burst also ends where the address of its next beat is a multiple of its longest, so that
/// none crosses 4 KiB.
pub const READ_BEATS: usize = 64;

/// Width of the number of beats in a run: a program of 2^32 commands takes 2^36 over the narrowest link.
const RUN_BITS: usize = 36;

/// Cuts a run of beats into AXI bursts of at most `max_beats` beats.
///
/// Takes a run in a cycle without a request, then offers one request a cycle. `allow` holds a request back; it may only
/// rise while the request waits, and comes from a register.
#[derive(LogicBlock)]
pub struct Burst {
    pub clock: Wire<In, Clk>,
    pub run_valid: Wire<In>,
    pub run_ready: Wire<Out>,
    /// Byte address of the first byte of the run.
    pub run_address: Wire<In>,
    /// Beats that the run touches, less one.
    pub run_beats_m1: Wire<In>,
    pub allow: Wire<In>,
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    /// Byte address, aligned to a beat.
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    active: Reg,
    /// Beat number of the next request.
    beat: Reg,
    left_m1: Reg,
    /// Beats to the end of the longest burst that starts here, less one.
    room_m1: Wire<Local>,
    last: Wire<Local>,
    beat_shift: Const,
    room_bits: Const,
}

impl Burst {
    /// For runs of beats of `beat_bytes` bytes; `max_beats` is a power of two, 2 to 64.
    pub fn new(beat_bytes: usize, max_beats: usize) -> Self {
        assert!(max_beats.is_power_of_two() && (2..=READ_BEATS).contains(&max_beats), "bursts of {max_beats} beats");
        let beat_shift = beat_bytes.ilog2() as usize;
        let room_bits = max_beats.ilog2() as usize;
        Burst {
            clock: Default::default(),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            run_address: Wire::unsigned(64),
            run_beats_m1: Wire::unsigned(RUN_BITS),
            allow: Wire::bit(),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(address_bits(READ_BEATS)),
            active: Reg::bit(),
            beat: Reg::data(64 - beat_shift, false),
            left_m1: Reg::data(RUN_BITS, false),
            room_m1: Wire::unsigned(room_bits),
            last: Wire::bit(),
            beat_shift: Const::new(beat_shift),
            room_bits: Const::new(room_bits),
        }
    }
}

impl Logic for Burst {
    describe!("burst", "Cuts a run of beats into AXI bursts that do not cross 4 KiB.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, active, beat, left_m1);
        self.run_ready.next = (!self.active.q.val().any()).into();
        self.room_m1.next = !bit_cast(self.beat.q.val(), self.room_bits.index());
        self.last.next = (self.left_m1.q.val() <= self.room_m1.val()).into();
        self.request_valid.next = (self.active.q.val().any() && self.allow.val().any()).into();
        self.request_address.next = self.beat.q.val() << self.beat_shift.val();
        if self.last.val().any() {
            self.request_beats_m1.next = self.left_m1.q.val();
        } else {
            self.request_beats_m1.next = self.room_m1.val();
        }

        if self.run_valid.val().any() && self.run_ready.val().any() {
            self.active.d.next = 1.into();
            self.beat.d.next = self.run_address.val() >> self.beat_shift.val();
            self.left_m1.d.next = self.run_beats_m1.val();
        } else if self.request_valid.val().any() && self.request_ready.val().any() {
            self.active.d.next = (!self.last.val().any()).into();
            self.beat.d.next = self.beat.q.val() + self.room_m1.val() + 1;
            self.left_m1.d.next = self.left_m1.q.val() - self.room_m1.val() - 1;
        }
    }
}
