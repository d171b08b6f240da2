use crate::matrix::command::layer;
use crate::rtl::prelude::*;
use crate::Arch;

crate::slices! {
    /// The fields of `LAYER` that convolution engines alone have.
    pub struct ConvLayerFields, "conv_layer_fields", "Fields of a LAYER command that convolution engines alone have.";
    fn new(arch: &Arch);
    words 5..8;
    piece_row_words: layer::PIECE_ROW_WORDS, address_bits(arch.port_words());
    phases_h_m1: layer::PHASES_H_M1, 16;
    long_phases_h: layer::LONG_PHASES_H, 16;
    phase_taps_h: layer::PHASE_TAPS_H, 16;
    piece_rows: layer::PIECE_ROWS, 16;
    phases_w_m1: layer::PHASES_W_M1, 16;
    long_phases_w: layer::LONG_PHASES_W, 16;
    phase_taps_w: layer::PHASE_TAPS_W, 16;
    piece_cols: layer::PIECE_COLS, 16;
}

/// Layer constants of the loops over pieces of a filter.
#[derive(Clone, Debug, LogicInterface)]
pub struct PhaseLayer {
    pub phases_h_m1: Wire<In>,
    pub long_phases_h: Wire<In>,
    pub phase_taps_h: Wire<In>,
    pub phases_w_m1: Wire<In>,
    pub long_phases_w: Wire<In>,
    pub phase_taps_w: Wire<In>,
}

impl Default for PhaseLayer {
    fn default() -> Self {
        PhaseLayer {
            phases_h_m1: Wire::unsigned(16),
            long_phases_h: Wire::unsigned(16),
            phase_taps_h: Wire::unsigned(16),
            phases_w_m1: Wire::unsigned(16),
            long_phases_w: Wire::unsigned(16),
            phase_taps_w: Wire::unsigned(16),
        }
    }
}

/// Holds the constants of a `LAYER` command that convolution engines alone have, from the cycle after `write` on; `written` is high in that cycle.
#[derive(LogicBlock)]
pub struct ConvLayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    /// Words 5 to 7 of the command.
    pub command: Vec<Wire<In>>,
    pub written: Wire<Out>,
    pub piece_row_words: Wire<Out>,
    pub phases_h_m1: Wire<Out>,
    pub long_phases_h: Wire<Out>,
    pub phase_taps_h: Wire<Out>,
    pub piece_rows: Wire<Out>,
    pub phases_w_m1: Wire<Out>,
    pub long_phases_w: Wire<Out>,
    pub phase_taps_w: Wire<Out>,
    pub piece_cols: Wire<Out>,
    fields: ConvLayerFields,
    held_written: Reg,
    held_piece_row_words: Reg,
    held_phases_h_m1: Reg,
    held_long_phases_h: Reg,
    held_phase_taps_h: Reg,
    held_piece_rows: Reg,
    held_phases_w_m1: Reg,
    held_long_phases_w: Reg,
    held_phase_taps_w: Reg,
    held_piece_cols: Reg,
    words: Const,
}

impl ConvLayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let fields = ConvLayerFields::new(arch);
        let (words, address) = (fields.source.len(), address_bits(arch.port_words()));
        ConvLayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: (0..words).map(|_| Wire::unsigned(64)).collect(),
            written: Wire::bit(),
            piece_row_words: Wire::unsigned(address),
            phases_h_m1: Wire::unsigned(16),
            long_phases_h: Wire::unsigned(16),
            phase_taps_h: Wire::unsigned(16),
            piece_rows: Wire::unsigned(16),
            phases_w_m1: Wire::unsigned(16),
            long_phases_w: Wire::unsigned(16),
            phase_taps_w: Wire::unsigned(16),
            piece_cols: Wire::unsigned(16),
            fields,
            held_written: Reg::bit(),
            held_piece_row_words: Reg::unsigned(address),
            held_phases_h_m1: Reg::unsigned(16),
            held_long_phases_h: Reg::unsigned(16),
            held_phase_taps_h: Reg::unsigned(16),
            held_piece_rows: Reg::unsigned(16),
            held_phases_w_m1: Reg::unsigned(16),
            held_long_phases_w: Reg::unsigned(16),
            held_phase_taps_w: Reg::unsigned(16),
            held_piece_cols: Reg::unsigned(16),
            words: Const::new(words),
        }
    }
}

impl Logic for ConvLayerRegisters {
    describe!("conv_layer_registers", "The constants of the layer in work that convolution engines alone have.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_written, held_piece_row_words, held_phases_h_m1, held_long_phases_h);
        dff_setup!(self, clock, held_phase_taps_h, held_piece_rows, held_phases_w_m1, held_long_phases_w);
        dff_setup!(self, clock, held_phase_taps_w, held_piece_cols);
        for i in 0..self.words.index() {
            self.fields.source[i].next = self.command[i].val();
        }
        self.held_written.d.next = self.write.val();
        if self.write.val().any() {
            self.held_piece_row_words.d.next = self.fields.piece_row_words.val();
            self.held_phases_h_m1.d.next = self.fields.phases_h_m1.val();
            self.held_long_phases_h.d.next = self.fields.long_phases_h.val();
            self.held_phase_taps_h.d.next = self.fields.phase_taps_h.val();
            self.held_piece_rows.d.next = self.fields.piece_rows.val();
            self.held_phases_w_m1.d.next = self.fields.phases_w_m1.val();
            self.held_long_phases_w.d.next = self.fields.long_phases_w.val();
            self.held_phase_taps_w.d.next = self.fields.phase_taps_w.val();
            self.held_piece_cols.d.next = self.fields.piece_cols.val();
        }
        self.written.next = self.held_written.q.val();
        self.piece_row_words.next = self.held_piece_row_words.q.val();
        self.phases_h_m1.next = self.held_phases_h_m1.q.val();
        self.long_phases_h.next = self.held_long_phases_h.q.val();
        self.phase_taps_h.next = self.held_phase_taps_h.q.val();
        self.piece_rows.next = self.held_piece_rows.q.val();
        self.phases_w_m1.next = self.held_phases_w_m1.q.val();
        self.long_phases_w.next = self.held_long_phases_w.q.val();
        self.phase_taps_w.next = self.held_phase_taps_w.q.val();
        self.piece_cols.next = self.held_piece_cols.q.val();
    }
}
