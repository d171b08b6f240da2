//! What a probe finds in one block: its signals, parameters and the blocks inside it.

use hw::rtl::Clk;
use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::type_descriptor::TypeKind;
use std::collections::HashMap;
use std::rc::Rc;

use super::error::Fault;
use super::types::SignalId;

/// What a signal is to the block that sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    In,
    Out,
    Local,
    /// An input of a block inside, by its number.
    ChildIn(usize),
    /// An output of a block inside.
    ChildOut(usize),
}

/// What a signal carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Carries {
    Word,
    Clock,
    /// The enum's variants as rust-hdl lists them (`State::Idle`).
    Enum(Rc<Vec<String>>),
}

/// A signal as the block that declares it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Field {
    pub path: String,
    pub direction: Direction,
    pub carries: Carries,
    pub bits: usize,
    pub signed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    In,
    Out,
    Local,
}

/// A signal of a scope.
#[derive(Clone, Debug)]
pub(super) struct Signal {
    pub path: String,
    pub role: Role,
    pub carries: Carries,
    pub bits: usize,
    pub signed: bool,
}

/// What a block inside is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// An instance of a module, by its number.
    Module(usize),
    /// Wires alone, by their number.
    Wiring(usize),
    /// An instance of the library's queue, which is this module.
    Fifo {
        module: usize,
        depth: usize,
    },
    Reg {
        /// Value after reset; none if it is not reset.
        reset: Option<i128>,
        synchronizer: bool,
    },
    RegFile {
        depth: usize,
    },
    Sram {
        depth: usize,
    },
}

/// A block inside.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub path: String,
    pub kind: Kind,
    /// Its signals in this scope, in declared order.
    pub signals: Vec<SignalId>,
}

/// A block and all that it can name.
#[derive(Default)]
pub(super) struct Scope {
    pub signals: Vec<Signal>,
    pub children: Vec<Child>,
    /// Parameters in declared order.
    pub consts: Vec<(String, i128)>,
    by_name: HashMap<String, SignalId>,
    lengths: HashMap<String, usize>,
    labels: HashMap<String, Option<Label>>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub index: usize,
    pub bits: usize,
    pub name: String,
}

impl Scope {
    pub fn add_field(&mut self, field: &Field) {
        let role = match field.direction {
            Direction::In => Role::In,
            Direction::Out => Role::Out,
            Direction::Local => Role::Local,
        };
        self.add_signal(field.path.clone(), role, field);
    }

    pub fn add_const(&mut self, path: String, value: i128) {
        self.consts.push((path, value));
    }

    pub fn add_child(&mut self, path: String, kind: Kind, ports: &[Field]) {
        let number = self.children.len();
        self.note_length(&path);
        let mut signals = vec![];
        for port in ports {
            let role = if port.direction == Direction::In { Role::ChildIn(number) } else { Role::ChildOut(number) };
            signals.push(self.add_signal(format!("{path}${}", port.path), role, port));
        }
        self.children.push(Child { path, kind, signals });
    }

    fn add_signal(&mut self, path: String, role: Role, field: &Field) -> SignalId {
        let id = self.signals.len();
        if matches!(role, Role::In | Role::Out | Role::Local) {
            self.note_length(&path);
        }
        if let Carries::Enum(labels) = &field.carries {
            for (index, name) in labels.iter().enumerate() {
                let label = Label { index, bits: field.bits, name: name.clone() };
                self.labels
                    .entry(name.replace("::", "$"))
                    // Two enums of one name with different variants: a label of theirs says nothing.
                    .and_modify(|old| *old = old.take().filter(|old| *old == label))
                    .or_insert_with(|| Some(label.clone()));
            }
        }
        self.by_name.insert(path.clone(), id);
        let (bits, signed, carries) = (field.bits, field.signed, field.carries.clone());
        self.signals.push(Signal { path, role, carries, bits, signed });
        id
    }

    /// A signal like `s`, which takes its values on the way to the last one.
    pub fn add_copy(&mut self, s: SignalId) -> SignalId {
        let Signal { path, carries, bits, signed, .. } = self.signals[s].clone();
        self.signals.push(Signal { path: format!("{path}_so_far"), role: Role::Local, carries, bits, signed });
        self.signals.len() - 1
    }

    /// Keeps count of the `Vec`s that `path` is inside of.
    fn note_length(&mut self, path: &str) {
        for (at, _) in path.match_indices('$') {
            let index = path[at + 1..].split('$').next().unwrap_or_default();
            if let Ok(index) = index.parse::<usize>() {
                let length = self.lengths.entry(path[..at].to_string()).or_default();
                *length = (*length).max(index + 1);
            }
        }
    }

    pub fn signal(&self, name: &str) -> Option<SignalId> {
        self.by_name.get(name).copied()
    }

    /// Whether `s` is the `d` of a register.
    pub fn is_next_value(&self, s: SignalId) -> bool {
        matches!(self.signals[s].role, Role::ChildIn(child) if matches!(self.children[child].kind, Kind::Reg { .. }))
    }

    /// Whether `s` is the `d` of a register that is reset.
    pub fn is_reset(&self, s: SignalId) -> bool {
        let reset = |kind| matches!(kind, Kind::Reg { reset: Some(_), .. });
        matches!(self.signals[s].role, Role::ChildIn(child) if reset(self.children[child].kind))
    }

    /// The `q` of the register whose `d` is `s`.
    pub fn output_of(&self, s: SignalId) -> SignalId {
        match self.signals[s].role {
            Role::ChildIn(child) => self.children[child].signals[2],
            _ => s,
        }
    }

    pub fn constant(&self, name: &str) -> Option<i128> {
        self.consts.iter().find(|(path, _)| path == name).map(|(_, value)| *value)
    }

    /// The length of the `Vec` field `name`.
    pub fn length(&self, name: &str) -> Option<i128> {
        self.lengths.get(name).map(|&n| n as i128)
    }

    /// The enum variant that the path `a$State$Idle` names.
    pub fn label(&self, path: &str) -> Option<&Label> {
        let mut ends = path.rmatch_indices('$').map(|(at, _)| at);
        let start = ends.nth(1).map_or(0, |at| at + 1);
        self.labels.get(&path[start..])?.as_ref()
    }
}

/// What an atom is: a signal, or a parameter's value.
pub(super) enum Found {
    Field(Field),
    Const(i128),
}

/// Reads an atom that a probe has found.
pub(super) fn read_atom(path: String, atom: &dyn Atom) -> Result<Found, Fault> {
    let direction = match atom.kind() {
        AtomKind::InputParameter => Direction::In,
        AtomKind::OutputParameter => Direction::Out,
        AtomKind::LocalSignal => Direction::Local,
        AtomKind::Constant => return Ok(Found::Const(literal(&format!("{:x}", atom.verilog()))?)),
        _ => return Err(Fault::Unsupported(format!("the bidirectional signal `{}`", super::index::readable(&path)))),
    };
    let descriptor = atom.descriptor();
    let signed = matches!(descriptor.kind, TypeKind::Signed(_));
    let carries = match descriptor.kind {
        TypeKind::Enum(labels) => Carries::Enum(Rc::new(labels)),
        TypeKind::Composite(_) => {
            return Err(Fault::Unsupported(format!("the structure `{}`", super::index::readable(&path))));
        }
        _ if descriptor.name == Clk::TYPE_NAME => Carries::Clock,
        _ => Carries::Word,
    };
    // An enum of one variant has no bits in rust-hdl; a signal has at least one.
    Ok(Found::Field(Field { path, direction, carries, bits: atom.bits().max(1), signed }))
}

/// The number that rust-hdl's `32'h1f` stands for.
pub(super) fn literal(text: &str) -> Result<i128, Fault> {
    let digits = text.split_once("'h").map_or(text, |(_, digits)| digits);
    i128::from_str_radix(digits, 16).map_err(|_| Fault::Unsupported(format!("the literal {text}")))
}
