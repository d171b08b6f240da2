use super::command_rules::{rules, tables, OPCODES};
use crate::program::op;
use crate::rtl::prelude::*;
use crate::Arch;

/// Looks at a command while its words arrive: whether its opcode exists and its fields are within what was built.
///
/// `opcode` and `flags` are the command's from its word 1 on. `known` and `fits` are meant for the cycles after its last word.
#[derive(LogicBlock)]
pub struct CommandCheck {
    pub clock: Wire<In, Clk>,
    // A word arrives
    pub take: Wire<In>,
    pub place: Wire<In>,
    pub word: Wire<In>,
    pub opcode: Wire<In>,
    pub flags: Wire<In>,
    // Fields of TABLE, and whether the command is its program's last block
    pub target: Wire<In>,
    pub count: Wire<In>,
    pub last: Wire<In>,
    /// The opcode exists.
    pub known: Wire<Out>,
    /// No field is beyond what was built.
    pub fits: Wire<Out>,
    wrong: Reg,
    opcodes: Vec<Const>,
    opcode_count: Const,
    rule_count: Const,
    rule_opcode: Vec<Const>,
    rule_flags: Vec<Const>,
    rule_word: Vec<Const>,
    rule_low: Vec<Const>,
    rule_mask: Vec<Const>,
    rule_min: Vec<Const>,
    rule_max: Vec<Const>,
    table_count: Const,
    table_id: Vec<Const>,
    table_max: Vec<Const>,
    op_table: Const,
}

impl CommandCheck {
    /// For what `arch` can execute.
    pub fn new(arch: &Arch) -> Self {
        let rules = rules(arch);
        let tables = tables(arch);
        let constant = |n: u64| Const::new(n as usize);
        CommandCheck {
            clock: Default::default(),
            take: Wire::bit(),
            place: Wire::unsigned(3),
            word: Wire::unsigned(64),
            opcode: Wire::unsigned(8),
            flags: Wire::unsigned(8),
            target: Wire::unsigned(8),
            count: Wire::unsigned(16),
            last: Wire::bit(),
            known: Wire::bit(),
            fits: Wire::bit(),
            wrong: Reg::bit(),
            opcodes: OPCODES.iter().map(|n| constant(*n)).collect(),
            opcode_count: Const::new(OPCODES.len()),
            rule_count: Const::new(rules.len()),
            rule_opcode: rules.iter().map(|r| constant(r.opcode)).collect(),
            rule_flags: rules.iter().map(|r| constant(r.flags)).collect(),
            rule_word: rules.iter().map(|r| Const::new(r.field.word)).collect(),
            rule_low: rules.iter().map(|r| Const::new(r.field.low)).collect(),
            rule_mask: rules.iter().map(|r| constant(r.field.mask())).collect(),
            rule_min: rules.iter().map(|r| constant(r.min)).collect(),
            rule_max: rules.iter().map(|r| constant(r.max)).collect(),
            table_count: Const::new(tables.len()),
            table_id: tables.iter().map(|t| constant(t.0)).collect(),
            table_max: tables.iter().map(|t| Const::new(t.1)).collect(),
            op_table: constant(op::TABLE),
        }
    }
}

impl Logic for CommandCheck {
    describe!("command_check", "Looks at a command's opcode and fields while its words arrive.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, wrong);
        if self.take.val().any() {
            if !self.place.val().any() {
                self.wrong.d.next = 0.into();
            }
            for i in 0..self.rule_count.index() {
                if self.place.val() == self.rule_word[i].val()
                    && self.opcode.val() == self.rule_opcode[i].val()
                    && (self.flags.val() & self.rule_flags[i].val()) == self.rule_flags[i].val()
                    && (((self.word.val() >> self.rule_low[i].val()) & self.rule_mask[i].val())
                        < self.rule_min[i].val()
                        || ((self.word.val() >> self.rule_low[i].val()) & self.rule_mask[i].val())
                            > self.rule_max[i].val())
                {
                    self.wrong.d.next = 1.into();
                }
            }
        }

        self.known.next = 0.into();
        for i in 0..self.opcode_count.index() {
            if self.opcode.val() == self.opcodes[i].val() {
                self.known.next = 1.into();
            }
        }
        self.fits.next = (self.opcode.val() != self.op_table.val() && !self.wrong.q.val().any()).into();
        if self.opcode.val() == self.op_table.val() {
            for i in 0..self.table_count.index() {
                if self.target.val() == self.table_id[i].val()
                    && self.count.val().any()
                    && self.count.val() <= self.table_max[i].val()
                    && !self.last.val().any()
                {
                    self.fits.next = 1.into();
                }
            }
        }
    }
}
