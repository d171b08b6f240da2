// Self-checking testbench of rs_2x2_w8_glb4: one convolution, run from memory to memory.
// Runs as it is under Icarus and Verilator (`make sim-icarus`, `make sim-verilator` in the design's folder).
`timescale 1ns/1ps

module tb;
    localparam DATA = 64;
    localparam BYTES = DATA / 8;
    localparam WORDS = 1472;
    localparam LIMIT = 368300;

    reg clk = 0;
    reg rst = 1;
    always #5 clk = ~clk;

    // Memory: one word is one beat of the link.
    reg [DATA-1:0] memory [0:WORDS-1];
    // Filters as the layer has them, M × C/groups × R × S: the program's copy in memory is in the order of its use.
    reg signed [8-1:0] filters [0:135-1];
    reg [BYTES-1:0] touched [0:WORDS-1];

    reg  [11:0] awaddr_l = 0, araddr_l = 0;
    reg         awvalid_l = 0, wvalid_l = 0, arvalid_l = 0;
    reg  [31:0] wdata_l = 0;
    wire        awready_l, wready_l, bvalid_l, arready_l, rvalid_l;
    wire [31:0] rdata_l;

    wire [63:0] awaddr, araddr;
    wire [7:0]  awlen, arlen;
    wire        awvalid, wvalid, wlast, bready, arvalid, rready, irq;
    wire [DATA-1:0] wdata;
    wire [BYTES-1:0] wstrb;
    reg         rvalid = 0, bvalid = 0;
    reg  [DATA-1:0] rdata = 0;

    // The slave takes one burst of each kind at a time.
    reg         reading = 0, writing = 0;
    reg  [63:0] read_word = 0, write_word = 0;
    reg  [8:0]  read_left = 0;
    wire        arready = !reading;
    wire        awready = !writing && !bvalid;
    wire        wready = writing;
    wire        rlast = read_left == 1;

    tessera dut (
        .clk(clk), .rst(rst),
        .s_axil_awaddr(awaddr_l), .s_axil_awvalid(awvalid_l), .s_axil_awready(awready_l),
        .s_axil_wdata(wdata_l), .s_axil_wstrb(4'hf), .s_axil_wvalid(wvalid_l), .s_axil_wready(wready_l),
        .s_axil_bresp(), .s_axil_bvalid(bvalid_l), .s_axil_bready(1'b1),
        .s_axil_araddr(araddr_l), .s_axil_arvalid(arvalid_l), .s_axil_arready(arready_l),
        .s_axil_rdata(rdata_l), .s_axil_rresp(), .s_axil_rvalid(rvalid_l), .s_axil_rready(1'b1),
        .m_axi_awaddr(awaddr), .m_axi_awlen(awlen), .m_axi_awvalid(awvalid), .m_axi_awready(awready),
        .m_axi_wdata(wdata), .m_axi_wstrb(wstrb), .m_axi_wlast(wlast), .m_axi_wvalid(wvalid), .m_axi_wready(wready),
        .m_axi_bresp(2'b00), .m_axi_bvalid(bvalid), .m_axi_bready(bready),
        .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_arvalid(arvalid), .m_axi_arready(arready),
        .m_axi_rdata(rdata), .m_axi_rresp(2'b00), .m_axi_rlast(rlast), .m_axi_rvalid(rvalid), .m_axi_rready(rready),
        .m_axi_awsize(), .m_axi_awburst(), .m_axi_arsize(), .m_axi_arburst(),
        .irq(irq)
    );

    integer byte_index;
    always @(posedge clk) begin
        if (arvalid && arready) begin
            reading <= 1;
            read_word <= araddr / BYTES + 1;
            read_left <= {1'b0, arlen} + 1;
            rdata <= memory[araddr / BYTES];
            rvalid <= 1;
        end else if (rvalid && rready) begin
            read_left <= read_left - 1;
            read_word <= read_word + 1;
            if (rlast) begin
                reading <= 0;
                rvalid <= 0;
            end else
                rdata <= memory[read_word];
        end
        if (awvalid && awready) begin
            writing <= 1;
            write_word <= awaddr / BYTES;
        end
        if (wvalid && wready) begin
            for (byte_index = 0; byte_index < BYTES; byte_index = byte_index + 1)
                if (wstrb[byte_index]) begin
                    memory[write_word][8*byte_index +: 8] <= wdata[8*byte_index +: 8];
                    touched[write_word][byte_index] <= 1'b1;
                end
            write_word <= write_word + 1;
            if (wlast) begin
                writing <= 0;
                bvalid <= 1;
            end
        end
        if (bvalid && bready)
            bvalid <= 0;
        if (rst) begin
            reading <= 0;
            writing <= 0;
            rvalid <= 0;
            bvalid <= 0;
        end
    end

    task write_register(input [11:0] address, input [31:0] value);
        begin
            awaddr_l <= address;
            wdata_l <= value;
            awvalid_l <= 1;
            wvalid_l <= 1;
            @(posedge clk);
            while (awvalid_l || wvalid_l) begin
                if (awready_l) awvalid_l <= 0;
                if (wready_l) wvalid_l <= 0;
                @(posedge clk);
            end
            while (!bvalid_l) @(posedge clk);
        end
    endtask

    task read_register(input [11:0] address, output [31:0] value);
        begin
            araddr_l <= address;
            arvalid_l <= 1;
            @(posedge clk);
            while (!arready_l) @(posedge clk);
            arvalid_l <= 0;
            @(posedge clk);
            while (!rvalid_l) @(posedge clk);
            value = rdata_l;
        end
    endtask

    // The number of `bytes` bytes that lies at a byte address; X if any of it is.
    function signed [63:0] element(input integer address, input integer bytes);
        integer k;
        begin
            element = 0;
            for (k = 0; k < bytes; k = k + 1)
                element[8*k +: 8] = memory[(address + k) / BYTES][8 * ((address + k) % BYTES) +: 8];
            element = element <<< (64 - 8 * bytes);
            element = element >>> (64 - 8 * bytes);
        end
    endfunction

    // The convolution by its definition, against what the accelerator wrote: raw psums, no bias, no padding.
    integer m, e, f, c, r, s;
    reg signed [63:0] psum, found;
    task check_ofmap;
        for (m = 0; m < 5; m = m + 1)
            for (e = 0; e < 5; e = e + 1)
                for (f = 0; f < 7; f = f + 1) begin
                    psum = 0;
                    for (c = 0; c < 3; c = c + 1)
                        for (r = 0; r < 3; r = r + 1)
                            for (s = 0; s < 3; s = s + 1)
                                psum = psum + element(0 + ((c * 7 + e + r) * 9 + f + s) * 1, 1)
                                    * filters[((m * 3 + c) * 3 + r) * 3 + s];
                    psum = psum <<< (64 - 16);
                    psum = psum >>> (64 - 16);
                    found = element(576 + ((m * 5 + e) * 7 + f) * 2, 2);
                    // Case inequality: an X in the ofmap is a mismatch.
                    if (found !== psum) begin
                        if (wrong < 10)
                            $display("ofmap[%0d][%0d][%0d] is %0d, expected %0d", m, e, f, found, psum);
                        wrong = wrong + 1;
                    end
                end
    endtask

    integer i, cycles, wrong;
    reg [31:0] status, clocks;
    initial begin
        $readmemh("dram.hex", memory);
        $readmemh("filters.hex", filters);
        for (i = 0; i < WORDS; i = i + 1) touched[i] = 0;
        repeat (4) @(posedge clk);
        rst <= 0;
        repeat (2) @(posedge clk);
        write_register(72, 32'h3);
        write_register(96, 960);
        write_register(100, 0);
        write_register(104, 169);
        cycles = 0;
        while (irq !== 1'b1 && cycles < LIMIT) begin
            @(posedge clk);
            cycles = cycles + 1;
        end
        read_register(68, status);
        read_register(256, clocks);
        wrong = 0;
        if (irq !== 1'b1) begin
            $display("no interrupt after %0d cycles", cycles);
            wrong = 1;
        end else if (status[1] !== 1'b0) begin
            $display("error status %h", status);
            wrong = 1;
        end
        check_ofmap;
        for (i = 0; i < WORDS; i = i + 1)
            if (touched[i] != 0 && (i < 576 / BYTES || i >= (576 + 175 * 2 + BYTES - 1) / BYTES)) begin
                $display("word %0d was written and is no part of the ofmap", i);
                wrong = wrong + 1;
            end
        if (wrong == 0)
            $display("PASS: 1×3×7×9 * 5×3×3×3, stride 1×1, pad 0×0, groups 1: 175 outputs in %0d cycles", clocks);
        else begin
            $display("FAIL: %0d mismatches", wrong);
            $fatal(1);
        end
        $finish;
    end
endmodule