//! How a filter is cut into pieces, for software; [`super::ConvPhaseLoops`] does the same.

/// Taps of a filter along its rows or its columns that an engine works on at a time: `first`, `first` + stride, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub first: usize,
    pub taps: usize,
}

/// The pieces of `filter` taps with this `stride`, in order: for each phase, at most `kernel` taps each.
pub fn pieces(filter: usize, stride: usize, kernel: usize) -> Vec<Piece> {
    let of_phase = |phase: usize| {
        let taps = (filter - phase).div_ceil(stride);
        let piece = move |done: usize| Piece { first: phase + stride * done, taps: kernel.min(taps - done) };
        (0..taps).step_by(kernel).map(piece)
    };
    (0..stride.min(filter)).flat_map(of_phase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each tap is in one piece.
    #[test]
    fn pieces_have_every_tap_once() {
        for (filter, stride, kernel) in
            (1..=13).flat_map(|f| (1..=14).flat_map(move |s| (2..=4).map(move |k| (f, s, k))))
        {
            let all = pieces(filter, stride, kernel);
            let mut taps: Vec<usize> =
                all.iter().flat_map(|piece| (0..piece.taps).map(|tap| piece.first + tap * stride)).collect();
            assert!(all.iter().all(|piece| (1..=kernel).contains(&piece.taps)));
            taps.sort();
            assert_eq!(taps, (0..filter).collect::<Vec<_>>(), "{filter} taps, stride {stride}, kernel {kernel}");
        }
    }

    #[test]
    fn the_first_layer_of_alexnet_is_cut_into_phases() {
        let all = pieces(11, 4, 3);
        assert_eq!(
            all.iter().map(|piece| (piece.first, piece.taps)).collect::<Vec<_>>(),
            [(0, 3), (1, 3), (2, 3), (3, 2)]
        );
    }
}
