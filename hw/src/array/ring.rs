use crate::rtl::prelude::*;

/// Addresses of a memory of `depth` words that is read in sliding windows.
///
/// Words enter at the tail and are read in order from the base on. A read with `rewind` goes back to the base, so that the
/// same words are read again; a read with `free` gives its word's place away and moves the base behind it. A sweep over a
/// window frees a run of words from its first one on, or none.
///
/// `room` and `available` come from registers alone; `room_next` says a cycle ahead what `room` will be. A word that is put is available in the
/// next cycle, a freed place has room in the next cycle. A ring of one idea for both spads: JSSC 2017 section VI keeps the ifmap window in a circular spad too.
#[derive(LogicBlock)]
pub struct Ring {
    pub clock: Wire<In, Clk>,
    // Words in
    pub put: Wire<In>,
    /// Whether a word can be put.
    pub room: Wire<Out>,
    pub room_next: Wire<Out>,
    pub write_address: Wire<Out>,
    // Words read
    pub take: Wire<In>,
    /// With `take`: the word is not read again.
    pub free: Wire<In>,
    /// With `take`: the next read is at the base, where at least one word is left.
    pub rewind: Wire<In>,
    /// Whether the word at `read_address` is there.
    pub available: Wire<Out>,
    pub read_address: Wire<Out>,
    base: Reg,
    read: Reg,
    tail: Reg,
    /// No place is left between tail and base.
    full: Reg,
    /// A word is left between the place that is read next and the tail.
    ahead: Reg,
    full_next: Wire<Local>,
    after_read: Wire<Local>,
    after_tail: Wire<Local>,
    depth: Const,
    /// An address that counts on past the last word is not 0 by itself.
    wraps: Const,
}

impl Ring {
    /// Addresses for `depth` words.
    pub fn new(depth: usize) -> Self {
        let bits = address_bits(depth);
        Ring {
            clock: Default::default(),
            put: Wire::bit(),
            room: Wire::bit(),
            room_next: Wire::bit(),
            write_address: Wire::unsigned(bits),
            take: Wire::bit(),
            free: Wire::bit(),
            rewind: Wire::bit(),
            available: Wire::bit(),
            read_address: Wire::unsigned(bits),
            base: Reg::unsigned(bits),
            read: Reg::unsigned(bits),
            tail: Reg::unsigned(bits),
            full: Reg::bit(),
            ahead: Reg::bit(),
            full_next: Wire::bit(),
            after_read: Wire::unsigned(bits),
            after_tail: Wire::unsigned(bits),
            depth: Const::new(depth),
            wraps: Const::new((depth < 1 << address_bits(depth)) as usize),
        }
    }
}

impl Logic for Ring {
    describe!("ring", "Addresses of a memory that is read in sliding windows.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, base, read, tail, full, ahead);
        self.room.next = (!self.full.q.val().any()).into();
        self.available.next = self.ahead.q.val();
        self.write_address.next = self.tail.q.val();
        self.read_address.next = self.read.q.val();

        self.after_read.next = self.read.q.val() + 1;
        if self.wraps.val().any() && self.read.q.val() == self.depth.val() - 1 {
            self.after_read.next = 0.into();
        }
        self.after_tail.next = self.tail.q.val() + 1;
        if self.wraps.val().any() && self.tail.q.val() == self.depth.val() - 1 {
            self.after_tail.next = 0.into();
        }

        self.full_next.next = self.full.q.val();
        if self.take.val().any() {
            self.read.d.next = self.after_read.val();
            self.ahead.d.next = (self.after_read.val() != self.tail.q.val()).into();
            if self.rewind.val().any() {
                self.read.d.next = self.base.q.val();
                self.ahead.d.next = 1.into();
            }
        }
        if self.put.val().any() {
            self.tail.d.next = self.after_tail.val();
            self.ahead.d.next = 1.into();
            self.full_next.next = (self.after_tail.val() == self.base.q.val()).into();
        }
        if self.take.val().any() && self.free.val().any() {
            self.base.d.next = self.after_read.val();
            self.full_next.next = 0.into();
        }
        self.full.d.next = self.full_next.val();
        self.room_next.next = (!self.full_next.val().any()).into();
    }
}
