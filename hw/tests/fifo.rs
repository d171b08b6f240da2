//! The queue against a `VecDeque`.

use hw::rtl::prelude::*;
use std::collections::VecDeque;

/// A word taken in is offered in the next cycle; a full queue takes none; order is kept.
#[test]
fn words_come_out_in_order_under_random_stalls() {
    for depth in [1, 2, 3, 8] {
        let mut uut = Fifo::new(depth, 16, false);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut model = VecDeque::new();
        let mut random = 12345u32;
        for i in 0..5000 {
            random = random.wrapping_mul(1664525).wrapping_add(1013904223);
            uut.enq.valid.next = (random >> 30 & 1 == 1).into();
            uut.enq.payload.next = i.into();
            uut.deq.ready.next = (random >> 28 & 1 == 1).into();
            settle(&mut uut);
            assert_eq!(uut.enq.ready.val().any(), model.len() < depth);
            assert_eq!(uut.deq.valid.val().any(), !model.is_empty());
            assert_eq!(uut.level.val().index(), model.len());
            if uut.deq.valid.val().any() {
                assert_eq!(uut.deq.payload.val().index(), model[0]);
            }
            let put = uut.enq.valid.val().any() && uut.enq.ready.val().any();
            if uut.deq.valid.val().any() && uut.deq.ready.val().any() {
                model.pop_front();
            }
            if put {
                model.push_back(i);
            }
            tick!(uut);
        }
    }
}
