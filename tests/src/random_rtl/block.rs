//! A block that is built at run time.

use super::tree::{Source, Target, S};
use hw::rtl::prelude::*;
use rust_hdl::core::ast::{
    VerilogBlockOrConditional, VerilogConditional, VerilogExpression, VerilogLoop, VerilogOp, VerilogStatement,
};

/// An enum with a number of variants that is no power of two.
#[derive(Copy, Clone, Debug, PartialEq, Eq, LogicState)]
pub enum Mode {
    Rest,
    Fill,
    Run,
    Drain,
    LongWait,
}

pub const MODES: [Mode; 5] = [Mode::Rest, Mode::Fill, Mode::Run, Mode::Drain, Mode::LongWait];

/// A block whose parts and statements are values.
pub struct RandomBlock {
    pub name: String,
    pub clock: Wire<In, Clk>,
    pub ins: Vec<Wire<In>>,
    pub outs: Vec<Wire<Out>>,
    pub locals: Vec<Wire<Local>>,
    pub regs: Vec<Reg>,
    pub state: Option<Reg<Mode>>,
    pub params: Vec<Const>,
    pub files: Vec<RegFile>,
    pub srams: Vec<Sram>,
    pub fifos: Vec<Fifo>,
    pub children: Vec<RandomBlock>,
    /// The local bit that resets the parts whose numbers are odd.
    pub flush: Option<usize>,
    pub body: Vec<S>,
}

impl RandomBlock {
    pub fn new(name: &str) -> Self {
        RandomBlock {
            name: name.into(),
            clock: Default::default(),
            ins: vec![],
            outs: vec![],
            locals: vec![],
            regs: vec![],
            state: None,
            params: vec![],
            files: vec![],
            srams: vec![],
            fifos: vec![],
            children: vec![],
            flush: None,
            body: vec![],
        }
    }

    pub fn read(&self, source: Source) -> Word {
        match source {
            Source::In(i) => self.ins[i].val(),
            Source::Out(i) => self.outs[i].val(),
            Source::Local(i) => self.locals[i].val(),
            Source::Reg(i) => self.regs[i].q.val(),
            Source::Param(i) => self.params[i].val(),
            Source::FileData(i) => self.files[i].read_data.val(),
            Source::SramData(i) => self.srams[i].read_data.val(),
            Source::Payload(i) => self.fifos[i].deq.payload.val(),
            Source::Valid(i) => self.fifos[i].deq.valid.val(),
            Source::Ready(i) => self.fifos[i].enq.ready.val(),
            Source::Level(i) => self.fifos[i].level.val(),
            Source::Child(i, j) => self.children[i].outs[j].val(),
        }
    }

    pub fn write(&mut self, target: Target, value: Word) {
        match target {
            Target::Out(i) => self.outs[i].next = value,
            Target::Local(i) => self.locals[i].next = value,
            Target::Reg(i) => self.regs[i].d.next = value,
            Target::File(i, port) => {
                let file = &mut self.files[i];
                let ports = [&mut file.write, &mut file.write_address, &mut file.write_data, &mut file.read_address];
                ports.into_iter().nth(port).unwrap().next = value;
            }
            Target::Sram(i, port) => {
                let sram = &mut self.srams[i];
                let ports = [
                    &mut sram.write,
                    &mut sram.write_address,
                    &mut sram.write_data,
                    &mut sram.read,
                    &mut sram.read_address,
                ];
                ports.into_iter().nth(port).unwrap().next = value;
            }
            Target::Payload(i) => self.fifos[i].enq.payload.next = value,
            Target::Valid(i) => self.fifos[i].enq.valid.next = value,
            Target::Ready(i) => self.fifos[i].deq.ready.next = value,
            Target::Child(i, j) => self.children[i].ins[j].next = value,
        }
    }

    pub fn mode(&self) -> Mode {
        self.state.as_ref().unwrap().q.val()
    }

    pub fn set_mode(&mut self, mode: Mode) {
        self.state.as_mut().unwrap().d.next = mode;
    }

    /// The clocks of all parts, and whether a part's number is odd.
    fn clocks(&mut self) -> Vec<(bool, &mut Wire<In, Clk>)> {
        let mut all: Vec<(bool, &mut Wire<In, Clk>)> = vec![];
        let odd = |i: usize| i % 2 == 1;
        all.extend(self.regs.iter_mut().enumerate().map(|(i, x)| (odd(i), &mut x.clock)));
        all.extend(self.state.iter_mut().map(|x| (false, &mut x.clock)));
        all.extend(self.files.iter_mut().enumerate().map(|(i, x)| (odd(i), &mut x.clock)));
        all.extend(self.srams.iter_mut().enumerate().map(|(i, x)| (odd(i), &mut x.clock)));
        all.extend(self.fifos.iter_mut().enumerate().map(|(i, x)| (odd(i), &mut x.clock)));
        all.extend(self.children.iter_mut().enumerate().map(|(i, x)| (odd(i), &mut x.clock)));
        all
    }

    /// `for i in 0..count { self.name[i].clock.next = self.clock.val() }`, with the flush where `i % 2` is 1.
    fn clock_loop(&self, name: &str, count: usize) -> VerilogStatement {
        let signal = |name: String| VerilogExpression::Signal(name);
        let assign =
            |value| vec![VerilogStatement::Assignment(signal(format!("{name}[(i + 1) - 1]$clock$next")), value)];
        let plain = assign(signal("clock".into()));
        let block = match self.flush {
            None => plain,
            Some(local) => {
                let (clock, bit) = (signal("clock".into()), signal(format!("locals[{local}]")));
                let flushed = VerilogExpression::Binary(Box::new(clock), VerilogOp::BitOr, Box::new(bit));
                let one = VerilogExpression::Literal(1.into());
                let low =
                    VerilogExpression::Binary(Box::new(signal("i".into())), VerilogOp::BitAnd, Box::new(one.clone()));
                vec![VerilogStatement::If(VerilogConditional {
                    test: VerilogExpression::Binary(Box::new(low), VerilogOp::Eq, Box::new(one)),
                    then: assign(flushed),
                    otherwise: VerilogBlockOrConditional::Block(plain),
                })]
            }
        };
        VerilogStatement::Loop(VerilogLoop { index: "i".into(), from: 0usize.into(), to: count.into(), block })
    }
}

impl Logic for RandomBlock {
    fn update(&mut self) {
        let body = std::mem::take(&mut self.body);
        body.iter().for_each(|stmt| stmt.run(self));
        self.body = body;
        let clock = self.clock.val();
        let flush = self.flush.is_some_and(|local| self.locals[local].val().any());
        for (odd, wire) in self.clocks() {
            wire.next = clock;
            wire.next.rst |= odd && flush;
        }
    }

    fn hdl(&self) -> Verilog {
        let counts = [
            ("regs", self.regs.len()),
            ("files", self.files.len()),
            ("srams", self.srams.len()),
            ("fifos", self.fifos.len()),
            ("children", self.children.len()),
        ];
        let mut block: Vec<_> = counts.into_iter().map(|(name, count)| self.clock_loop(name, count)).collect();
        if self.state.is_some() {
            let signal = |name: &str| VerilogExpression::Signal(name.into());
            block.push(VerilogStatement::Assignment(signal("state$clock$next"), signal("clock")));
        }
        block.extend(self.body.iter().map(S::ast));
        Verilog::Combinatorial(block)
    }

    fn timing(&self) -> Vec<TimingInfo> {
        describe(&self.name, "A random block.")
    }
}

impl Block for RandomBlock {
    fn connect_all(&mut self) {}

    fn update_all(&mut self) {
        self.update();
        self.outs.update_all();
        self.regs.update_all();
        self.state.iter_mut().for_each(|x| x.update_all());
        self.files.update_all();
        self.srams.update_all();
        self.fifos.update_all();
        self.children.update_all();
    }

    fn has_changed(&self) -> bool {
        self.outs.has_changed()
            || self.regs.has_changed()
            || self.state.iter().any(|x| x.has_changed())
            || self.files.has_changed()
            || self.srams.has_changed()
            || self.fifos.has_changed()
            || self.children.has_changed()
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_start_scope(name, self);
        self.clock.accept("clock", probe);
        self.ins.accept("ins", probe);
        self.outs.accept("outs", probe);
        self.locals.accept("locals", probe);
        self.regs.accept("regs", probe);
        self.state.iter().for_each(|x| x.accept("state", probe));
        self.params.accept("params", probe);
        self.files.accept("files", probe);
        self.srams.accept("srams", probe);
        self.fifos.accept("fifos", probe);
        self.children.accept("children", probe);
        probe.visit_end_scope(name, self);
    }
}
