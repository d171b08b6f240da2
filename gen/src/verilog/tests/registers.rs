use super::check;
use expect_test::expect;
use hw::rtl::prelude::*;

/// Counts up, and wraps.
#[derive(LogicBlock)]
pub(super) struct Counter {
    pub clock: Wire<In, Clk>,
    pub enable: Wire<In>,
    pub value: Wire<Out>,
    count: Reg,
}

impl Counter {
    pub(super) fn new(bits: usize) -> Self {
        Counter {
            clock: Default::default(),
            enable: Wire::bit(),
            value: Wire::unsigned(bits),
            count: Reg::new(bits, false, 3),
        }
    }
}

impl Logic for Counter {
    describe!("counter", "Counts the cycles with `enable` high.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count);
        if self.enable.val().any() {
            self.count.d.next = self.count.q.val() + 1;
        }
        self.value.next = self.count.q.val();
    }
}

/// Holds a word; a valid bit says whether there is one.
#[derive(LogicBlock)]
struct Holder {
    pub clock: Wire<In, Clk>,
    pub take: Wire<In>,
    pub word: Wire<In>,
    pub held: Wire<Out>,
    pub valid: Wire<Out>,
    full: Reg,
    data: Reg,
}

impl Logic for Holder {
    describe!("holder", "Holds a word.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, full, data);
        if self.take.val().any() {
            self.full.d.next = true.into();
            self.data.d.next = self.word.val();
        }
        self.held.next = self.data.q.val();
        self.valid.next = self.full.q.val();
    }
}

#[test]
fn registers_without_a_reset_have_a_block_of_their_own() {
    check(
        Holder {
            clock: Default::default(),
            take: Wire::bit(),
            word: Wire::unsigned(8),
            held: Wire::unsigned(8),
            valid: Wire::bit(),
            full: Reg::bit(),
            data: Reg::data(8, false),
        },
        expect![[r#"
            // Holds a word.
            module top (
              input wire clk, rst, take,
              input wire [7:0] word,
              output wire [7:0] held,
              output wire valid
            );
              reg full;
              reg [7:0] data;

              assign held = data, valid = full;

              always @(posedge clk) begin
                if (rst) begin
                  full <= 1'b0;
                end else begin
                  if (take) full <= 1'b1;
                end
              end

              always @(posedge clk) begin
                if (take) data <= word;
              end
            endmodule
        "#]],
    );
}

#[test]
fn a_register_is_an_always_block_in_its_module() {
    check(
        Counter::new(8),
        expect![[r#"
            // Counts the cycles with `enable` high.
            module top (
              input wire clk, rst, enable,
              output wire [7:0] value
            );
              reg [7:0] count;

              assign value = count;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 8'd3;
                end else begin
                  if (enable) count <= count + 8'd1;
                end
              end
            endmodule
        "#]],
    );
}

#[derive(LogicBlock)]
struct Bank {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub address: Wire<In>,
    pub data: Wire<In>,
    pub read: Wire<In>,
    pub q: Wire<Out>,
    cells: Sram,
}

impl Bank {
    fn new(depth: usize, bits: usize) -> Self {
        Bank {
            clock: Default::default(),
            write: Wire::bit(),
            address: Wire::unsigned(address_bits(depth)),
            data: Wire::unsigned(bits),
            read: Wire::bit(),
            q: Wire::unsigned(bits),
            cells: Sram::new(depth, bits, false),
        }
    }
}

impl Logic for Bank {
    describe!("bank", "A memory with one address for reads and writes.");

    #[hdl_gen]
    fn update(&mut self) {
        self.cells.clock.next = self.clock.val();
        self.cells.write.next = self.write.val();
        self.cells.write_address.next = self.address.val();
        self.cells.write_data.next = self.data.val();
        self.cells.read.next = (self.read.val().any() && !self.write.val().any()).into();
        self.cells.read_address.next = self.address.val();
        self.q.next = self.cells.read_data.val();
    }
}

#[test]
fn a_memory() {
    check(
        Bank::new(512, 16),
        expect![[r#"
            // A memory with one address for reads and writes.
            module top (
              input wire clk, rst, write,
              input wire [8:0] address,
              input wire [15:0] data,
              input wire read,
              output wire [15:0] q
            );
              reg [15:0] cells_read_data;
              (* no_rw_check *) reg [15:0] cells [0:511];
              wire unused_bits = &{1'b0, rst};

              assign q = cells_read_data;

              always @(posedge clk) begin
                if (write) cells[address] <= data;
                if (read && !write) cells_read_data <= cells[address];
              end
            endmodule
        "#]],
    );
}
