use rust_hdl::core::block::Block;

/// Passes after which a design that still changes is taken to oscillate.
const MAX_PASSES: usize = 1000;

/// Lets the outputs follow the inputs.
///
/// # Panics
/// If the design does not settle: it has a combinational loop.
#[track_caller]
pub fn settle<B: Block>(block: &mut B) {
    assert!(rust_hdl::core::simulate::simulate(block, MAX_PASSES), "the design does not settle: a combinational loop");
}

/// One cycle of a block with a `clock` field: `tick!(uut)`, or `tick!(uut, reset)` with the reset as given.
///
/// Inputs that were set before are taken in at the rising edge; afterwards the outputs have settled.
#[macro_export]
macro_rules! tick {
    ($uut:expr) => {
        $crate::tick!($uut, false)
    };
    ($uut:expr, $reset:expr) => {{
        $crate::rtl::settle(&mut $uut);
        let risen = $uut.clock.next.rise($reset);
        $uut.clock.next = risen;
        $crate::rtl::settle(&mut $uut);
    }};
}
