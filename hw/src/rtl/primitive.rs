use rust_hdl::core::ast::Verilog;
use rust_hdl::core::timing::TimingInfo;

/// A block that the Verilog writer prints itself, inside the module that uses it, instead of from its `update`.
///
/// A primitive's `Logic::hdl` returns [`Primitive::to_hdl`]; a probe over the design gets it back with [`Primitive::from_hdl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primitive {
    /// Ports `clock d q`: `q` takes `d` at each rising edge, or the reset value while reset is high.
    Reg {
        /// Value after reset, as a number (two's complement if the register is signed); none if it is not reset.
        reset: Option<i128>,
        /// It is part of a synchroniser: tools must keep it as it is, beside the others.
        synchronizer: bool,
    },
    /// Ports `clock write write_address write_data read_address read_data`: write at the edge, read at once.
    RegFile {
        /// Number of words.
        depth: usize,
    },
    /// Ports `clock write write_address write_data read read_address read_data`: the read word appears after the edge and
    /// stays until the next read; what a read and a write of one address in one cycle read is undefined.
    Sram {
        /// Number of words.
        depth: usize,
    },
}

impl Primitive {
    /// The form in which rust-hdl carries a primitive.
    pub fn to_hdl(self) -> Verilog {
        Verilog::Custom(match self {
            Primitive::Reg { reset: None, .. } => "data_reg 0".into(),
            Primitive::Reg { reset: Some(reset), synchronizer: false } => format!("reg {reset}"),
            Primitive::Reg { reset: Some(reset), synchronizer: true } => format!("synchronizer_reg {reset}"),
            Primitive::RegFile { depth } => format!("reg_file {depth}"),
            Primitive::Sram { depth } => format!("sram {depth}"),
        })
    }

    /// The primitive that `hdl` stands for, if it is one.
    pub fn from_hdl(hdl: &Verilog) -> Option<Primitive> {
        let Verilog::Custom(text) = hdl else { return None };
        let (kind, number) = text.split_once(' ')?;
        match kind {
            "data_reg" => Some(Primitive::Reg { reset: None, synchronizer: false }),
            "reg" | "synchronizer_reg" => {
                Some(Primitive::Reg { reset: Some(number.parse().ok()?), synchronizer: kind != "reg" })
            }
            "reg_file" => Some(Primitive::RegFile { depth: number.parse().ok()? }),
            "sram" => Some(Primitive::Sram { depth: number.parse().ok()? }),
            _ => None,
        }
    }
}

/// What a block is called in Verilog and the line that says what it is, in the form in which rust-hdl carries it.
///
/// rust-hdl hands a probe a block without its type; `Logic::timing` is the one method that a block may answer with text.
/// Use the [`describe!`](crate::describe) macro.
pub fn describe(name: &str, about: &str) -> Vec<TimingInfo> {
    vec![TimingInfo { name: name.into(), clock: about.into(), inputs: vec![], outputs: vec![] }]
}

/// The module name and description that a block was given with [`describe!`](crate::describe).
pub fn description(block: &dyn rust_hdl::core::block::Block) -> Option<(String, String)> {
    block.timing().into_iter().next().map(|t| (t.name, t.clock))
}

/// As [`describe`], of a queue of `depth` words that behaves as [`Fifo`](super::Fifo) does.
///
/// Its ports are `clock`; `enq` and `deq`, each with `valid`, `ready` and either `payload` or numbered parts of one; and
/// `level` or none. A writer may put a module of its own that is such a queue in the block's place.
pub fn describe_queue(name: &str, about: &str, depth: usize) -> Vec<TimingInfo> {
    let mark = TimingInfo { name: QUEUE.into(), clock: depth.to_string(), inputs: vec![], outputs: vec![] };
    describe(name, about).into_iter().chain([mark]).collect()
}

/// The depth of a block that was described with [`describe_queue`].
pub fn queue_depth(block: &dyn rust_hdl::core::block::Block) -> Option<usize> {
    let mark = block.timing().into_iter().nth(1)?;
    (mark.name == QUEUE).then(|| mark.clock.parse().ok())?
}

const QUEUE: &str = "queue";

/// Names a block's Verilog module and says in a line what it is. Stands in the block's `impl Logic`.
/// For a queue as [`describe_queue`](crate::rtl::describe_queue) says, `queue of depth` names the `Const` with its depth.
#[macro_export]
macro_rules! describe {
    ($name:literal, $about:literal) => {
        fn timing(&self) -> Vec<$crate::rtl::prelude::TimingInfo> {
            $crate::rtl::describe($name, $about)
        }
    };
    ($name:literal, $about:literal, queue of $depth:ident) => {
        fn timing(&self) -> Vec<$crate::rtl::prelude::TimingInfo> {
            $crate::rtl::describe_queue($name, $about, self.$depth.index())
        }
    };
}

/// Gives registers their clock and lets them keep their value unless `update` says otherwise: `dff_setup!(self, clock, a, b)`.
#[macro_export]
macro_rules! dff_setup {
    ($self:ident, $clock:ident, $($reg:ident),+ $(,)?) => {
        $($self.$reg.clock.next = $self.$clock.val();
        $self.$reg.d.next = $self.$reg.q.val();)+
    };
}
