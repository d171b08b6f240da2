use super::fields::{places, stream_offset_bits, StreamFields};
use super::ifmap_loops::IfmapLoops;
use super::layer_in::IfmapLayer;
use super::read_stream::ReadStream;
use super::{COLUMN_BITS, QUEUED_PASSES, SEMAPHORE_BITS};
use crate::arch::{Arch, TILE_INDEX_BITS};
use crate::program::table;
use crate::rtl::prelude::*;

/// Sends the ifmap words of a pass from the global buffer to the array, in the order in which windows use them.
///
/// For each image, column x, stream of the table and channel c, one word with the stream's tag: zero, without a read, if x is outside
/// the row, the stream's row outside `h_lo..h_hi` or its channel not below `c_valid`; otherwise buffer word
/// `tile + offset + c·channel_stride + image·image_stride + x`. Passes wait in a queue of [`QUEUED_PASSES`].
/// Throughput: a word a cycle, but for one between passes. Latency: a pass's first word is offered 7 cycles after the pass was taken in.
#[derive(LogicBlock)]
pub struct IfmapWalker {
    pub clock: Wire<In, Clk>,
    pub layer: IfmapLayer,
    /// Writes an entry of the table of streams.
    pub table_write: Wire<In>,
    pub table_index: Wire<In>,
    pub table_word: Wire<In>,
    // Passes
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub c_valid: Wire<In>,
    pub h_lo: Wire<In>,
    pub h_hi: Wire<In>,
    /// Take one count of `loaded` before the pass.
    pub wait_loaded: Wire<In>,
    /// Post `ifmap_free` when the pass's last read has come back.
    pub post_free: Wire<In>,
    pub loaded_post: Wire<In>,
    pub ifmap_free_post: Wire<Out>,
    /// Nothing queued, in work or on its way to the network.
    pub idle: Wire<Out>,
    // Global buffer
    pub ifmap_read: Wire<Out>,
    pub ifmap_address: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    // Network
    pub ifmap_valid: Wire<Out>,
    pub ifmap_ready: Wire<In>,
    pub ifmap_y: Wire<Out>,
    pub ifmap_x: Wire<Out>,
    pub ifmap_word: Wire<Out>,
    queue: Fifo,
    loops: IfmapLoops,
    fields: StreamFields,
    table: Sram,
    stream: ReadStream,
    loaded: Reg,
    // The pass in work
    channels: Reg,
    row_low: Reg,
    row_high: Reg,
    post: Reg,
    // The word whose table entry is read
    looked_up: Reg,
    address: Reg,
    channel: Reg,
    inside: Reg,
    last: Reg,
    // The word at the buffer's port
    put: Reg,
    read: Reg,
    read_address: Reg,
    mark: Reg,
    tag: Reg,
    offset: Wire<Local>,
    row: Wire<Local>,
    start: Wire<Local>,
    step: Wire<Local>,
    /// Where the fields of a queued pass begin: tile, x_start, c_valid, h_lo, h_hi, wait_loaded, post_free.
    pass_at: Vec<Const>,
    /// Where the fields of a table entry begin: y, x, offset, h, c.
    entry_at: Vec<Const>,
}

impl IfmapWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let word = arch.word_address_bits();
        let (y, x) = (arch.tag_y_bits(), arch.ifmap_x_bits());
        let (h, c) = (table::STREAM_H.bits, table::STREAM_C.bits);
        let entry = [y, x, stream_offset_bits(arch), h, c];
        let pass = [word, COLUMN_BITS, TILE_INDEX_BITS, TILE_INDEX_BITS, TILE_INDEX_BITS, 1, 1];
        IfmapWalker {
            clock: Default::default(),
            layer: IfmapLayer::new(arch),
            table_write: Wire::bit(),
            table_index: Wire::unsigned(x),
            table_word: Wire::unsigned(64),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            tile: Wire::unsigned(word),
            x_start: Wire::unsigned(COLUMN_BITS),
            c_valid: Wire::unsigned(TILE_INDEX_BITS),
            h_lo: Wire::unsigned(TILE_INDEX_BITS),
            h_hi: Wire::unsigned(TILE_INDEX_BITS),
            wait_loaded: Wire::bit(),
            post_free: Wire::bit(),
            loaded_post: Wire::bit(),
            ifmap_free_post: Wire::bit(),
            idle: Wire::bit(),
            ifmap_read: Wire::bit(),
            ifmap_address: Wire::unsigned(word),
            ifmap_read_word: Wire::signed(arch.width),
            ifmap_valid: Wire::bit(),
            ifmap_ready: Wire::bit(),
            ifmap_y: Wire::unsigned(y),
            ifmap_x: Wire::unsigned(x),
            ifmap_word: Wire::signed(arch.width),
            queue: Fifo::new(QUEUED_PASSES, pass.iter().sum(), false),
            loops: IfmapLoops::new(arch),
            fields: StreamFields::new(arch),
            table: Sram::new(arch.pes(), entry.iter().sum(), false),
            stream: ReadStream::new(y + x, arch.width),
            loaded: Reg::unsigned(SEMAPHORE_BITS),
            channels: Reg::data(TILE_INDEX_BITS, false),
            row_low: Reg::data(TILE_INDEX_BITS, false),
            row_high: Reg::data(TILE_INDEX_BITS, false),
            post: Reg::data(1, false),
            looked_up: Reg::bit(),
            address: Reg::data(word, false),
            channel: Reg::data(arch.taps_bits(), false),
            inside: Reg::data(1, false),
            last: Reg::data(1, false),
            put: Reg::bit(),
            read: Reg::bit(),
            read_address: Reg::data(word, false),
            mark: Reg::bit(),
            tag: Reg::data(y + x, false),
            offset: Wire::unsigned(stream_offset_bits(arch)),
            row: Wire::unsigned(h),
            start: Wire::bit(),
            step: Wire::bit(),
            pass_at: places(&pass),
            entry_at: places(&entry),
        }
    }
}

impl Logic for IfmapWalker {
    describe!("ifmap_walker", "Reads a pass's ifmap words from the buffer and sends them to the array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            loaded,
            channels,
            row_low,
            row_high,
            post,
            looked_up,
            address,
            channel,
            inside,
            last,
            put,
            read,
            read_address,
            mark,
            tag
        );
        self.queue.clock.next = self.clock.val();
        self.loops.clock.next = self.clock.val();
        self.table.clock.next = self.clock.val();
        self.stream.clock.next = self.clock.val();
        IfmapLayer::link(&mut self.layer, &mut self.loops.layer);

        // The table
        self.fields.source[0].next = self.table_word.val();
        self.table.write.next = self.table_write.val();
        self.table.write_address.next = self.table_index.val();
        self.table.write_data.next = self.fields.y.val()
            | (self.fields.x.val() << self.entry_at[1].val())
            | (self.fields.offset.val() << self.entry_at[2].val())
            | (self.fields.h.val() << self.entry_at[3].val())
            | (self.fields.c.val() << self.entry_at[4].val());

        // A pass is taken once its tile is there and all words of the one before have been issued
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.tile.val()
            | (self.x_start.val() << self.pass_at[1].val())
            | (self.c_valid.val() << self.pass_at[2].val())
            | (self.h_lo.val() << self.pass_at[3].val())
            | (self.h_hi.val() << self.pass_at[4].val())
            | (self.wait_loaded.val() << self.pass_at[5].val())
            | (self.post_free.val() << self.pass_at[6].val());
        self.pass_ready.next = self.queue.enq.ready.val();
        self.start.next = (self.queue.deq.valid.val().any()
            && !self.loops.busy.val().any()
            && (!self.queue.deq.payload.val().get_bit(self.pass_at[5].val()) || self.loaded.q.val().any()))
        .into();
        self.queue.deq.ready.next = self.start.val();
        self.loops.start.next = self.start.val();
        self.loops.tile.next = self.queue.deq.payload.val();
        self.loops.x_start.next = self.queue.deq.payload.val() >> self.pass_at[1].val();
        if self.start.val().any() {
            self.channels.d.next = self.queue.deq.payload.val() >> self.pass_at[2].val();
            self.row_low.d.next = self.queue.deq.payload.val() >> self.pass_at[3].val();
            self.row_high.d.next = self.queue.deq.payload.val() >> self.pass_at[4].val();
            self.post.d.next = self.queue.deq.payload.val() >> self.pass_at[6].val();
        }
        self.loaded.d.next = self.loaded.q.val() + self.loaded_post.val()
            - (self.start.val() & (self.queue.deq.payload.val() >> self.pass_at[5].val()));

        // The table entry is read, and the part of the address that it does not change is added up
        self.step.next = self.loops.busy.val() & self.stream.room.val();
        self.loops.advance.next = self.step.val();
        self.table.read.next = self.step.val();
        self.table.read_address.next = self.loops.stream.val();
        self.looked_up.d.next = self.step.val();
        self.address.d.next = self.loops.address.val();
        self.channel.d.next = self.loops.channel.val();
        self.inside.d.next = self.loops.inside.val();
        self.last.d.next = self.loops.last.val();

        // The buffer is read
        self.offset.next = self.table.read_data.val() >> self.entry_at[2].val();
        self.row.next = self.table.read_data.val() >> self.entry_at[3].val();
        self.put.d.next = self.looked_up.q.val();
        self.read.d.next = (self.looked_up.q.val().any()
            && self.inside.q.val().any()
            && self.row.val() >= self.row_low.q.val()
            && self.row.val() < self.row_high.q.val()
            && (self.table.read_data.val() >> self.entry_at[4].val()) + self.channel.q.val() < self.channels.q.val())
        .into();
        self.read_address.d.next = self.address.q.val() + self.offset.val();
        self.mark.d.next = self.last.q.val() & self.post.q.val();
        self.tag.d.next = self.table.read_data.val();
        self.ifmap_read.next = self.read.q.val();
        self.ifmap_address.next = self.read_address.q.val();

        // What comes back goes to the network
        self.stream.claim.next = self.step.val();
        self.stream.put.next = self.put.q.val();
        self.stream.fetch.next = self.read.q.val();
        self.stream.tag.next = self.tag.q.val();
        self.stream.mark.next = self.mark.q.val();
        self.stream.read_word.next = self.ifmap_read_word.val();
        self.ifmap_free_post.next = self.stream.returned.val();
        self.ifmap_valid.next = self.stream.out_valid.val();
        self.ifmap_y.next = self.stream.out_tag.val();
        self.ifmap_x.next = self.stream.out_tag.val() >> self.entry_at[1].val();
        self.ifmap_word.next = self.stream.out_word.val();
        self.stream.out_ready.next = self.ifmap_ready.val();
        self.idle.next =
            (!self.queue.deq.valid.val().any() && !self.loops.busy.val().any() && self.stream.idle.val().any()).into();
    }
}
