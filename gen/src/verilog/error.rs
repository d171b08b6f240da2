use thiserror::Error;

/// A block that cannot be written as Verilog: where it is, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {fault}")]
pub struct EmitError {
    /// The block's path from the top, such as `accelerator.pes[3].mac`.
    pub path: String,
    /// What is wrong with the block.
    pub fault: Fault,
}

/// What can be wrong with a block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// A block without `describe!`.
    #[error("the block has no name; write `describe!(\"name\", \"what it is\")` in its `impl Logic`")]
    NoDescription,
    /// Something that rust-hdl allows and this writer does not.
    #[error("{0} cannot be written as Verilog")]
    Unsupported(String),
    /// A name that is neither a signal, a parameter nor a loop variable.
    #[error("`{0}` is not a signal, a `Const` or a loop variable of this block")]
    UnknownName(String),
    /// An index into a `Vec` whose value is not known when the design is built.
    #[error("the index in `{name}` cannot be evaluated: {reason}")]
    BadIndex {
        /// The indexed name as it stands in the source.
        name: String,
        /// What about it cannot be evaluated.
        reason: String,
    },
    /// A signal that keeps its old value on some path.
    #[error("`{0}` is not assigned on every path, which makes it a latch; give it a value before the `if` or `match`")]
    Latch(String),
    /// A signal that nothing drives.
    #[error("`{0}` is never assigned")]
    Undriven(String),
    /// A signal whose old value would be read.
    #[error("`{0}` is read before it is assigned")]
    ReadBeforeWrite(String),
    /// An assignment to a signal that the block does not drive.
    #[error("`{0}` is assigned, but it is an input of this block or an output of a block inside it")]
    NotDrivenHere(String),
    /// An expression wider than a `Word`.
    #[error("an expression of {0} bits is over the 128 that a `Word` holds; cut its operands with `bit_cast`")]
    TooWide(i128),
    /// A shift whose distance is signed.
    #[error("a shift by a signed distance")]
    SignedShift,
    /// An expression whose width the source does not settle.
    #[error(
        "the width of an operand of `{0}` depends on whether a `Const` was read with `val()` or `index()`; \
         fix it with `bit_cast`"
    )]
    LooseWidth(&'static str),
    /// One of the above, and the statement it is in.
    #[error("{place}: {fault}")]
    Within {
        /// What is wrong.
        fault: Box<Fault>,
        /// Where.
        place: String,
    },
}

impl Fault {
    /// The same fault with the statement it is in.
    pub(super) fn within(self, place: impl FnOnce() -> String) -> Fault {
        match self {
            Fault::Within { .. } => self,
            fault => Fault::Within { fault: Box::new(fault), place: place() },
        }
    }
}
