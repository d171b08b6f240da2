use super::PASSED_TAILS;
use crate::matrix::command::layer;
use crate::rtl::prelude::*;
use crate::Arch;

crate::slices! {
    /// The fields of `LAYER` that arrays of one ofmap plane alone have.
    pub struct PlaneLayerFields, "plane_layer_fields", "Fields of a LAYER command that arrays of one ofmap plane alone have.";
    fn new(arch: &Arch);
    words 2..8;
    tails: layer::TAILS, count_bits(PASSED_TAILS);
    fetch_step: layer::FETCH_STEP, 16;
    last_cols: layer::LAST_COLS, count_bits(arch.cols);
    window_step: layer::WINDOW_STEP, 16;
    phases_m1: layer::PHASES_W_M1, 16;
    long_phases: layer::LONG_PHASES_W, 16;
    phase_taps: layer::PHASE_TAPS_W, 16;
    fetches_m1: layer::FETCHES_M1, address_bits(arch.cols);
}

/// Holds the constants of a `LAYER` command that arrays of one ofmap plane alone have, beside those of [`super::OsLayerRegisters`], from the cycle after `write` on.
#[derive(LogicBlock)]
pub struct OsPlaneLayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    /// Words 2 to 7 of the command.
    pub command: Vec<Wire<In>>,
    pub tails: Wire<Out>,
    pub last_cols: Wire<Out>,
    pub phases_m1: Wire<Out>,
    pub long_phases: Wire<Out>,
    pub phase_taps: Wire<Out>,
    pub window_step: Wire<Out>,
    pub fetch_step: Wire<Out>,
    pub fetches_m1: Wire<Out>,
    fields: PlaneLayerFields,
    held_tails: Reg,
    held_last_cols: Reg,
    held_phases_m1: Reg,
    held_long_phases: Reg,
    held_phase_taps: Reg,
    held_window_step: Reg,
    held_fetch_step: Reg,
    held_fetches_m1: Reg,
    words: Const,
}

impl OsPlaneLayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (cols, tails) = (count_bits(arch.cols), count_bits(PASSED_TAILS));
        let fields = PlaneLayerFields::new(arch);
        let words = fields.source.len();
        OsPlaneLayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: (0..words).map(|_| Wire::unsigned(64)).collect(),
            tails: Wire::unsigned(tails),
            last_cols: Wire::unsigned(cols),
            phases_m1: Wire::unsigned(16),
            long_phases: Wire::unsigned(16),
            phase_taps: Wire::unsigned(16),
            window_step: Wire::unsigned(16),
            fetch_step: Wire::unsigned(16),
            fetches_m1: Wire::unsigned(address_bits(arch.cols)),
            held_tails: Reg::unsigned(tails),
            held_last_cols: Reg::unsigned(cols),
            held_phases_m1: Reg::unsigned(16),
            held_long_phases: Reg::unsigned(16),
            held_phase_taps: Reg::unsigned(16),
            held_window_step: Reg::unsigned(16),
            held_fetch_step: Reg::unsigned(16),
            held_fetches_m1: Reg::unsigned(address_bits(arch.cols)),
            fields,
            words: Const::new(words),
        }
    }
}

impl Logic for OsPlaneLayerRegisters {
    describe!(
        "os_plane_layer_registers",
        "The constants of the layer in work that arrays of one ofmap plane alone have."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_tails, held_last_cols);
        dff_setup!(self, clock, held_phases_m1, held_long_phases, held_phase_taps, held_window_step);
        dff_setup!(self, clock, held_fetch_step, held_fetches_m1);
        for i in 0..self.words.index() {
            self.fields.source[i].next = self.command[i].val();
        }
        if self.write.val().any() {
            self.held_tails.d.next = self.fields.tails.val();
            self.held_last_cols.d.next = self.fields.last_cols.val();
            self.held_phases_m1.d.next = self.fields.phases_m1.val();
            self.held_long_phases.d.next = self.fields.long_phases.val();
            self.held_phase_taps.d.next = self.fields.phase_taps.val();
            self.held_window_step.d.next = self.fields.window_step.val();
            self.held_fetch_step.d.next = self.fields.fetch_step.val();
            self.held_fetches_m1.d.next = self.fields.fetches_m1.val();
        }
        self.tails.next = self.held_tails.q.val();
        self.last_cols.next = self.held_last_cols.q.val();
        self.phases_m1.next = self.held_phases_m1.q.val();
        self.long_phases.next = self.held_long_phases.q.val();
        self.phase_taps.next = self.held_phase_taps.q.val();
        self.window_step.next = self.held_window_step.q.val();
        self.fetch_step.next = self.held_fetch_step.q.val();
        self.fetches_m1.next = self.held_fetches_m1.q.val();
    }
}
