// Counters of tap, filter, window and image of a PE.
module walk (
  input wire clk, rst,
  input wire [3:0] layer_taps_m1, layer_step, input wire [7:0] layer_filters_m1, input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_images_m1, input wire [4:0] layer_psum_shift,
  input wire take,
  output wire first, last, ifmap_free, ifmap_rewind, filter_free, filter_rewind
);
  reg [3:0] tap;
  reg [7:0] filter, image;
  reg [11:0] window;
  wire last_filter = filter == layer_filters_m1;
  wire last_window = window == layer_windows_m1;
  wire last_image = image == layer_images_m1;
  wire unused_bits = &{1'b0, layer_psum_shift};

  assign first = tap == 4'd0;
  assign last = tap == layer_taps_m1;
  assign ifmap_free = last_filter && (last_window || tap < layer_step);
  assign ifmap_rewind = last && !ifmap_free;
  assign filter_free = last_window && last_image;
  assign filter_rewind = last && last_filter && !filter_free;

  always @(posedge clk) begin
    if (rst) begin
      tap <= 4'd0; filter <= 8'd0; window <= 12'd0; image <= 8'd0;
    end else begin
      if (take) begin
        tap <= tap + 4'd1;
        if (last) begin
          tap <= 4'd0;
          filter <= filter + 8'd1;
          if (last_filter) begin
            filter <= 8'd0;
            window <= window + 12'd1;
            if (last_window) begin
              window <= 12'd0;
              image <= image + 8'd1;
              if (last_image) image <= 8'd0;
            end
          end
        end
      end
    end
  end
endmodule
