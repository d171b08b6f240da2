use super::Shell;
use crate::rtl::prelude::*;

impl Logic for Shell {
    describe!("shell", "Host port, command unit and DMA: everything around the array and the global buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        self.host.clock.next = self.clock.val();
        self.fetch.clock.next = self.clock.val() << self.host.shell_reset.val();
        self.commands.clock.next = self.clock.val() << self.host.shell_reset.val();
        self.loader.clock.next = self.clock.val() << self.host.shell_reset.val();
        self.filters.clock.next = self.clock.val() << self.host.shell_reset.val();
        self.store.clock.next = self.clock.val() << self.host.shell_reset.val();
        // Nothing is offered to the memory in reset, from its first edge on.
        self.reads.clock.next = self.clock.val() | self.host.shell_reset.val();
        self.writes.clock.next = self.clock.val() | self.host.shell_reset.val();
        self.core_reset.next = self.host.core_reset.val();

        // The host
        self.host.s_axil_awaddr.next = self.s_axil_awaddr.val();
        self.host.s_axil_awvalid.next = self.s_axil_awvalid.val();
        self.s_axil_awready.next = self.host.s_axil_awready.val();
        self.host.s_axil_wdata.next = self.s_axil_wdata.val();
        self.host.s_axil_wstrb.next = self.s_axil_wstrb.val();
        self.host.s_axil_wvalid.next = self.s_axil_wvalid.val();
        self.s_axil_wready.next = self.host.s_axil_wready.val();
        self.s_axil_bresp.next = self.host.s_axil_bresp.val();
        self.s_axil_bvalid.next = self.host.s_axil_bvalid.val();
        self.host.s_axil_bready.next = self.s_axil_bready.val();
        self.host.s_axil_araddr.next = self.s_axil_araddr.val();
        self.host.s_axil_arvalid.next = self.s_axil_arvalid.val();
        self.s_axil_arready.next = self.host.s_axil_arready.val();
        self.s_axil_rdata.next = self.host.s_axil_rdata.val();
        self.s_axil_rresp.next = self.host.s_axil_rresp.val();
        self.s_axil_rvalid.next = self.host.s_axil_rvalid.val();
        self.host.s_axil_rready.next = self.s_axil_rready.val();
        self.irq.next = self.host.irq.val();

        // Commands
        self.fetch.job_valid.next = (self.host.job_valid.val().any() && !self.host.halt.val().any()).into();
        self.host.job_ready.next = (self.fetch.job_ready.val().any() && !self.host.halt.val().any()).into();
        self.fetch.job_address.next = self.host.job_address.val();
        self.fetch.job_blocks.next = self.host.job_blocks.val();
        self.commands.halt.next = self.host.halt.val();
        self.commands.word_valid.next = self.fetch.word_valid.val();
        self.commands.word.next = self.fetch.word.val();
        self.commands.word_last.next = self.fetch.word_last.val();
        self.fetch.word_ready.next = self.commands.word_ready.val();
        self.all_idle.next = (self.loader.idle.val().any()
            && self.filters.idle.val().any()
            && self.store.idle.val().any()
            && self.writes.idle.val().any()
            && self.core_idle.val().any())
        .into();
        self.commands.all_idle.next = self.all_idle.val();
        self.flags.next = self.commands.flags.val();
        self.loader.flags.next = self.commands.flags.val();
        self.store.flags.next = self.commands.flags.val();
        for i in 0..7 {
            self.command[i].next = self.commands.command[i].val();
        }
        for i in 0..5 {
            self.loader.command[i].next = self.commands.command[i].val();
        }
        for i in 0..2 {
            self.filters.command[i].next = self.commands.command[i].val();
        }
        for i in 0..6 {
            self.store.command[i].next = self.commands.command[i].val();
        }
        self.loader.command_valid.next = self.commands.load_valid.val();
        self.commands.load_ready.next = self.loader.command_ready.val();
        self.filters.command_valid.next = self.commands.filter_valid.val();
        self.commands.filter_ready.next = self.filters.command_ready.val();
        self.store.command_valid.next = self.commands.store_valid.val();
        self.store.command_params.next = self.commands.store_params.val();
        self.commands.store_ready.next = self.store.command_ready.val();
        self.pass_valid.next = self.commands.pass_valid.val();
        self.commands.pass_ready.next = self.pass_ready.val();
        self.layer_write.next = self.commands.layer_write.val();
        self.table_write.next = self.commands.table_write.val();
        self.table_target.next = self.commands.table_target.val();
        self.table_index.next = self.commands.table_index.val();
        self.table_word.next = self.commands.table_word.val();
        self.store.table_write.next = (self.commands.table_write.val().any()
            && self.commands.table_target.val() == self.store_table.val())
        .into();
        self.store.table_index.next = self.commands.table_index.val();
        self.store.table_word.next = self.commands.table_word.val();

        // Semaphores and streams between the units and the core
        self.loader.ifmap_free_post.next = self.ifmap_free_post.val();
        self.loaded_post.next = self.loader.loaded_post.val();
        self.store.psum_done_post.next = self.psum_done_post.val();
        self.psum_free_post.next = self.store.psum_free_post.val();
        self.staging_valid.next = self.filters.staging_valid.val();
        self.filters.staging_ready.next = self.staging_ready.val();
        for i in 0..4 {
            self.staging_word[i].next = self.filters.staging_word[i].val();
            self.load_write[i].next = self.loader.load_write[i].val();
            self.load_line[i].next = self.loader.load_line[i].val();
            self.load_word[i].next = self.loader.load_word[i].val();
        }
        self.drain_read.next = self.store.drain_read.val();
        self.drain_lane.next = self.store.drain_lane.val();
        self.drain_line.next = self.store.drain_line.val();
        self.store.drain_grant.next = self.drain_grant.val();
        self.store.drain_word.next = self.drain_word.val();

        // Reads
        self.reads.halt.next = self.host.halt.val();
        self.reads.request_valid[self.command_reader.index()].next = self.fetch.request_valid.val();
        self.reads.request_valid[self.filter_reader.index()].next = self.filters.request_valid.val();
        self.reads.request_valid[self.load_reader.index()].next = self.loader.request_valid.val();
        self.reads.request_valid[self.params_reader.index()].next = self.store.request_valid.val();
        self.reads.request_address[self.command_reader.index()].next = self.fetch.request_address.val();
        self.reads.request_address[self.filter_reader.index()].next = self.filters.request_address.val();
        self.reads.request_address[self.load_reader.index()].next = self.loader.request_address.val();
        self.reads.request_address[self.params_reader.index()].next = self.store.request_address.val();
        self.reads.request_beats_m1[self.command_reader.index()].next = self.fetch.request_beats_m1.val();
        self.reads.request_beats_m1[self.filter_reader.index()].next = self.filters.request_beats_m1.val();
        self.reads.request_beats_m1[self.load_reader.index()].next = self.loader.request_beats_m1.val();
        self.reads.request_beats_m1[self.params_reader.index()].next = self.store.request_beats_m1.val();
        self.fetch.request_ready.next = self.reads.request_ready[self.command_reader.index()].val();
        self.filters.request_ready.next = self.reads.request_ready[self.filter_reader.index()].val();
        self.loader.request_ready.next = self.reads.request_ready[self.load_reader.index()].val();
        self.store.request_ready.next = self.reads.request_ready[self.params_reader.index()].val();
        self.reads.read_ready[self.command_reader.index()].next = self.fetch.read_ready.val();
        self.reads.read_ready[self.filter_reader.index()].next = self.filters.read_ready.val();
        self.reads.read_ready[self.load_reader.index()].next = self.loader.read_ready.val();
        self.reads.read_ready[self.params_reader.index()].next = self.store.read_ready.val();
        self.fetch.read_valid.next = self.reads.read_valid[self.command_reader.index()].val();
        self.filters.read_valid.next = self.reads.read_valid[self.filter_reader.index()].val();
        self.loader.read_valid.next = self.reads.read_valid[self.load_reader.index()].val();
        self.store.read_valid.next = self.reads.read_valid[self.params_reader.index()].val();
        self.fetch.read_data.next = self.reads.read_data.val();
        self.filters.read_data.next = self.reads.read_data.val();
        self.loader.read_data.next = self.reads.read_data.val();
        self.store.read_data.next = self.reads.read_data.val();
        self.m_axi_araddr.next = self.reads.m_axi_araddr.val();
        self.m_axi_arlen.next = self.reads.m_axi_arlen.val();
        self.m_axi_arsize.next = self.size.val();
        self.m_axi_arburst.next = 1.into();
        self.m_axi_arcache.next = 3.into();
        self.m_axi_arprot.next = 0.into();
        self.m_axi_arvalid.next = self.reads.m_axi_arvalid.val();
        self.reads.m_axi_arready.next = self.m_axi_arready.val();
        self.reads.m_axi_rdata.next = self.m_axi_rdata.val();
        self.reads.m_axi_rresp.next = self.m_axi_rresp.val();
        self.reads.m_axi_rlast.next = self.m_axi_rlast.val();
        self.reads.m_axi_rvalid.next = self.m_axi_rvalid.val();
        self.m_axi_rready.next = self.reads.m_axi_rready.val();

        // Writes
        self.writes.halt.next = self.host.halt.val();
        self.writes.beat_valid.next = self.store.beat_valid.val();
        self.store.beat_ready.next = self.writes.beat_ready.val();
        self.writes.beat_data.next = self.store.beat_data.val();
        self.writes.beat_strobe.next = self.store.beat_strobe.val();
        self.writes.burst_valid.next = self.store.burst_valid.val();
        self.store.burst_ready.next = self.writes.burst_ready.val();
        self.writes.burst_address.next = self.store.burst_address.val();
        self.writes.burst_beats_m1.next = self.store.burst_beats_m1.val();
        self.m_axi_awaddr.next = self.writes.m_axi_awaddr.val();
        self.m_axi_awlen.next = self.writes.m_axi_awlen.val();
        self.m_axi_awsize.next = self.size.val();
        self.m_axi_awburst.next = 1.into();
        self.m_axi_awcache.next = 3.into();
        self.m_axi_awprot.next = 0.into();
        self.m_axi_awvalid.next = self.writes.m_axi_awvalid.val();
        self.writes.m_axi_awready.next = self.m_axi_awready.val();
        self.m_axi_wdata.next = self.writes.m_axi_wdata.val();
        self.m_axi_wstrb.next = self.writes.m_axi_wstrb.val();
        self.m_axi_wlast.next = self.writes.m_axi_wlast.val();
        self.m_axi_wvalid.next = self.writes.m_axi_wvalid.val();
        self.writes.m_axi_wready.next = self.m_axi_wready.val();
        self.writes.m_axi_bresp.next = self.m_axi_bresp.val();
        self.writes.m_axi_bvalid.next = self.m_axi_bvalid.val();
        self.m_axi_bready.next = self.writes.m_axi_bready.val();

        // What the host is told
        self.host.working.next =
            (!self.all_idle.val().any() || !self.fetch.idle.val().any() || !self.commands.idle.val().any()).into();
        self.host.drained.next = self.reads.drained.val() & self.writes.drained.val();
        self.host.progress.next = (self.reads.moved.val().any()
            || self.writes.moved.val().any()
            || self.commands.dispatched.val().any()
            || self.psum_writes.val().any()
            || self.ifmap_bus_words.val().any())
        .into();
        self.host.layer_done.next = self.commands.layer_done.val();
        self.host.layer_number.next = self.commands.layer_number.val();
        self.host.command_failed.next = self.commands.failed.val();
        self.host.command_cause.next = self.commands.cause.val();
        self.host.read_failed.next = self.reads.error.val();
        self.host.write_failed.next = self.writes.error.val();
        self.host.stream_failed.next = self.loader.failed.val();

        // In the order of `registers::COUNTERS`, from the second
        self.host.amount[0].next = self.reads.beat.val();
        self.host.amount[1].next = self.reads.beat_of[self.command_reader.index()].val();
        self.host.amount[2].next = self.reads.beat_of[self.filter_reader.index()].val();
        self.host.amount[3].next = self.reads.beat_of[self.load_reader.index()].val();
        self.host.amount[4].next = self.writes.beat.val();
        self.host.amount[5].next = self.store.bytes.val();
        self.host.amount[6].next = self.ifmap_reads.val();
        self.host.amount[7].next = self.ifmap_writes.val();
        self.host.amount[8].next = self.psum_reads.val();
        self.host.amount[9].next = self.psum_writes.val();
        self.host.amount[10].next = self.ifmap_bus_words.val();
        self.host.amount[11].next = self.filter_bus_lines.val();
        for i in 0..self.event_kinds.index() {
            self.host.amount[i + 12].next = self.events[i].val();
        }
        self.host.amount[self.decoded_amount.index()].next = self.loader.decoded.val();
        self.host.amount[self.encoded_amount.index()].next = self.store.encoded.val();
    }
}
