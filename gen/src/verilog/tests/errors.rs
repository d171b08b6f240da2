use super::check_error;
use expect_test::{expect, Expect};
use hw::rtl::prelude::*;

/// A block with two inputs, an output, a local, a register and a row of wires.
macro_rules! block {
    ($name:ident) => {
        #[derive(LogicBlock)]
        struct $name {
            pub clock: Wire<In, Clk>,
            pub a: Wire<In>,
            pub b: Wire<In>,
            pub out: Wire<Out>,
            sum: Wire<Local>,
            row: Vec<Wire<Local>>,
            count: Reg,
            size: Const,
            _hidden: usize,
        }

        impl $name {
            #[allow(clippy::new_without_default)]
            fn new() -> Self {
                $name {
                    clock: Default::default(),
                    a: Wire::unsigned(8),
                    b: Wire::signed(8),
                    out: Wire::unsigned(8),
                    sum: Wire::unsigned(9),
                    row: (0..3).map(|_| Wire::unsigned(8)).collect(),
                    count: Reg::unsigned(8),
                    size: Const::new(3),
                    _hidden: 2,
                }
            }
        }
    };
}

#[track_caller]
fn check(top: impl Block, expect: Expect) {
    check_error(top, expect);
}

#[test]
fn a_signal_that_keeps_its_value_is_a_latch() {
    block!(Latch);
    impl Logic for Latch {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            if self.a.val().any() {
                self.out.next = self.a.val();
            }
        }
    }
    check(Latch::new(), expect!["top: `out` is not assigned on every path, which makes it a latch; give it a value before the `if` or `match`"]);
}

#[test]
fn a_match_that_forgets_a_signal_is_a_latch() {
    block!(Latch);
    impl Logic for Latch {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = 0.into();
            match self.a.val().index() {
                0 => self.sum.next = 1.into(),
                1 => {}
                _ => self.sum.next = self.b.val(),
            }
        }
    }
    check(Latch::new(), expect!["top: `sum` is not assigned on every path, which makes it a latch; give it a value before the `if` or `match`"]);
}

#[test]
fn an_output_needs_a_value() {
    block!(Undriven);
    impl Logic for Undriven {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.sum.next = self.a.val();
        }
    }
    check(Undriven::new(), expect!["top: `out` is never assigned"]);
}

#[test]
fn a_local_that_is_read_needs_a_value() {
    block!(Undriven);
    impl Logic for Undriven {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = self.sum.val();
        }
    }
    check(Undriven::new(), expect!["top: `sum` is never assigned"]);
}

#[test]
fn a_register_needs_a_clock() {
    block!(Unclocked);
    impl Logic for Unclocked {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            self.count.d.next = self.a.val();
            self.out.next = self.count.q.val();
        }
    }
    check(Unclocked::new(), expect!["top: `count.clock` is never assigned"]);
}

#[test]
fn a_local_is_not_read_before_it_is_assigned() {
    block!(Early);
    impl Logic for Early {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = self.sum.val();
            self.sum.next = self.a.val() + 1;
        }
    }
    check(Early::new(), expect!["top: `sum` is read before it is assigned"]);
}

#[test]
fn an_index_of_a_hidden_field() {
    block!(Hidden);
    impl Logic for Hidden {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            for i in 0..3 {
                self.row[i].next = self.a.val();
            }
            self.out.next = self.row[self._hidden].val();
        }
    }
    check(Hidden::new(), expect!["top: the value of `out`: the index in `row[_hidden]` cannot be evaluated: `_hidden` starts with `_`, which hides it; make it a `Const`"]);
}

#[test]
fn an_index_that_is_a_signal() {
    block!(Dynamic);
    impl Logic for Dynamic {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            for i in 0..3 {
                self.row[i].next = self.a.val();
            }
            self.out.next = self.row[self.a.val().index()].val();
        }
    }
    check(Dynamic::new(), expect!["top: the value of `out`: the index in `row[a.val().index()]` cannot be evaluated: `a` is a signal; compare it with each index in a loop"]);
}

#[test]
fn an_index_past_the_end() {
    block!(Past);
    impl Logic for Past {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            for i in 0..3 {
                self.row[i].next = self.a.val();
            }
            self.out.next = self.row[self.size.index()].val();
        }
    }
    check(
        Past::new(),
        expect!["top: the value of `out`: `row[3]` is not a signal, a `Const` or a loop variable of this block"],
    );
}

const LIMIT: usize = 3;

#[test]
fn a_constant_that_is_no_field() {
    block!(Named);
    impl Logic for Named {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = self.a.val() + LIMIT;
        }
    }
    check(
        Named::new(),
        expect!["top: the value of `out`: `LIMIT` is not a signal, a `Const` or a loop variable of this block"],
    );
}

#[test]
fn an_expression_past_128_bits() {
    block!(Wide);
    impl Logic for Wide {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = self.a.val() << self.a.val();
        }
    }
    check(Wide::new(), expect!["top: the value of `out`: an expression of 263 bits is over the 128 that a `Word` holds; cut its operands with `bit_cast`"]);
}

#[test]
fn a_shift_by_a_signed_distance() {
    block!(Signed);
    impl Logic for Signed {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = self.a.val() >> self.b.val();
        }
    }
    check(Signed::new(), expect!["top: the value of `out`: a shift by a signed distance"]);
}

#[test]
fn a_width_that_the_source_does_not_settle() {
    block!(Loose);
    impl Logic for Loose {
        describe!("block", "A block with something wrong.");
        #[hdl_gen]
        fn update(&mut self) {
            dff_setup!(self, clock, count);
            self.out.next = signed_cast(self.size.val() + 1);
        }
    }
    check(Loose::new(), expect!["top: the value of `out`: the width of an operand of `signed_cast` depends on whether a `Const` was read with `val()` or `index()`; fix it with `bit_cast`"]);
}

#[test]
fn a_block_without_a_name() {
    #[derive(LogicBlock)]
    struct Nameless {
        pub a: Wire<In>,
    }
    impl Logic for Nameless {
        fn update(&mut self) {}
    }
    #[derive(LogicBlock)]
    struct Parent {
        parts: Vec<Nameless>,
    }
    impl Logic for Parent {
        describe!("parent", "Has a part without a name.");
        fn update(&mut self) {}
    }
    let parts = vec![Nameless { a: Wire::bit() }, Nameless { a: Wire::bit() }];
    check(
        Parent { parts },
        expect![[
            r#"top.parts[0]: the block has no name; write `describe!("name", "what it is")` in its `impl Logic`"#
        ]],
    );
}
