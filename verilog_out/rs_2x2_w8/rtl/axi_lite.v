// AXI4-Lite slave of the host's registers.
module axi_lite (
  input wire clk, rst,
  input wire [11:0] s_axil_awaddr,
  input wire s_axil_awvalid,
  output wire s_axil_awready,
  input wire [31:0] s_axil_wdata,
  input wire [3:0] s_axil_wstrb,
  input wire s_axil_wvalid,
  output wire s_axil_wready,
  output wire [1:0] s_axil_bresp,
  output wire s_axil_bvalid,
  input wire s_axil_bready,
  input wire [11:0] s_axil_araddr,
  input wire s_axil_arvalid,
  output wire s_axil_arready,
  output wire [31:0] s_axil_rdata,
  output wire [1:0] s_axil_rresp,
  output wire s_axil_rvalid,
  input wire s_axil_rready,
  output wire write,
  output wire [9:0] write_address,
  output wire [31:0] write_data,
  output wire [3:0] write_strobe,
  input wire write_error,
  output wire read,
  output wire [9:0] read_address,
  input wire [31:0] read_data,
  input wire read_error
);
  reg aw_held, w_held, b_valid, b_bad, ar_held, r_valid, r_bad;
  reg [9:0] aw, ar;
  reg [31:0] w, r;
  reg [3:0] strobe;
  wire unused_bits = &{1'b0, s_axil_awaddr[1:0], s_axil_araddr[1:0]};

  assign s_axil_awready = !aw_held;
  assign s_axil_wready = !w_held;
  assign s_axil_bvalid = b_valid;
  assign s_axil_bresp = {b_bad, 1'b0};
  assign write_address = aw, write_data = w, write_strobe = strobe;
  assign write = aw_held && w_held && !b_valid;
  assign s_axil_arready = !ar_held;
  assign s_axil_rvalid = r_valid;
  assign s_axil_rresp = {r_bad, 1'b0};
  assign s_axil_rdata = r, read_address = ar;
  assign read = ar_held && !r_valid;

  always @(posedge clk) begin
    if (rst) begin
      aw_held <= 1'b0; aw <= 10'd0; w_held <= 1'b0; w <= 32'd0; strobe <= 4'd0; b_valid <= 1'b0; b_bad <= 1'b0;
      ar_held <= 1'b0; ar <= 10'd0; r_valid <= 1'b0; r_bad <= 1'b0; r <= 32'd0;
    end else begin
      if (write) aw_held <= 1'b0;
      else if (s_axil_awvalid && !aw_held) begin
        aw_held <= 1'b1;
        aw <= s_axil_awaddr[11:2];
      end
      if (write) w_held <= 1'b0;
      else if (s_axil_wvalid && !w_held) begin
        w_held <= 1'b1; w <= s_axil_wdata; strobe <= s_axil_wstrb;
      end
      if (write) begin
        b_valid <= 1'b1; b_bad <= write_error;
      end else if (s_axil_bready) b_valid <= 1'b0;
      if (read) begin
        ar_held <= 1'b0; r_valid <= 1'b1; r <= read_data; r_bad <= read_error;
      end else begin
        if (s_axil_arvalid && !ar_held) begin
          ar_held <= 1'b1;
          ar <= s_axil_araddr[11:2];
        end
        if (s_axil_rready) r_valid <= 1'b0;
      end
    end
  end
endmodule
