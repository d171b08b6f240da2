//! Wires that are declared with their value: `wire [7:0] sum = a + b;`.

use super::write::range;
use std::collections::HashMap;

/// A wire and the text of its value.
pub(super) struct Net {
    pub name: String,
    pub bits: usize,
    pub value: String,
}

/// The declarations, each after those whose wires it names, as the tools demand; else in the order given.
pub(super) fn declarations(nets: &[Net]) -> Vec<String> {
    let by_name: HashMap<&str, usize> = nets.iter().enumerate().map(|(i, net)| (net.name.as_str(), i)).collect();
    let mut placed = vec![false; nets.len()];
    let mut lines = vec![];
    for first in 0..nets.len() {
        // What a net waits for stands above it on the stack; a second visit finds it all placed.
        let mut stack = vec![(first, false)];
        while let Some((i, ready)) = stack.pop() {
            if ready {
                let Net { name, bits, value } = &nets[i];
                lines.push(format!("wire {}{name} = {value};", range(*bits)));
            } else if !std::mem::replace(&mut placed[i], true) {
                stack.push((i, true));
                let names = nets[i].value.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                let needed: Vec<usize> = names.filter_map(|name| by_name.get(name).copied()).collect();
                stack.extend(needed.into_iter().rev().map(|i| (i, false)));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_stands_after_what_it_names() {
        let net = |name: &str, value: &str| Net { name: name.into(), bits: 1, value: value.into() };
        let nets = [net("a", "c && x"), net("b", "!a"), net("c", "d[3] || d2"), net("d", "4'd1"), net("e", "b")];
        let expect = ["wire d = 4'd1;", "wire c = d[3] || d2;", "wire a = c && x;", "wire b = !a;", "wire e = b;"];
        assert_eq!(declarations(&nets), expect);
    }
}
