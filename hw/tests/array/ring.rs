//! The ring of addresses against a list of words.

use crate::random::Random;
use hw::array::Ring;
use hw::rtl::prelude::*;

/// Words put one by one are read in windows of random length that overlap by random amounts, and none is overwritten early.
#[test]
fn windows_slide_over_words_in_order() {
    for depth in [1, 2, 3, 4, 7, 16] {
        let random = &mut Random::new(depth as u64);
        let mut uut = Ring::new(depth);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut memory = vec![usize::MAX; depth];
        // Words put, words freed, word that is read next; the sweep's length, what it frees, where it is.
        let (mut put, mut freed, mut read) = (0, 0, 0);
        let (mut length, mut frees, mut at) = (1, 1, 0);
        for _ in 0..20_000 {
            let offer = random.chance(70);
            let want = random.chance(70);
            settle(&mut uut);
            assert_eq!(uut.room.val().any(), put - freed < depth);
            assert_eq!(uut.available.val().any(), read < put);
            let (write, take) = (offer && put - freed < depth, want && read < put);
            let free = at < frees;
            let rewind = at + 1 == length && !free;
            uut.put.next = write.into();
            uut.take.next = take.into();
            uut.free.next = free.into();
            uut.rewind.next = rewind.into();
            settle(&mut uut);
            if take {
                assert_eq!(memory[uut.read_address.val().index()], read, "depth {depth}");
            }
            if write {
                memory[uut.write_address.val().index()] = put;
            }
            tick!(uut);
            put += write as usize;
            if take {
                freed += free as usize;
                read = if rewind { freed } else { read + 1 };
                at += 1;
                if at == length {
                    // A window that follows has the words that were not freed.
                    at = 0;
                    length = random.within(length - frees.min(length)..=depth).max(1);
                    frees = [0, random.within(0..=length), length][random.below(3)];
                }
            }
        }
        assert!(put > 1000);
    }
}
