//! Walks a design and prints each distinct block once.

use super::error::{EmitError, Fault};
use super::index::readable;
use super::key::Key;
use super::library;
use super::module::{print, Modules, Printed};
use super::names::Namer;
use super::scope::{read_atom, Direction, Field, Found, Kind, Scope};
use super::structure::Structure;
use super::wiring::Wiring;
use hw::rtl::{description, queue_depth, Primitive};
use rust_hdl::core::ast::Verilog;
use rust_hdl::core::atom::Atom;
use rust_hdl::core::block::Block;
use rust_hdl::core::probe::Probe;
use std::collections::HashMap;

/// A module whose name is still open.
pub(super) struct Draft {
    pub base: String,
    pub about: String,
    /// From the port list on, with placeholders for the names of other modules.
    pub body: String,
    /// What tells modules of one name apart.
    pub traits: Traits,
    /// What it is made of, without the modules inside.
    pub own: Structure,
}

/// What may tell modules of one name apart.
pub(super) struct Traits {
    /// Depth and width of the block's memory, if it has just one.
    pub memory: Option<(usize, usize)>,
    pub consts: Vec<i128>,
    pub widths: Vec<usize>,
}

/// Finds the distinct blocks of a design.
#[derive(Default)]
pub(super) struct Collector {
    /// In order of dependency: a block's parts come before it.
    pub drafts: Vec<Draft>,
    pub error: Option<EmitError>,
    /// What each of them is made of, with all that is inside.
    pub wholes: Vec<Structure>,
    /// The name of the top's module.
    top: String,
    modules: Modules,
    by_key: HashMap<Key, Kind>,
    /// The library's queue, once there is one in the design.
    fifo: Option<usize>,
    by_body: HashMap<String, usize>,
    stack: Vec<Frame>,
}

/// A block, or a group of signals with a common name, that the walk is inside of.
struct Frame {
    name: String,
    /// `None` for a group of signals.
    found: Option<Contents>,
}

#[derive(Default)]
struct Contents {
    fields: Vec<Field>,
    consts: Vec<(String, i128)>,
    children: Vec<(String, Kind, Option<Vec<Field>>)>,
}

impl Collector {
    /// For a design whose top module has this name.
    pub fn new(top: &str) -> Self {
        Collector { top: top.into(), ..Collector::default() }
    }

    /// The path from the top, as its author wrote it.
    fn path(&self) -> String {
        let names: Vec<String> = self.stack.iter().map(|frame| readable(&frame.name)).collect();
        names.join(".")
    }

    fn fail(&mut self, fault: Fault) {
        let path = self.path();
        self.error.get_or_insert(EmitError { path, fault });
    }

    /// `name` with the groups around it, and the block that it is in.
    fn scope(&mut self, name: &str) -> Option<(String, &mut Contents)> {
        let block = self.stack.iter().rposition(|frame| frame.found.is_some())?;
        let groups = self.stack[block + 1..].iter().map(|frame| frame.name.as_str());
        let path = groups.chain([name]).collect::<Vec<_>>().join("$");
        Some((path, self.stack[block].found.as_mut()?))
    }

    fn finish(&mut self, contents: Contents, node: &dyn Block) -> Result<(Kind, Option<Vec<Field>>), Fault> {
        let hdl = node.hdl();
        if let Some(primitive) = Primitive::from_hdl(&hdl) {
            let kind = match primitive {
                Primitive::Reg { reset, synchronizer } => Kind::Reg { reset, synchronizer },
                Primitive::RegFile { depth } => Kind::RegFile { depth },
                Primitive::Sram { depth } => Kind::Sram { depth },
            };
            return Ok((kind, Some(contents.fields)));
        }
        let (base, about) = description(node).ok_or(Fault::NoDescription)?;
        let is_top = self.stack.len() == 1;
        if let (false, Some(depth)) = (is_top, queue_depth(node)) {
            let ports = contents.fields.into_iter().filter(|f| f.direction != Direction::Local).collect();
            return Ok((Kind::Fifo { module: self.fifo(), depth }, Some(ports)));
        }
        let code = match hdl {
            Verilog::Combinatorial(code) => code,
            Verilog::Empty => vec![],
            _ => return Err(Fault::Unsupported("a block with Verilog of its own".into())),
        };
        let kinds: Vec<(&str, Kind)> = contents.children.iter().map(|(name, kind, _)| (name.as_str(), *kind)).collect();
        let key = Key::new(&base, &about, &contents.fields, &contents.consts, &kinds, &code);
        if let Some(&kind) = self.by_key.get(&key) {
            return Ok((kind, None));
        }
        let traits = Traits {
            memory: memory_shape(&contents),
            consts: contents.consts.iter().map(|(_, value)| *value).collect(),
            widths: contents.fields.iter().filter(|f| f.direction != Direction::Local).map(|f| f.bits).collect(),
        };
        let mut scope = Scope::default();
        contents.fields.iter().for_each(|field| scope.add_field(field));
        contents.consts.into_iter().for_each(|(path, value)| scope.add_const(path, value));
        for (path, kind, fields) in contents.children {
            match (kind, &fields) {
                (Kind::Module(number), _) => scope.add_child(path, kind, &self.modules.fields[number]),
                (Kind::Wiring(number), _) => scope.add_child(path, kind, &self.modules.wirings[number].fields),
                (_, Some(fields)) => scope.add_child(path, kind, fields),
                (_, None) => {}
            }
        }
        if let (false, Some(wiring)) = (is_top, Wiring::of(&scope, &contents.fields, &code)) {
            self.modules.wirings.push(wiring);
            let kind = Kind::Wiring(self.modules.wirings.len() - 1);
            self.by_key.insert(key, kind);
            return Ok((kind, None));
        }
        let visible: Vec<Field> = contents.fields.into_iter().filter(|f| f.direction != Direction::Local).collect();
        // A signal of the top's name would hide it.
        let namer = Namer::without(&self.top);
        let fields: Vec<&Field> = visible.iter().collect();
        let Printed { body, ports, through, own } = print(&mut scope, &code, &fields, is_top, namer, &self.modules)?;
        let identity = format!("{base}\u{1}{about}\u{1}{body}");
        let number = match self.by_body.get(&identity) {
            Some(&number) => number,
            None => {
                let whole = self.whole(&own, &scope);
                let number = self.add(Draft { base, about, body, traits, own });
                self.wholes[number] = whole;
                self.modules.fields[number] = visible;
                self.modules.ports[number] = ports;
                self.modules.through[number] = through;
                self.by_body.insert(identity, number);
                number
            }
        };
        self.by_key.insert(key, Kind::Module(number));
        Ok((Kind::Module(number), None))
    }

    fn add(&mut self, draft: Draft) -> usize {
        self.drafts.push(draft);
        self.wholes.push(Structure::default());
        self.modules.fields.push(vec![]);
        self.modules.ports.push(vec![]);
        self.modules.through.push(vec![]);
        self.drafts.len() - 1
    }

    /// A block's `own` parts and those of all modules inside.
    fn whole(&self, own: &Structure, scope: &Scope) -> Structure {
        let mut whole = own.clone();
        for child in &scope.children {
            if let Kind::Module(number) = child.kind {
                whole += &self.wholes[number];
            }
        }
        whole
    }

    /// The number of the library's queue.
    fn fifo(&mut self) -> usize {
        if let Some(number) = self.fifo {
            return number;
        }
        let number = self.add(library::fifo());
        self.fifo = Some(number);
        number
    }
}

fn memory_shape(contents: &Contents) -> Option<(usize, usize)> {
    let mut shapes = contents.children.iter().filter_map(|(_, kind, fields)| match kind {
        Kind::RegFile { depth } | Kind::Sram { depth } => Some((*depth, fields.as_ref()?.get(3)?.bits)),
        _ => None,
    });
    let first = shapes.next()?;
    shapes.next().is_none().then_some(first)
}

impl Probe for Collector {
    fn visit_start_scope(&mut self, name: &str, _node: &dyn Block) {
        self.stack.push(Frame { name: name.into(), found: Some(Contents::default()) });
    }

    fn visit_start_namespace(&mut self, name: &str, _node: &dyn Block) {
        self.stack.push(Frame { name: name.into(), found: None });
    }

    fn visit_atom(&mut self, name: &str, atom: &dyn Atom) {
        if self.error.is_some() {
            return;
        }
        let Some((path, contents)) = self.scope(name) else { return };
        match read_atom(path.clone(), atom) {
            Ok(Found::Field(field)) => contents.fields.push(field),
            Ok(Found::Const(value)) => contents.consts.push((path, value)),
            Err(fault) => self.fail(fault),
        }
    }

    fn visit_end_namespace(&mut self, _name: &str, _node: &dyn Block) {
        self.stack.pop();
    }

    fn visit_end_scope(&mut self, name: &str, node: &dyn Block) {
        let contents = self.stack.last_mut().and_then(|frame| frame.found.take()).unwrap_or_default();
        if self.error.is_some() {
            self.stack.pop();
            return;
        }
        match self.finish(contents, node) {
            Err(fault) => {
                self.fail(fault);
                self.stack.pop();
            }
            Ok((kind, fields)) => {
                self.stack.pop();
                if let Some((path, contents)) = self.scope(name) {
                    contents.children.push((path, kind, fields));
                }
            }
        }
    }
}
