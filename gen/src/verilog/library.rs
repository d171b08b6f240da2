//! Modules written by hand, with parameters, that stand for blocks which differ in widths and depths alone.
//!
//! A block of this kind says so itself ([`hw::rtl::describe_queue`]); as a top it is printed as what it is.

use super::collect::{Draft, Traits};
use super::scope::{Child, Scope};
use super::structure::Structure;
use super::types::SignalId;

/// `fifo #(BITS, DEPTH)`: [`hw::rtl::Fifo`], and every queue that behaves like it.
const FIFO: &str = include_str!("library/fifo.v");

/// The module of all queues.
pub(super) fn fifo() -> Draft {
    let (about, module) = FIFO.split_once('\n').unwrap_or_default();
    Draft {
        base: "fifo".into(),
        about: about.trim_start_matches("// ").into(),
        body: module.trim_start_matches("module fifo").into(),
        traits: Traits { memory: None, consts: vec![], widths: vec![] },
        own: Structure::default(),
    }
}

/// The signals of a queue in the block that uses it.
pub(super) struct Queue {
    pub clock: Option<SignalId>,
    pub enq: Side,
    pub deq: Side,
    pub level: Option<SignalId>,
}

/// One side of a queue.
#[derive(Default)]
pub(super) struct Side {
    /// Parts of an entry, the lowest first.
    pub parts: Vec<SignalId>,
    pub valid: Option<SignalId>,
    pub ready: Option<SignalId>,
}

impl Queue {
    pub fn of(scope: &Scope, child: &Child) -> Queue {
        let mut queue = Queue { clock: None, enq: Side::default(), deq: Side::default(), level: None };
        for &s in &child.signals {
            let port = scope.signals[s].path[child.path.len() + 1..].replace('$', "_");
            let (side, part) = match port.split_once('_') {
                Some(("enq", part)) => (&mut queue.enq, part),
                Some((_, part)) => (&mut queue.deq, part),
                None if port == "clock" => {
                    queue.clock = Some(s);
                    continue;
                }
                None => {
                    queue.level = Some(s);
                    continue;
                }
            };
            match part {
                "valid" => side.valid = Some(s),
                "ready" => side.ready = Some(s),
                _ => side.parts.push(s),
            }
        }
        queue
    }
}
