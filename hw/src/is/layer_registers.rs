use crate::matrix::command::layer;
use crate::rtl::prelude::*;
use crate::Arch;

crate::slices! {
    /// The fields of `LAYER` that input-stationary arrays alone have.
    pub struct IsLayerFields, "is_layer_fields", "Fields of a LAYER command that input-stationary arrays alone have.";
    fn new(arch: &Arch);
    words 6..7;
    image_places: layer::IMAGE_PLACES, address_bits(arch.bank_places());
    tap_step: layer::TAP_STEP, 16;
    block_step: layer::BLOCK_STEP, 16;
}

/// Holds the constants of a `LAYER` command that input-stationary arrays alone have, from the cycle after `write` on.
#[derive(LogicBlock)]
pub struct IsLayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    /// Word 6 of the command.
    pub command: Wire<In>,
    pub image_places: Wire<Out>,
    pub tap_step: Wire<Out>,
    pub block_step: Wire<Out>,
    fields: IsLayerFields,
    held_image_places: Reg,
    held_tap_step: Reg,
    held_block_step: Reg,
}

impl IsLayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let place = address_bits(arch.bank_places());
        IsLayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: Wire::unsigned(64),
            image_places: Wire::unsigned(place),
            tap_step: Wire::unsigned(16),
            block_step: Wire::unsigned(16),
            fields: IsLayerFields::new(arch),
            held_image_places: Reg::unsigned(place),
            held_tap_step: Reg::unsigned(16),
            held_block_step: Reg::unsigned(16),
        }
    }
}

impl Logic for IsLayerRegisters {
    describe!("is_layer_registers", "The constants of the layer in work that input-stationary arrays alone have.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_image_places, held_tap_step, held_block_step);
        self.fields.source[0].next = self.command.val();
        if self.write.val().any() {
            self.held_image_places.d.next = self.fields.image_places.val();
            self.held_tap_step.d.next = self.fields.tap_step.val();
            self.held_block_step.d.next = self.fields.block_step.val();
        }
        self.image_places.next = self.held_image_places.q.val();
        self.tap_step.next = self.held_tap_step.q.val();
        self.block_step.next = self.held_block_step.q.val();
    }
}
