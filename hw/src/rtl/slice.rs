/// Defines a block that takes fields out of the words of a command, or of any other row of words.
///
/// An expression in `update` cannot name a path such as `layer::STEP.low`; this block turns each field into an output, so that
/// `update` says `self.fields.step.val()`. A field is anything with `word`, `low` and `bits`; the number behind it is the
/// width that is kept of it. Latency: 0.
///
/// ```
/// use hw::program::layer;
/// use hw::rtl::prelude::*;
///
/// hw::slices! {
///     /// The fields of `LAYER` that this example needs.
///     pub struct LayerFields, "layer_fields", "Fields of a LAYER command.";
///     fn new(taps_bits: usize);
///     words 1..8;
///     taps_m1: layer::TAPS_M1, taps_bits;
///     psum_shift: layer::PSUM_SHIFT, 8;
/// }
///
/// let mut fields = LayerFields::new(4);
/// fields.connect_all();
/// fields.source[1].next = Word::new(0x1f << 32, 64, false); // word 2 of the command
/// settle(&mut fields);
/// assert_eq!(fields.psum_shift.val(), 0x1f);
/// ```
///
/// `source[i]` is the i-th word of the range after `words`.
#[macro_export]
macro_rules! slices {
    (
        $(#[$about:meta])*
        $visibility:vis struct $Name:ident, $module:literal, $line:literal;
        fn new($($parameter:ident: $Type:ty),*);
        words $first:literal..$end:literal;
        $($field:ident: $place:expr, $bits:expr;)+
    ) => {
        $(#[$about])*
        #[derive(LogicBlock)]
        $visibility struct $Name {
            pub source: Vec<Wire<In>>,
            $(pub $field: Wire<Out>,)+
        }

        #[allow(clippy::new_without_default)] // Some have no parameters.
        impl $Name {
            /// A block with outputs of these widths.
            $visibility fn new($($parameter: $Type),*) -> Self {
                $({
                    let bits: usize = $bits;
                    assert!(($first..$end).contains(&$place.word) && bits <= $place.bits, stringify!($field));
                })+
                $Name {
                    source: (0..($end - $first)).map(|_| Wire::unsigned(64)).collect(),
                    $($field: Wire::unsigned($bits),)+
                }
            }
        }

        impl Logic for $Name {
            $crate::describe!($module, $line);

            fn update(&mut self) {
                $(self.$field.next = self.source[$place.word - $first].val() >> Word::from($place.low);)+
            }

            fn connect(&mut self) {
                $(self.$field.connect();)+
            }

            // `#[hdl_gen]` translates tokens; the same statements with the numbers put in are built here.
            fn hdl(&self) -> Verilog {
                Verilog::Combinatorial(vec![$(
                    $crate::rtl::slice(stringify!($field), $place.word - $first, $place.low, self.$field.width()),
                )+])
            }
        }
    };
}

use rust_hdl::core::ast::{VerilogExpression, VerilogOp, VerilogStatement};

/// The syntax tree of `self.field.next = bit_cast(self.source[word].val() >> low, bits)`, for [`slices!`](crate::slices).
pub fn slice(field: &str, word: usize, low: usize, bits: usize) -> VerilogStatement {
    let source = Box::new(VerilogExpression::Signal(format!("source[{word}]")));
    let shifted = VerilogExpression::Binary(source, VerilogOp::Shr, Box::new(VerilogExpression::Literal(low.into())));
    VerilogStatement::Assignment(
        VerilogExpression::Signal(format!("{field}$next")),
        VerilogExpression::Cast(Box::new(shifted), bits),
    )
}
