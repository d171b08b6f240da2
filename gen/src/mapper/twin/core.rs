//! A core of any dataflow, as the shell sees it.

use super::commands::Words;

/// What a core tells in a cycle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Posts {
    // Semaphores that it posts
    pub ifmap_free: bool,
    pub psum_done: bool,
    /// The psums of a pass have been collected.
    pub pass_done: bool,
}

/// The control of a core, a cycle at a time. Queries tell what registers say at the cycle's beginning.
pub(super) trait Core {
    fn is_idle(&self) -> bool;
    /// Whether a PASS is taken.
    fn has_room(&self) -> bool;
    /// Whether the filter staging takes a line.
    fn takes_line(&self) -> bool;
    /// Lanes whose psum read port is taken.
    fn port_reads(&self) -> [bool; 4];
    fn post_loaded(&mut self);
    fn post_psum_free(&mut self);
    /// The constants of a LAYER.
    fn layer(&mut self, command: &Words);
    /// An entry of a table.
    fn entry(&mut self, target: u64, index: usize, word: u64);
    fn pass(&mut self, command: &Words);
    /// A cycle, in which a filter line comes with `line`.
    fn step(&mut self, now: u64, line: bool) -> Posts;
}
