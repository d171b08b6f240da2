use crate::matrix::command::layer;
use crate::rtl::prelude::*;
use crate::Arch;

crate::slices! {
    /// The fields of `LAYER` that output-stationary arrays alone have.
    pub struct OsLayerFields, "os_layer_fields", "Fields of a LAYER command that output-stationary arrays alone have.";
    fn new(arch: &Arch);
    words 6..7;
    chunk_m1: layer::CHUNK_M1, 16;
    last_rows: layer::LAST_ROWS, count_bits(arch.rows);
    block_step: layer::BLOCK_STEP, 16;
}

/// Holds the constants of a `LAYER` command that output-stationary arrays alone have, from the cycle after `write` on.
#[derive(LogicBlock)]
pub struct OsLayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    /// Word 6 of the command.
    pub command: Wire<In>,
    pub chunk_m1: Wire<Out>,
    pub last_rows: Wire<Out>,
    pub block_step: Wire<Out>,
    fields: OsLayerFields,
    held_chunk_m1: Reg,
    held_last_rows: Reg,
    held_block_step: Reg,
}

impl OsLayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let rows = count_bits(arch.rows);
        OsLayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: Wire::unsigned(64),
            chunk_m1: Wire::unsigned(16),
            last_rows: Wire::unsigned(rows),
            block_step: Wire::unsigned(16),
            fields: OsLayerFields::new(arch),
            held_chunk_m1: Reg::unsigned(16),
            held_last_rows: Reg::unsigned(rows),
            held_block_step: Reg::unsigned(16),
        }
    }
}

impl Logic for OsLayerRegisters {
    describe!("os_layer_registers", "The constants of the layer in work that output-stationary arrays alone have.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_chunk_m1, held_last_rows, held_block_step);
        self.fields.source[0].next = self.command.val();
        if self.write.val().any() {
            self.held_chunk_m1.d.next = self.fields.chunk_m1.val();
            self.held_last_rows.d.next = self.fields.last_rows.val();
            self.held_block_step.d.next = self.fields.block_step.val();
        }
        self.chunk_m1.next = self.held_chunk_m1.q.val();
        self.last_rows.next = self.held_last_rows.q.val();
        self.block_step.next = self.held_block_step.q.val();
    }
}
