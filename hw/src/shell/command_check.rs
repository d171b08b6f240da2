use super::command_rules::{rules, tables, OPCODES};
use crate::program::{op, COMMAND_WORDS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Looks at a command while its words arrive: whether its opcode exists and its fields are within what was built.
///
/// `opcode` and `flags` are the command's from its word 1 on. A word is looked at in the cycle after it came, as it may come from a memory.
/// `known` and `fits` are meant for the cycles after that of its last word, in which `looks` is low.
#[derive(LogicBlock)]
pub struct CommandCheck {
    pub clock: Wire<In, Clk>,
    // A word arrives
    pub take: Wire<In>,
    /// The word that came last, and the place of the one that comes next.
    pub word: Wire<In>,
    pub place: Wire<In>,
    pub opcode: Wire<In>,
    pub flags: Wire<In>,
    // Fields of TABLE, and whether the command is its program's last block
    pub target: Wire<In>,
    pub count: Wire<In>,
    pub last: Wire<In>,
    /// A word is being looked at.
    pub looks: Wire<Out>,
    /// The opcode exists.
    pub known: Wire<Out>,
    /// No field is beyond what was built.
    pub fits: Wire<Out>,
    came: Reg,
    wrong: Reg,
    opcodes: Vec<Const>,
    opcode_count: Const,
    rule_count: Const,
    rule_opcode: Vec<Const>,
    rule_flags: Vec<Const>,
    /// The place behind the field's word.
    rule_next: Vec<Const>,
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
            word: Wire::unsigned(64),
            place: Wire::unsigned(3),
            opcode: Wire::unsigned(8),
            flags: Wire::unsigned(8),
            target: Wire::unsigned(8),
            count: Wire::unsigned(16),
            last: Wire::bit(),
            looks: Wire::bit(),
            known: Wire::bit(),
            fits: Wire::bit(),
            came: Reg::bit(),
            wrong: Reg::bit(),
            opcodes: OPCODES.iter().map(|n| constant(*n)).collect(),
            opcode_count: Const::new(OPCODES.len()),
            rule_count: Const::new(rules.len()),
            rule_opcode: rules.iter().map(|r| constant(r.opcode)).collect(),
            rule_flags: rules.iter().map(|r| constant(r.flags)).collect(),
            rule_next: rules.iter().map(|r| Const::new((r.field.word + 1) % COMMAND_WORDS)).collect(),
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
        dff_setup!(self, clock, came, wrong);
        self.came.d.next = self.take.val();
        self.looks.next = self.came.q.val();
        if self.came.q.val().any() {
            if self.place.val() == 1 {
                self.wrong.d.next = 0.into();
            }
            for i in 0..self.rule_count.index() {
                if self.place.val() == self.rule_next[i].val()
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
