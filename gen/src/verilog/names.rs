//! Names of modules and of what is in them.
//!
//! A [`Namer`] guarantees: a name is a Verilog identifier without `$`, no keyword of Verilog, SystemVerilog or C++ (Verilator
//! makes C++ of it), unique in its space, and a function of the names asked for before it.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Keywords of Verilog-2005, SystemVerilog and C++ that are also plausible names.
const KEYWORDS: &str = "\
    accept_on alias always always_comb always_ff always_latch and asm assert assign assume auto automatic before \
    begin bind bins binsof bit bool break buf bufif0 bufif1 byte case casex casez catch cell chandle char checker \
    class clocking cmos config const constexpr constraint context continue cover covergroup coverpoint cross \
    deassign default defparam delete design disable dist do double edge else end endcase endchecker endclass \
    endclocking endconfig endfunction endgenerate endgroup endinterface endmodule endpackage endprimitive endprogram \
    endproperty endsequence endspecify endtable endtask enum event eventually expect explicit export extends extern \
    false final first_match float for force foreach forever fork forkjoin friend function generate genvar global \
    goto highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import incdir include initial \
    inline inout input inside instance int integer interconnect interface intersect join join_any join_none large \
    let liblist library local localparam logic long longint macromodule mailbox main matches medium modport module \
    mutable namespace nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null nullptr \
    operator or output override package packed parameter pmos posedge primitive priority private process program \
    property protected public pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc \
    randcase randsequence rcmos real realtime ref reg register reject_on release repeat restrict return rnmos rpmos \
    rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared semaphore sequence short \
    shortint shortreal showcancelled signed sizeof small soft solve specify specparam static std string strong \
    strong0 strong1 struct super supply0 supply1 switch sync_accept_on sync_reject_on table tagged task template \
    this throughout throw time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg true \
    try type typedef typeid typename union unique unique0 unsigned until until_with untyped use using uwire var \
    vectored virtual void volatile wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor \
    xor";

static RESERVED: LazyLock<HashSet<&str>> = LazyLock::new(|| KEYWORDS.split_ascii_whitespace().collect());

/// Gives out names that are valid and unique.
#[derive(Default)]
pub(super) struct Namer {
    taken: HashSet<String>,
}

impl Namer {
    /// A namer that does not give out `name`.
    pub fn without(name: &str) -> Self {
        Namer { taken: HashSet::from([name.to_string()]) }
    }

    /// `wanted` made an identifier and unique. `$` between the parts of a name becomes `_`.
    pub fn name(&mut self, wanted: &str) -> String {
        let base = identifier(wanted);
        let mut name = base.clone();
        let mut count = 1;
        while self.taken.contains(&name) {
            count += 1;
            name = format!("{base}_{count}");
        }
        self.taken.insert(name.clone());
        name
    }
}

fn identifier(wanted: &str) -> String {
    let mut name = String::with_capacity(wanted.len());
    for c in wanted.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        // Two underscores in a row are Verilator's own.
        if c != '_' || !name.ends_with('_') {
            name.push(c);
        }
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'n');
    }
    if name.starts_with('_') {
        name.insert(0, 'u');
    }
    if RESERVED.contains(name.as_str()) {
        name.push('_');
    }
    name
}

/// `State::WaitForAck` as the name of a `localparam`: `STATE_WAIT_FOR_ACK`.
pub(super) fn label_name(label: &str) -> String {
    let mut name = String::new();
    let mut after_lower = false;
    for c in label.replace("::", "_").chars() {
        if c.is_ascii_uppercase() && after_lower {
            name.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        name.push(c.to_ascii_uppercase());
    }
    name
}

/// The two ports of a clock field: `clock` gives `clk` and `rst`, `x$link_clock` gives `x$link_clk` and `x$link_rst`.
pub(super) fn clock_names(path: &str) -> (String, String) {
    let (scope, field) = path.rsplit_once('$').map_or(("", path), |(scope, field)| (scope, field));
    let stem = match field {
        "clock" => "",
        _ => field.strip_suffix("_clock").unwrap_or(field),
    };
    let prefix: Vec<&str> = [scope, stem].into_iter().filter(|part| !part.is_empty()).collect();
    let prefix = prefix.join("$");
    let join = |end: &str| if prefix.is_empty() { end.to_string() } else { format!("{prefix}_{end}") };
    (join("clk"), join("rst"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_and_unique() {
        let mut namer = Namer::default();
        let wanted = ["pes$3", "enq$payload", "enq_payload", "logic", "3d", "_x", "a$$b", "enq$payload", "Größe"];
        let names: Vec<String> = wanted.iter().map(|w| namer.name(w)).collect();
        let expect = ["pes_3", "enq_payload", "enq_payload_2", "logic_", "n3d", "u_x", "a_b", "enq_payload_3", "Gr_e"];
        assert_eq!(names, expect);
    }

    #[test]
    fn clocks_are_two_ports() {
        let check = |path: &str, clk: &str, rst: &str| assert_eq!(clock_names(path), (clk.into(), rst.into()));
        check("clock", "clk", "rst");
        check("link_clock", "link_clk", "link_rst");
        check("bus$clock", "bus_clk", "bus_rst");
        check("bus$x_clock", "bus$x_clk", "bus$x_rst");
        check("ticker", "ticker_clk", "ticker_rst");
    }

    #[test]
    fn labels_are_upper_case() {
        assert_eq!(label_name("State::WaitForAck2Go"), "STATE_WAIT_FOR_ACK2_GO");
    }
}
