use std::fmt::Write;

/// Modules that stand many times in a design, as Verilator is to treat them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repeated<'a> {
    /// Their names.
    pub modules: &'a [&'a str],
    /// What the names of those of their inputs begin with that are the same signal in all instances.
    pub shared: &'a [&'a str],
}

/// `hints.vlt`: what Verilator is told about the `repeated` modules of `verilog`.
///
/// They are not copied into their users, and their inputs are kept as variables of their own, so that an instance never reads its
/// user's variables. The functions of all instances are then the same function, of which Verilator keeps one: the code of 168 PEs fits
/// into a processor's cache, and the C++ compiler sees it once. A shared input needs no variable: all instances read the one signal.
pub fn hints(verilog: &str, repeated: Repeated) -> String {
    let mut text = "`verilator_config\n".to_string();
    for module in repeated.modules {
        let _ = writeln!(text, "no_inline -module \"{module}\"");
        let shared = |input: &str| repeated.shared.iter().any(|start| input.starts_with(start));
        for input in inputs(verilog, module).filter(|input| !shared(input)) {
            let _ = writeln!(text, "public_flat_rd -module \"{module}\" -var \"{input}\"");
        }
    }
    text
}

/// Names of the inputs of `module`. A declaration may name several: `input wire [3:0] x, y`.
fn inputs<'a>(verilog: &'a str, module: &str) -> impl Iterator<Item = &'a str> {
    let start = format!("module {module} (");
    let header = verilog.split_once(&start).and_then(|(_, rest)| rest.split_once(");")).map_or("", |(ports, _)| ports);
    let mut is_input = false;
    header.split(',').filter_map(move |port| {
        match port.split_whitespace().next() {
            Some("input") => is_input = true,
            Some("output") => is_input = false,
            _ => (),
        }
        port.split_whitespace().last().filter(|_| is_input)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_module_apart_with_the_inputs_that_are_not_shared() {
        let verilog = "module pe_row (\n  input wire a\n);\n\
                       module pe (\n  input wire clk,\n  input wire [3:0] x, layer_y,\n  output reg z, input wire u, v\n);\n";
        let expected = "`verilator_config\nno_inline -module \"pe\"\npublic_flat_rd -module \"pe\" -var \"x\"\n\
                        public_flat_rd -module \"pe\" -var \"u\"\n\
                        public_flat_rd -module \"pe\" -var \"v\"\n";
        assert_eq!(hints(verilog, Repeated { modules: &["pe"], shared: &["clk", "layer_"] }), expected);
    }
}
