use super::command_check::CommandCheck;
use crate::program::{end, error, op, table, CHECKSUM, FLAGS, OPCODE};
use crate::rtl::prelude::*;
use crate::Arch;

/// What the command unit does.
#[derive(Clone, Copy, Debug, PartialEq, LogicState)]
pub enum Stage {
    /// Takes a command's words.
    Collect,
    /// Looks at its sum, opcode and fields.
    Check,
    /// Waits for the unit that it is for.
    Dispatch,
    /// Takes the entries of a table.
    Payload,
    /// Looks at their sum.
    Total,
    /// Stands still after an error.
    Failed,
}

crate::slices! {
    /// The fields of the commands that the command unit itself executes.
    pub struct CommandFields, "command_fields", "Fields of TABLE and END commands.";
    fn new();
    words 1..2;
    target: table::TARGET, 8;
    count: table::COUNT, 16;
    payload_sum: table::PAYLOAD_SUM, 32;
    layer: end::LAYER, 32;
}

/// Assembles commands from words, checks them and gives them to their units, in order.
///
/// A command takes 8 cycles to assemble, 1 to check and 1 or more to dispatch. LAYER, TABLE and END wait until `all_idle`.
/// `failed` stays high after an error, with its `cause`; then, and while `halt` is high, nothing is dispatched.
#[derive(LogicBlock)]
pub struct CommandUnit {
    pub clock: Wire<In, Clk>,
    pub halt: Wire<In>,
    // Words
    pub word_valid: Wire<In>,
    pub word_ready: Wire<Out>,
    pub word: Wire<In>,
    pub word_last: Wire<In>,
    // Units; `command` holds words 1 to 7
    pub command: Vec<Wire<Out>>,
    pub flags: Wire<Out>,
    pub load_valid: Wire<Out>,
    pub load_ready: Wire<In>,
    pub filter_valid: Wire<Out>,
    pub filter_ready: Wire<In>,
    pub store_valid: Wire<Out>,
    pub store_ready: Wire<In>,
    /// The command for the store unit is PARAMS.
    pub store_params: Wire<Out>,
    pub pass_valid: Wire<Out>,
    pub pass_ready: Wire<In>,
    pub layer_write: Wire<Out>,
    pub table_write: Wire<Out>,
    pub table_target: Wire<Out>,
    pub table_index: Wire<Out>,
    pub table_word: Wire<Out>,
    pub all_idle: Wire<In>,
    // What happens
    pub layer_done: Wire<Out>,
    pub layer_number: Wire<Out>,
    pub dispatched: Wire<Out>,
    pub failed: Wire<Out>,
    pub cause: Wire<Out>,
    pub idle: Wire<Out>,
    // State
    stage: Reg<Stage>,
    words: Vec<Reg>,
    place: Reg,
    sum: Reg,
    opcode: Reg,
    flag_bits: Reg,
    last: Reg,
    index: Reg,
    reason: Reg,
    fields: CommandFields,
    check: CommandCheck,
    take: Wire<Local>,
    done: Wire<Local>,
    error: Wire<Local>,
    checksum: Const,
    opcode_low: Const,
    flags_low: Const,
    op_layer: Const,
    op_table: Const,
    op_load: Const,
    op_filter: Const,
    op_pass: Const,
    op_params: Const,
    op_store: Const,
    op_end: Const,
    error_checksum: Const,
    error_opcode: Const,
    error_field: Const,
    error_no_end: Const,
}

impl CommandUnit {
    /// For what `arch` can execute.
    pub fn new(arch: &Arch) -> Self {
        let constant = |n: u64| Const::new(n as usize);
        CommandUnit {
            clock: Default::default(),
            halt: Wire::bit(),
            word_valid: Wire::bit(),
            word_ready: Wire::bit(),
            word: Wire::unsigned(64),
            word_last: Wire::bit(),
            command: (0..7).map(|_| Wire::unsigned(64)).collect(),
            flags: Wire::unsigned(FLAGS.bits),
            load_valid: Wire::bit(),
            load_ready: Wire::bit(),
            filter_valid: Wire::bit(),
            filter_ready: Wire::bit(),
            store_valid: Wire::bit(),
            store_ready: Wire::bit(),
            store_params: Wire::bit(),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            layer_write: Wire::bit(),
            table_write: Wire::bit(),
            table_target: Wire::unsigned(8),
            table_index: Wire::unsigned(16),
            table_word: Wire::unsigned(64),
            all_idle: Wire::bit(),
            layer_done: Wire::bit(),
            layer_number: Wire::unsigned(32),
            dispatched: Wire::bit(),
            failed: Wire::bit(),
            cause: Wire::unsigned(3),
            idle: Wire::bit(),
            stage: Reg::state(),
            words: (0..8).map(|_| Reg::data(64, false)).collect(),
            place: Reg::unsigned(3),
            sum: Reg::unsigned(32),
            opcode: Reg::unsigned(OPCODE.bits),
            flag_bits: Reg::unsigned(FLAGS.bits),
            last: Reg::bit(),
            index: Reg::unsigned(17),
            reason: Reg::unsigned(3),
            fields: CommandFields::new(),
            check: CommandCheck::new(arch),
            take: Wire::bit(),
            done: Wire::bit(),
            error: Wire::unsigned(3),
            checksum: constant(CHECKSUM as u64),
            opcode_low: Const::new(OPCODE.low),
            flags_low: Const::new(FLAGS.low),
            op_layer: constant(op::LAYER),
            op_table: constant(op::TABLE),
            op_load: constant(op::LOAD),
            op_filter: constant(op::FILTER),
            op_pass: constant(op::PASS),
            op_params: constant(op::PARAMS),
            op_store: constant(op::STORE),
            op_end: constant(op::END),
            error_checksum: constant(error::CHECKSUM),
            error_opcode: constant(error::OPCODE),
            error_field: constant(error::FIELD),
            error_no_end: constant(error::NO_END),
        }
    }
}

impl Logic for CommandUnit {
    describe!("command_unit", "Assembles commands from words, checks them and gives them to their units in order.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, stage, place, sum, opcode, flag_bits, last, index, reason);
        self.fields.source[0].next = self.words[1].q.val();
        self.word_ready.next = (self.stage.q.val() == Stage::Collect || self.stage.q.val() == Stage::Payload).into();
        self.take.next = self.word_valid.val() & self.word_ready.val();

        // Words shift in at the top; word 0's opcode and flags are known from the second word on.
        for i in 0..8 {
            self.words[i].clock.next = self.clock.val();
            self.words[i].d.next = self.words[i].q.val();
        }
        if self.take.val().any() {
            self.place.d.next = self.place.q.val() + 1;
            self.sum.d.next = self.sum.q.val() + bit_cast(self.word.val(), 32) + (self.word.val() >> 32);
            self.last.d.next = self.word_last.val();
            if self.stage.q.val() == Stage::Collect {
                for i in 0..7 {
                    self.words[i].d.next = self.words[i + 1].q.val();
                }
                self.words[7].d.next = self.word.val();
                if !self.place.q.val().any() {
                    self.opcode.d.next = self.word.val() >> self.opcode_low.val();
                    self.flag_bits.d.next = self.word.val() >> self.flags_low.val();
                }
            }
        }
        self.check.clock.next = self.clock.val();
        self.check.take.next = (self.take.val().any() && self.stage.q.val() == Stage::Collect).into();
        self.check.place.next = self.place.q.val();
        self.check.word.next = self.words[7].q.val();
        self.check.opcode.next = self.opcode.q.val();
        self.check.flags.next = self.flag_bits.q.val();
        self.check.target.next = self.fields.target.val();
        self.check.count.next = self.fields.count.val();
        self.check.last.next = self.last.q.val();

        // Units
        for i in 0..7 {
            self.command[i].next = self.words[i + 1].q.val();
        }
        self.flags.next = self.flag_bits.q.val();
        self.load_valid.next = 0.into();
        self.filter_valid.next = 0.into();
        self.store_valid.next = 0.into();
        self.store_params.next = (self.opcode.q.val() == self.op_params.val()).into();
        self.pass_valid.next = 0.into();
        self.layer_write.next = 0.into();
        self.layer_done.next = 0.into();
        self.layer_number.next = self.fields.layer.val();
        self.table_write.next = 0.into();
        self.table_target.next = self.fields.target.val();
        self.table_index.next = self.index.q.val();
        self.table_word.next = self.word.val();
        self.done.next = 0.into();
        self.error.next = 0.into();

        match self.stage.q.val() {
            Stage::Collect => {
                if self.take.val().any() && self.place.q.val() == 7 {
                    self.stage.d.next = Stage::Check;
                }
            }
            Stage::Check => {
                if !self.check.looks.val().any() {
                    self.sum.d.next = 0.into();
                    self.index.d.next = 0.into();
                    self.stage.d.next = Stage::Dispatch;
                    if self.sum.q.val() != self.checksum.val() {
                        self.error.next = self.error_checksum.val();
                    } else if !self.check.known.val().any() {
                        self.error.next = self.error_opcode.val();
                    } else if !self.check.fits.val().any() {
                        self.error.next = self.error_field.val();
                    } else if self.last.q.val().any() && self.opcode.q.val() != self.op_end.val() {
                        self.error.next = self.error_no_end.val();
                    }
                }
            }
            Stage::Dispatch => {
                if self.opcode.q.val() == self.op_load.val() {
                    self.load_valid.next = 1.into();
                    self.done.next = self.load_ready.val();
                } else if self.opcode.q.val() == self.op_filter.val() {
                    self.filter_valid.next = 1.into();
                    self.done.next = self.filter_ready.val();
                } else if self.opcode.q.val() == self.op_pass.val() {
                    self.pass_valid.next = 1.into();
                    self.done.next = self.pass_ready.val();
                } else if self.opcode.q.val() == self.op_params.val() || self.opcode.q.val() == self.op_store.val() {
                    self.store_valid.next = 1.into();
                    self.done.next = self.store_ready.val();
                } else {
                    self.done.next = self.all_idle.val();
                    self.layer_write.next =
                        (self.all_idle.val().any() && self.opcode.q.val() == self.op_layer.val()).into();
                    self.layer_done.next =
                        (self.all_idle.val().any() && self.opcode.q.val() == self.op_end.val()).into();
                }
                if self.done.val().any() {
                    self.stage.d.next = Stage::Collect;
                    if self.opcode.q.val() == self.op_table.val() {
                        self.stage.d.next = Stage::Payload;
                    }
                }
            }
            Stage::Payload => {
                if self.take.val().any() {
                    self.table_write.next = (self.index.q.val() < self.fields.count.val()).into();
                    self.index.d.next = self.index.q.val() + 1;
                    if self.place.q.val() == 7 {
                        if self.index.q.val() + 1 >= self.fields.count.val() {
                            self.stage.d.next = Stage::Total;
                        } else if self.word_last.val().any() {
                            self.error.next = self.error_field.val();
                        }
                    }
                }
            }
            Stage::Total => {
                self.sum.d.next = 0.into();
                self.stage.d.next = Stage::Collect;
                if self.sum.q.val() != self.fields.payload_sum.val() {
                    self.error.next = self.error_checksum.val();
                } else if self.last.q.val().any() {
                    self.error.next = self.error_no_end.val();
                }
            }
            _ => {}
        }
        if self.error.val().any() {
            self.reason.d.next = self.error.val();
        }
        if self.halt.val().any() || self.error.val().any() {
            self.stage.d.next = Stage::Failed;
        }
        self.failed.next = self.reason.q.val().any().into();
        self.cause.next = self.reason.q.val();
        self.dispatched.next = self.done.val();
        self.idle.next = (self.stage.q.val() == Stage::Collect && !self.place.q.val().any()).into();
    }
}
