// Loops of a STORE command: image, filter group, filter, ofmap row.
module store_walker (
  input wire clk, rst, start,
  input wire [383:0] command,
  input wire whole, table_write,
  input wire [15:0] table_index,
  input wire [63:0] table_word,
  output wire run_valid,
  input wire run_ready,
  output wire [63:0] run_address,
  output wire row_valid,
  input wire row_ready,
  output wire [9:0] row_line,
  output wire [1:0] row_lane,
  output wire [7:0] row_param,
  output wire row_last,
  output wire [11:0] windows_m1,
  output wire active
);
  wire rows_enq_ready;
  reg [11:0] entries_read_data;
  reg busy, cut, one, first, filter_first, pending, pending_last;
  reg [7:0] image, group, filter, param, left, pending_param;
  reg [1:0] row, group_entry, entry;
  reg [9:0] image_line, filter_line, pending_line;
  reg [63:0] image_address, filter_address, address;
  reg [11:0] entries [0:3];
  wire [1:0] unused;
  wire run_begin = cut || first || (filter_first && !one);
  wire step = busy && (!pending || rows_enq_ready) && (!run_begin || run_ready);
  wire [9:0] rows_enq_0 = pending_line + entries_read_data[11:2];
  wire row_end = row == 2'd0;
  wire filter_end = filter == 8'd0;
  wire image_end = left == 8'd0 || (filter_end && group == 8'd0);
  wire [9:0] fields_psum = command[73:64];
  wire [11:0] fields_windows_m1 = command[107:96];
  wire [1:0] fields_rows_m1 = command[113:112];
  wire [7:0] fields_images_m1 = command[135:128];
  wire [7:0] fields_groups_m1 = command[151:144];
  wire [7:0] fields_filters_m1 = command[167:160];
  wire [7:0] fields_param = command[183:176];
  wire [31:0] fields_filter_bytes = command[223:192];
  wire [31:0] fields_image_bytes = command[255:224];
  wire [9:0] fields_psum_filter_stride = command[265:256];
  wire [9:0] fields_psum_image_stride = command[297:288];
  wire [8:0] fields_valid = command[328:320];
  wire [1:0] fields_group_rows = command[337:336];
  wire [31:0] fields_row_bytes = command[383:352];
  wire [1:0] entry_fields_lane = table_word[1:0];
  wire [9:0] entry_fields_offset = table_word[25:16];
  wire unused_bits = &{1'b0, command, table_index[15:2], table_word};

  fifo #(.BITS(21), .DEPTH(2)) rows (
    .clk(clk), .rst(rst),
    .enq_payload({pending_last, pending_param, entries_read_data[1:0], rows_enq_0}), .enq_valid(pending),
    .enq_ready(rows_enq_ready),
    .deq_payload({row_last, row_param, row_lane, row_line}), .deq_valid(row_valid), .deq_ready(row_ready),
    .level(unused)
  );

  assign run_valid = busy && run_begin && (!pending || rows_enq_ready);
  assign run_address = address, windows_m1 = fields_windows_m1;
  assign active = busy || pending || row_valid;

  always @(posedge clk) begin
    if (table_write) entries[table_index[1:0]] <= {entry_fields_offset, entry_fields_lane};
    if (step) entries_read_data <= entries[entry];
  end

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0; pending <= 1'b0;
    end else begin
      if (!busy) busy <= start && fields_valid != 9'd0;
      else if (step) begin
        if (!(!row_end) && image_end) busy <= image != 8'd0;
      end
      if (step) pending <= 1'b1;
      else if (rows_enq_ready) pending <= 1'b0;
    end
  end

  always @(posedge clk) begin
    if (!busy) begin
      cut <= fields_row_bytes != 32'd0 && !whole;
      one <= whole; image <= fields_images_m1; group <= fields_groups_m1; filter <= fields_filters_m1;
      row <= fields_rows_m1; first <= 1'b1; filter_first <= 1'b1; param <= fields_param;
      left <= fields_valid[7:0] - 8'd1;
      group_entry <= 2'd0; entry <= 2'd0; image_line <= fields_psum; filter_line <= fields_psum;
      image_address <= command[0*64 +: 64];
      filter_address <= command[0*64 +: 64];
      address <= command[0*64 +: 64];
    end else if (step) begin
      first <= 1'b0; filter_first <= row_end;
      if (!row_end) begin
        row <= row - 2'd1;
        entry <= entry + 2'd1;
        address <= address + {32'd0, fields_row_bytes};
      end else if (image_end) begin
        row <= fields_rows_m1; filter <= fields_filters_m1; group <= fields_groups_m1; param <= fields_param;
        left <= fields_valid[7:0] - 8'd1;
        group_entry <= 2'd0; entry <= 2'd0;
        image <= image - 8'd1;
        image_line <= image_line + fields_psum_image_stride;
        filter_line <= image_line + fields_psum_image_stride;
        image_address <= image_address + {32'd0, fields_image_bytes};
        filter_address <= image_address + {32'd0, fields_image_bytes};
        address <= image_address + {32'd0, fields_image_bytes};
      end else begin
        row <= fields_rows_m1;
        param <= param + 8'd1;
        left <= left - 8'd1;
        filter_address <= filter_address + {32'd0, fields_filter_bytes};
        address <= filter_address + {32'd0, fields_filter_bytes};
        if (filter_end) begin
          filter <= fields_filters_m1;
          group <= group - 8'd1;
          group_entry <= group_entry + fields_group_rows;
          entry <= group_entry + fields_group_rows;
          filter_line <= image_line;
        end else begin
          filter <= filter - 8'd1;
          entry <= group_entry;
          filter_line <= filter_line + fields_psum_filter_stride;
        end
      end
    end
    if (step) begin
      pending_line <= filter_line; pending_param <= param;
      pending_last <= cut || (row_end && (!one || (image_end && image == 8'd0)));
    end
  end
endmodule
