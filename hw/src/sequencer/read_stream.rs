use crate::rtl::prelude::*;

/// Requests between their claim and the network at the most. Full throughput wants 4 more than the cycles from `claim` to `put`.
const IN_FLIGHT: usize = 8;

/// Joins the words that a port of the global buffer returns with the tags of their requests, and queues them.
///
/// The owner claims a place (`claim`, while `room`), and some cycles later says with `put` what is on the buffer's port in this cycle: a read
/// (`fetch`) or, without it, a request for a zero. The buffer's word comes 2 cycles after, the pair is offered in the next.
/// Nothing is lost however long the receiver stalls. Throughput: one a cycle if `put` comes at most 4 cycles after `claim`.
#[derive(LogicBlock)]
pub struct ReadStream {
    pub clock: Wire<In, Clk>,
    pub claim: Wire<In>,
    pub room: Wire<Out>,
    pub put: Wire<In>,
    pub fetch: Wire<In>,
    pub tag: Wire<In>,
    /// Asks for a pulse of `returned` once this request's word, and so every earlier one, has come back.
    pub mark: Wire<In>,
    pub read_word: Wire<In>,
    pub returned: Wire<Out>,
    /// Nothing claimed that has not been taken.
    pub idle: Wire<Out>,
    pub out_valid: Wire<Out>,
    pub out_ready: Wire<In>,
    pub out_tag: Wire<Out>,
    pub out_word: Wire<Out>,
    words: Fifo,
    in_flight: Reg,
    /// In the buffer, and back: valid, fetch, mark, tag, from bit 0.
    request_1: Reg,
    request_2: Reg,
    marked: Reg,
    word: Wire<Local>,
    word_bits: Const,
    places: Const,
}

impl ReadStream {
    /// For signed words of `word_bits` bits with tags of `tag_bits` bits.
    pub fn new(tag_bits: usize, word_bits: usize) -> Self {
        ReadStream {
            clock: Default::default(),
            claim: Wire::bit(),
            room: Wire::bit(),
            put: Wire::bit(),
            fetch: Wire::bit(),
            tag: Wire::unsigned(tag_bits),
            mark: Wire::bit(),
            read_word: Wire::signed(word_bits),
            returned: Wire::bit(),
            idle: Wire::bit(),
            out_valid: Wire::bit(),
            out_ready: Wire::bit(),
            out_tag: Wire::unsigned(tag_bits),
            out_word: Wire::signed(word_bits),
            words: Fifo::new(IN_FLIGHT, tag_bits + word_bits, false),
            in_flight: Reg::unsigned(count_bits(IN_FLIGHT)),
            request_1: Reg::unsigned(tag_bits + 3),
            request_2: Reg::unsigned(tag_bits + 3),
            marked: Reg::bit(),
            word: Wire::unsigned(word_bits),
            word_bits: Const::new(word_bits),
            places: Const::new(IN_FLIGHT),
        }
    }
}

impl Logic for ReadStream {
    describe!("read_stream", "Words that a buffer port returns, with their tags, in a queue.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, in_flight, request_1, request_2, marked);
        self.words.clock.next = self.clock.val();

        self.request_1.d.next = (self.tag.val() << 3)
            | ((self.put.val() & self.mark.val()) << 2)
            | (self.fetch.val() << 1)
            | self.put.val();
        self.request_2.d.next = self.request_1.q.val();
        self.word.next = 0.into();
        if self.request_2.q.val().get_bit(1) {
            self.word.next = self.read_word.val();
        }
        self.words.enq.valid.next = self.request_2.q.val();
        self.words.enq.payload.next = (self.request_2.q.val() >> 3 << self.word_bits.val()) | self.word.val();
        self.marked.d.next = self.request_2.q.val().get_bit(2).into();
        self.returned.next = self.marked.q.val();

        self.out_valid.next = self.words.deq.valid.val();
        self.out_tag.next = self.words.deq.payload.val() >> self.word_bits.val();
        self.out_word.next = self.words.deq.payload.val();
        self.words.deq.ready.next = self.out_ready.val();

        self.room.next = (self.in_flight.q.val() < self.places.val()).into();
        self.idle.next = (!self.in_flight.q.val().any()).into();
        self.in_flight.d.next =
            self.in_flight.q.val() + self.claim.val() - (self.words.deq.valid.val() & self.out_ready.val());
    }
}
