use super::registers::Counter;
use super::verilog;
use crate::verilog::{Part, Structure};
use hw::rtl::prelude::*;

fn counts(structure: &Structure) -> Vec<(Part, usize)> {
    Part::ALL.into_iter().map(|part| (part, structure[part])).filter(|(_, count)| *count > 0).collect()
}

#[test]
fn a_counter_is_a_register_and_a_step() {
    let verilog = verilog(Counter::new(12));
    assert_eq!(counts(&verilog.whole), [(Part::Resettable, 12), (Part::Step, 12), (Part::Gate, 1)]);
    assert!(verilog.whole.memories.is_empty());
}

/// Multiplies what two counters, a queue and memories give.
#[derive(LogicBlock)]
struct Mixture {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub address: Wire<In>,
    pub enable: Wire<In>,
    pub low: Wire<In>,
    pub product: Wire<Out>,
    counters: Vec<Counter>,
    queue: Fifo,
    spad: RegFile,
    memory: Sram,
    chosen: Wire<Local>,
}

impl Logic for Mixture {
    describe!("mixture", "A part of each kind.");

    #[hdl_gen]
    fn update(&mut self) {
        self.queue.clock.next = self.clock.val();
        self.spad.clock.next = self.clock.val();
        self.memory.clock.next = self.clock.val();
        for i in 0..2 {
            self.counters[i].clock.next = self.clock.val();
            self.counters[i].enable.next = self.enable.val();
        }
        StreamIn::link(&mut self.enq, &mut self.queue.enq);
        self.queue.deq.ready.next = self.enable.val();
        self.spad.write.next = self.enable.val();
        self.spad.write_address.next = self.address.val();
        self.spad.write_data.next = self.low.val();
        self.spad.read_address.next = self.address.val();
        self.memory.write.next = self.enable.val();
        self.memory.write_address.next = self.address.val();
        self.memory.write_data.next = self.low.val();
        self.memory.read.next = self.enable.val();
        self.memory.read_address.next = self.address.val();
        // A choice, and words side by side, which are wires.
        self.chosen.next = self.spad.read_data.val();
        if self.enable.val().any() {
            self.chosen.next = (self.memory.read_data.val() << 3) | bit_cast(self.address.val(), 3);
        }
        self.product.next = self.chosen.val() * self.queue.deq.payload.val() + self.counters[1].value.val();
    }
}

#[test]
fn each_kind_of_part_is_counted_in_bits_and_instances_as_often_as_they_are_there() {
    let verilog = verilog(Mixture {
        clock: Default::default(),
        enq: StreamIn::new(5, false),
        address: Wire::unsigned(3),
        enable: Wire::bit(),
        low: Wire::unsigned(4),
        product: Wire::unsigned(10),
        counters: (0..2).map(|_| Counter::new(6)).collect(),
        queue: Fifo::new(4, 5, false),
        spad: RegFile::new(8, 4, false),
        memory: Sram::new(8, 4, false),
        chosen: Wire::unsigned(7),
    });
    let expected = [
        (Part::Resettable, 12),
        (Part::Word, 32),
        (Part::Queued, 20),
        (Part::Pointer, 7),
        (Part::Sum, 10),
        (Part::Step, 12),
        (Part::Product, 35),
        (Part::Choice, 7),
        (Part::Gate, 3),
    ];
    assert_eq!(counts(&verilog.whole), expected);
    assert_eq!(verilog.whole.memories.iter().collect::<Vec<_>>(), [(&32, &1)]);
}
