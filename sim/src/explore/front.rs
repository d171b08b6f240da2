//! The Pareto front: what nothing else is at least as good as in everything.

/// Numbers that are to be small.
pub type Objectives = [f64; 3];

/// Places of the points that no other is as good as in each of the objectives and better in one; of equal points the first.
pub fn front(points: &[Objectives]) -> Vec<usize> {
    let beaten = |at: usize| {
        points.iter().enumerate().any(|(other, values)| {
            let no_worse = values.iter().zip(&points[at]).all(|(theirs, own)| theirs <= own);
            no_worse && (*values != points[at] || other < at)
        })
    };
    (0..points.len()).filter(|&at| !beaten(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worse_in_something_and_better_in_nothing_is_beaten() {
        let points = [[1.0, 5.0, 3.0], [2.0, 4.0, 3.0], [2.0, 5.0, 3.0], [2.0, 4.0, 3.0], [9.0, 9.0, 1.0]];
        assert_eq!(front(&points), [0, 1, 4]);
        assert_eq!(front(&[]), [0; 0]);
    }
}
