use super::tap_bits;
use crate::arch::WINDOW_BITS;
use crate::matrix::command::pass;
use crate::matrix::QUEUED_PASSES;
use crate::rtl::prelude::*;
use crate::Arch;

crate::slices! {
    /// The fields of `PASS` that input-stationary arrays alone have.
    pub struct IsPassFields, "is_pass_fields", "Fields of a PASS command that input-stationary arrays alone have.";
    fn new(arch: &Arch);
    words 3..7;
    filter_cols: pass::FILTER_COLS, 16;
    taps: pass::TAPS, tap_bits(arch);
    columns_m1: pass::COLUMNS_M1, 16;
    pairs: pass::PAIRS, 16;
    phase: pass::PHASE, 16;
    base: pass::BASE, 16;
    base_tap: pass::BASE_TAP, 16;
    first_tap: pass::FIRST_TAP, 16;
    window: pass::WINDOW, WINDOW_BITS;
    first_row: pass::FIRST_ROW, 16;
    rotation: pass::ROTATION, address_bits(arch.rows);
    first_place: pass::FIRST_PLACE, address_bits(arch.bank_places());
    blocks_m1: pass::BLOCKS_M1, 16;
}

/// What of the passes to come an input-stationary array alone wants to know, beside [`crate::matrix::MatrixPasses`].
///
/// The fields of a command that is `put` wait in queues until its pass begins (`begin`). The outputs are those of the pass that begins in this cycle, then of the one in work.
#[derive(LogicBlock)]
pub struct IsPasses {
    pub clock: Wire<In, Clk>,
    pub put: Wire<In>,
    /// Words 3 to 6 of the command.
    pub command: Vec<Wire<In>>,
    /// Pairs of a channel and a filter column of the command.
    pub pairs: Wire<Out>,
    pub begin: Wire<In>,
    pub filter_cols: Wire<Out>,
    pub taps: Wire<Out>,
    pub columns_m1: Wire<Out>,
    pub phase: Wire<Out>,
    pub base: Wire<Out>,
    pub base_tap: Wire<Out>,
    pub first_tap: Wire<Out>,
    pub window: Wire<Out>,
    pub first_row: Wire<Out>,
    pub rotation: Wire<Out>,
    pub first_place: Wire<Out>,
    pub blocks_m1: Wire<Out>,
    fields: IsPassFields,
    /// Fields of the columns and their taps, and of the rows.
    columns: Fifo,
    rows: Fifo,
    held_columns: Reg,
    held_rows: Reg,
    of_columns: Wire<Local>,
    of_rows: Wire<Local>,
    words: Const,
    /// Where fields begin: columns_m1, taps, phase, base, base_tap, first_tap, window.
    at: Vec<Const>,
    /// The same: rotation, first_place, blocks_m1.
    rows_at: Vec<Const>,
}

fn starts(bits: &[usize]) -> Vec<Const> {
    (1..bits.len()).map(|i| Const::new(bits[..i].iter().sum())).collect()
}

impl IsPasses {
    /// The passes of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (taps, bank) = (tap_bits(arch), address_bits(arch.rows));
        let place = address_bits(arch.bank_places());
        let columns = [16, 16, taps, 16, 16, 16, 16, WINDOW_BITS];
        let rows = [16, bank, place, 16];
        let (column_bits, row_bits) = (columns.iter().sum(), rows.iter().sum());
        IsPasses {
            clock: Default::default(),
            put: Wire::bit(),
            command: (0..4).map(|_| Wire::unsigned(64)).collect(),
            pairs: Wire::unsigned(16),
            begin: Wire::bit(),
            filter_cols: Wire::unsigned(16),
            taps: Wire::unsigned(taps),
            columns_m1: Wire::unsigned(16),
            phase: Wire::unsigned(16),
            base: Wire::unsigned(16),
            base_tap: Wire::unsigned(16),
            first_tap: Wire::unsigned(16),
            window: Wire::unsigned(WINDOW_BITS),
            first_row: Wire::unsigned(16),
            rotation: Wire::unsigned(bank),
            first_place: Wire::unsigned(place),
            blocks_m1: Wire::unsigned(16),
            fields: IsPassFields::new(arch),
            columns: Fifo::new(QUEUED_PASSES, column_bits, false),
            rows: Fifo::new(QUEUED_PASSES, row_bits, false),
            held_columns: Reg::unsigned(column_bits),
            held_rows: Reg::unsigned(row_bits),
            of_columns: Wire::unsigned(column_bits),
            of_rows: Wire::unsigned(row_bits),
            words: Const::new(4),
            at: starts(&columns),
            rows_at: starts(&rows),
        }
    }
}

impl Logic for IsPasses {
    describe!("is_passes", "What of the passes to come an input-stationary array alone wants to know.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_columns, held_rows);
        self.columns.clock.next = self.clock.val();
        self.rows.clock.next = self.clock.val();
        for i in 0..self.words.index() {
            self.fields.source[i].next = self.command[i].val();
        }
        self.pairs.next = self.fields.pairs.val();
        self.columns.enq.valid.next = self.put.val();
        self.columns.enq.payload.next = self.fields.filter_cols.val()
            | (self.fields.columns_m1.val() << self.at[0].val())
            | (self.fields.taps.val() << self.at[1].val())
            | (self.fields.phase.val() << self.at[2].val())
            | (self.fields.base.val() << self.at[3].val())
            | (self.fields.base_tap.val() << self.at[4].val())
            | (self.fields.first_tap.val() << self.at[5].val())
            | (self.fields.window.val() << self.at[6].val());
        self.rows.enq.valid.next = self.put.val();
        self.rows.enq.payload.next = self.fields.first_row.val()
            | (self.fields.rotation.val() << self.rows_at[0].val())
            | (self.fields.first_place.val() << self.rows_at[1].val())
            | (self.fields.blocks_m1.val() << self.rows_at[2].val());
        self.columns.deq.ready.next = self.begin.val();
        self.rows.deq.ready.next = self.begin.val();

        self.of_columns.next = self.held_columns.q.val();
        self.of_rows.next = self.held_rows.q.val();
        if self.begin.val().any() {
            self.of_columns.next = self.columns.deq.payload.val();
            self.of_rows.next = self.rows.deq.payload.val();
        }
        self.held_columns.d.next = self.of_columns.val();
        self.held_rows.d.next = self.of_rows.val();
        self.filter_cols.next = self.of_columns.val();
        self.columns_m1.next = self.of_columns.val() >> self.at[0].val();
        self.taps.next = self.of_columns.val() >> self.at[1].val();
        self.phase.next = self.of_columns.val() >> self.at[2].val();
        self.base.next = self.of_columns.val() >> self.at[3].val();
        self.base_tap.next = self.of_columns.val() >> self.at[4].val();
        self.first_tap.next = self.of_columns.val() >> self.at[5].val();
        self.window.next = self.of_columns.val() >> self.at[6].val();
        self.first_row.next = self.of_rows.val();
        self.rotation.next = self.of_rows.val() >> self.rows_at[0].val();
        self.first_place.next = self.of_rows.val() >> self.rows_at[1].val();
        self.blocks_m1.next = self.of_rows.val() >> self.rows_at[2].val();
    }
}
