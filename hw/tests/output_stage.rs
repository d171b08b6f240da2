//! The output stage by itself, against plain arithmetic at the edges of every width.

mod shell_bench;

use hw::program::flag;
use hw::rtl::prelude::*;
use hw::shell::output_stage::{OutputStage, LATENCY};
use shell_bench::arch;
use shell_bench::job::{result, Channel};
use shell_bench::memory::Random;

#[test]
fn results_are_exact_at_every_width_scale_and_shift() {
    for (width, psum_width) in [(2, 2), (5, 7), (8, 8), (8, 16), (12, 31), (16, 32), (16, 40), (32, 64), (2, 64)] {
        let arch = arch(width, psum_width, 64);
        let mut uut = OutputStage::new(&arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut random = Random((width * 100 + psum_width) as u64);
        let top = 1i128 << (psum_width - 1);
        let mut channels = vec![];
        for i in 0..256usize {
            let mut channel = Channel::random(&mut random, &arch);
            if i < 64 {
                channel = Channel { bias: 0, scale: [1, 0xffff, 3, 0x8000][i % 4], shift: i as u64 };
            }
            uut.param_write.next = 1.into();
            uut.param_index.next = i.into();
            uut.param_bias.next = Word::new(channel.bias as i128, psum_width, false);
            uut.param_scale.next = (channel.scale as usize).into();
            uut.param_shift.next = (channel.shift as usize).into();
            tick!(uut);
            channels.push(channel);
        }
        uut.param_write.next = 0.into();
        let edges = [0, 1, -1, 2, -2, top - 1, -top, top / 2, -top / 2, top - 2, 1 - top];
        let mut expect = std::collections::VecDeque::new();
        let mut late = [0i128; 2];
        for n in 0..6000usize {
            let psum = if n < 256 * edges.len() {
                Word::new(edges[n / 256], psum_width, true).value()
            } else {
                Word::new((random.next() as i64 >> random.below(63)) as i128, psum_width, true).value()
            };
            let flags =
                [0, flag::STORE_RELU, flag::STORE_RAW, flag::STORE_RAW | flag::STORE_RELU][random.below(4) as usize];
            let read = random.chance(80);
            let last = random.chance(20);
            uut.read.next = read.into();
            uut.param.next = (n % 256).into();
            uut.raw.next = (flags & flag::STORE_RAW != 0).into();
            uut.relu.next = (flags & flag::STORE_RELU != 0).into();
            uut.last.next = last.into();
            uut.psum.next = Word::new(late[1], psum_width, true);
            let due = read.then(|| (result(&arch, psum, channels[n % 256], flags), last, psum, channels[n % 256]));
            expect.push_back(due);
            settle(&mut uut);
            if n >= LATENCY {
                let due = expect.pop_front().unwrap();
                assert_eq!(uut.valid.val().any(), due.is_some());
                if let Some((value, last, psum, channel)) = due {
                    let got = uut.value.val().value();
                    assert_eq!(got, value, "W {width}, P {psum_width}: {psum} with {channel:?}");
                    assert_eq!(uut.value_last.val().any(), last);
                }
            }
            late = [psum, late[0]];
            tick!(uut);
        }
    }
}
