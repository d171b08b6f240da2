// Loops of a STORE command: image, filter group, filter, ofmap row.
module store_walker (
  input wire clk,
  input wire rst,
  input wire start,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  input wire [63:0] command_5,
  input wire table_write,
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
  wire first;
  wire row_end;
  wire filter_end;
  wire image_end;
  wire step;
  wire [63:0] fields_address;
  wire [9:0] fields_psum;
  wire [1:0] fields_rows_m1;
  wire [7:0] fields_images_m1;
  wire [7:0] fields_groups_m1;
  wire [7:0] fields_filters_m1;
  wire [7:0] fields_param;
  wire [31:0] fields_filter_bytes;
  wire [31:0] fields_image_bytes;
  wire [9:0] fields_psum_filter_stride;
  wire [9:0] fields_psum_image_stride;
  wire [8:0] fields_valid;
  wire [1:0] fields_group_rows;
  wire [1:0] fields_first_row;
  wire [1:0] entry_fields_lane;
  wire [9:0] entry_fields_offset;
  wire rows_enq_ready;
  wire [9:0] rows_enq_0;
  wire rows_deq_valid;
  reg [11:0] entries_read_data;
  reg busy;
  reg [7:0] image;
  reg [7:0] group;
  reg [7:0] filter;
  reg [1:0] row;
  reg [8:0] index;
  reg [1:0] group_entry;
  reg [1:0] entry;
  reg [9:0] image_line;
  reg [9:0] filter_line;
  reg [63:0] image_address;
  reg [63:0] address;
  reg pending;
  reg [9:0] pending_line;
  reg [7:0] pending_param;
  reg pending_last;
  reg [11:0] entries [0:3];

  store_fields fields (
    .source_0(command_0),
    .source_1(command_1),
    .source_2(command_2),
    .source_3(command_3),
    .source_4(command_4),
    .source_5(command_5),
    .address(fields_address),
    .psum(fields_psum),
    .windows_m1(windows_m1),
    .rows_m1(fields_rows_m1),
    .images_m1(fields_images_m1),
    .groups_m1(fields_groups_m1),
    .filters_m1(fields_filters_m1),
    .param(fields_param),
    .filter_bytes(fields_filter_bytes),
    .image_bytes(fields_image_bytes),
    .psum_filter_stride(fields_psum_filter_stride),
    .psum_image_stride(fields_psum_image_stride),
    .valid(fields_valid),
    .group_rows(fields_group_rows),
    .first_row(fields_first_row)
  );

  row_fields entry_fields (
    .source_0(table_word),
    .lane(entry_fields_lane),
    .offset(entry_fields_offset)
  );

  wide_fifo_5 rows (
    .clk(clk),
    .rst(rst),
    .enq_valid(pending),
    .enq_ready(rows_enq_ready),
    .enq_0(rows_enq_0),
    .enq_1(entries_read_data[1:0]),
    .enq_2(pending_param),
    .enq_3(pending_last),
    .deq_valid(rows_deq_valid),
    .deq_ready(row_ready),
    .deq_0(row_line),
    .deq_1(row_lane),
    .deq_2(row_param),
    .deq_3(row_last)
  );

  assign first = row == 2'd0;
  assign run_valid = busy && first && (!pending || rows_enq_ready);
  assign run_address = address;
  assign step = busy && (!pending || rows_enq_ready) && (!first || run_ready);
  assign rows_enq_0 = pending_line + entries_read_data[11:2];
  assign row_valid = rows_deq_valid;
  assign active = busy || pending || rows_deq_valid;
  assign row_end = row == fields_rows_m1;
  assign filter_end = filter == fields_filters_m1;
  assign image_end = ({1'b0, index} + 10'd1) >= {1'b0, fields_valid} || (filter_end && group == fields_groups_m1);

  always @(posedge clk) begin
    if (table_write) entries[table_index[1:0]] <= {entry_fields_offset, entry_fields_lane};
    if (step) entries_read_data <= entries[entry];
  end

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0;
      image <= 8'd0;
      group <= 8'd0;
      filter <= 8'd0;
      row <= 2'd0;
      index <= 9'd0;
      group_entry <= 2'd0;
      entry <= 2'd0;
      image_line <= 10'd0;
      filter_line <= 10'd0;
      image_address <= 64'd0;
      address <= 64'd0;
      pending <= 1'b0;
      pending_line <= 10'd0;
      pending_param <= 8'd0;
      pending_last <= 1'b0;
    end else begin
      if (start) begin
        busy <= fields_valid != 9'd0;
        image <= 8'd0;
        group <= 8'd0;
        filter <= 8'd0;
        row <= 2'd0;
        index <= 9'd0;
        group_entry <= fields_first_row;
        entry <= fields_first_row;
        image_line <= fields_psum;
        filter_line <= fields_psum;
        image_address <= fields_address;
        address <= fields_address;
      end else if (step) begin
        if (!row_end) begin
          row <= row + 2'd1;
          entry <= entry + 2'd1;
        end else if (image_end) begin
          row <= 2'd0;
          filter <= 8'd0;
          group <= 8'd0;
          index <= 9'd0;
          group_entry <= fields_first_row;
          entry <= fields_first_row;
          image <= image + 8'd1;
          image_line <= image_line + fields_psum_image_stride;
          filter_line <= image_line + fields_psum_image_stride;
          image_address <= image_address + {32'd0, fields_image_bytes};
          address <= image_address + {32'd0, fields_image_bytes};
          busy <= image != fields_images_m1;
        end else begin
          row <= 2'd0;
          index <= index + 9'd1;
          address <= address + {32'd0, fields_filter_bytes};
          if (filter_end) begin
            filter <= 8'd0;
            group <= group + 8'd1;
            group_entry <= group_entry + fields_group_rows;
            entry <= group_entry + fields_group_rows;
            filter_line <= image_line;
          end else begin
            filter <= filter + 8'd1;
            entry <= group_entry;
            filter_line <= filter_line + fields_psum_filter_stride;
          end
        end
      end
      if (step) begin
        pending <= 1'b1;
        pending_line <= filter_line;
        pending_param <= fields_param + index[7:0];
        pending_last <= row_end;
      end else if (rows_enq_ready) pending <= 1'b0;
    end
  end
endmodule
