use crate::rtl::prelude::*;

/// Cycles from a step to its ifmap word, where a port reads a word at a time.
pub(super) const WORD: usize = 3;
/// Cycles from a step to the read of its weights there.
pub(super) const READ: usize = 4;
/// Cycles from a step to its flag for a psum's first addition, on its way to the rows.
const FIRST: usize = 7;
/// Cycles from a position's last step to its flag for the end of its psums.
const LEAVE: usize = 8;

/// What the walker says of a step, on its way to where it is needed.
///
/// Latencies, with the `to_word` and `to_read` of an array: `word` `to_word` cycles after the `step`; `read`, and `read_rewinds` and `read_frees` after its `rewinds` and `frees`, `to_read` cycles; `begins` 7 cycles after a step that is the `first`
/// of its position; `leaves` 8 cycles after a `last` one.
#[derive(LogicBlock)]
pub struct OsStepFlags {
    pub clock: Wire<In, Clk>,
    // Of the step that the walker sends
    pub step: Wire<In>,
    pub rewinds: Wire<In>,
    pub frees: Wire<In>,
    pub first: Wire<In>,
    pub last: Wire<In>,
    /// The step's ifmap word is there.
    pub word: Wire<Out>,
    // Its weights
    pub read: Wire<Out>,
    pub read_rewinds: Wire<Out>,
    pub read_frees: Wire<Out>,
    // Its psums
    pub begins: Wire<Out>,
    pub leaves: Wire<Out>,
    // One cycle after the step and so on
    steps: Vec<Reg>,
    rewind: Vec<Reg>,
    free: Vec<Reg>,
    begin: Vec<Reg>,
    leave: Vec<Reg>,
    to_word: Const,
    all_steps: Const,
    to_read: Const,
    to_first: Const,
    to_leave: Const,
}

fn delays(cycles: usize) -> Vec<Reg> {
    (0..cycles).map(|_| Reg::bit()).collect()
}

impl OsStepFlags {
    /// For an array whose ifmap words come `to_word` and whose weights are read `to_read` cycles after a step.
    pub fn new(to_word: usize, to_read: usize) -> Self {
        OsStepFlags {
            clock: Default::default(),
            step: Wire::bit(),
            rewinds: Wire::bit(),
            frees: Wire::bit(),
            first: Wire::bit(),
            last: Wire::bit(),
            word: Wire::bit(),
            read: Wire::bit(),
            read_rewinds: Wire::bit(),
            read_frees: Wire::bit(),
            begins: Wire::bit(),
            leaves: Wire::bit(),
            steps: delays(to_word.max(to_read)),
            rewind: delays(to_read),
            free: delays(to_read),
            begin: delays(FIRST),
            leave: delays(LEAVE),
            to_word: Const::new(to_word),
            all_steps: Const::new(to_word.max(to_read)),
            to_read: Const::new(to_read),
            to_first: Const::new(FIRST),
            to_leave: Const::new(LEAVE),
        }
    }
}

impl Logic for OsStepFlags {
    describe!("os_step_flags", "Flags of a step on their way to its ifmap word, its weights and its psums.");

    #[hdl_gen]
    fn update(&mut self) {
        self.steps[0].d.next = self.step.val();
        self.rewind[0].d.next = self.rewinds.val();
        self.free[0].d.next = self.frees.val();
        self.begin[0].d.next = self.step.val() & self.first.val();
        self.leave[0].d.next = self.last.val();
        for i in 1..self.all_steps.index() {
            self.steps[i].d.next = self.steps[i - 1].q.val();
        }
        for i in 1..self.to_read.index() {
            self.rewind[i].d.next = self.rewind[i - 1].q.val();
            self.free[i].d.next = self.free[i - 1].q.val();
        }
        for i in 1..self.to_first.index() {
            self.begin[i].d.next = self.begin[i - 1].q.val();
        }
        for i in 1..self.to_leave.index() {
            self.leave[i].d.next = self.leave[i - 1].q.val();
        }
        for i in 0..self.all_steps.index() {
            self.steps[i].clock.next = self.clock.val();
        }
        for i in 0..self.to_read.index() {
            self.rewind[i].clock.next = self.clock.val();
            self.free[i].clock.next = self.clock.val();
        }
        for i in 0..self.to_first.index() {
            self.begin[i].clock.next = self.clock.val();
        }
        for i in 0..self.to_leave.index() {
            self.leave[i].clock.next = self.clock.val();
        }
        self.word.next = self.steps[self.to_word.index() - 1].q.val();
        self.read.next = self.steps[self.to_read.index() - 1].q.val();
        self.read_rewinds.next = self.rewind[self.to_read.index() - 1].q.val();
        self.read_frees.next = self.free[self.to_read.index() - 1].q.val();
        self.begins.next = self.begin[self.to_first.index() - 1].q.val();
        self.leaves.next = self.leave[self.to_leave.index() - 1].q.val();
    }
}
