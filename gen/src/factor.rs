//! The choice of rows and columns for a number of PEs.

use hw::arch::MAX_SIDE;

/// Filter heights R and ofmap heights E that the choice is made for: those of AlexNet, VGG-16 and ResNet CONV layers.
const FILTER_HEIGHTS: [usize; 5] = [1, 3, 5, 7, 11];
const OFMAP_HEIGHTS: [usize; 7] = [13, 14, 27, 28, 55, 56, 112];

/// The pair `rows × cols = pes` that keeps most PEs busy under row stationary; `None` if an array that can be built has no
/// such pair.
///
/// A PE set of R filter rows and E ofmap rows is replicated while copies fit and cut where it is larger than the array
/// (ISCA 2016, section V-B). The score is the mean share of busy rows over typical R, times that of busy columns over
/// typical E, less a little for long, thin arrays, whose buses are long.
pub fn best_pair(pes: usize) -> Option<(usize, usize)> {
    let pairs = (1..=MAX_SIDE).filter(|rows| pes.is_multiple_of(*rows)).map(|rows| (rows, pes / rows));
    let mut best = None;
    for (rows, cols) in pairs.filter(|(_, cols)| (1..=MAX_SIDE).contains(cols)) {
        let score = mean_busy(&FILTER_HEIGHTS, rows) * mean_busy(&OFMAP_HEIGHTS, cols)
            - 0.15 * (rows as f64 / cols as f64).ln().abs();
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, (rows, cols)));
        }
    }
    best.map(|(_, pair)| pair)
}

/// Share of `size` places that work when sets of each of `extents` are replicated or cut to fill them.
fn mean_busy(extents: &[usize], size: usize) -> f64 {
    let busy = |extent: usize| {
        let filled = if extent <= size { size / extent * extent } else { extent };
        let offered = if extent <= size { size } else { extent.div_ceil(size) * size };
        filled as f64 / offered as f64
    };
    extents.iter().map(|e| busy(*e)).sum::<f64>() / extents.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyeriss_gets_its_own_shape() {
        assert_eq!(best_pair(168), Some((12, 14)));
    }

    #[test]
    fn every_number_of_pes_up_to_a_side_has_a_pair() {
        for pes in 1..=MAX_SIDE {
            let (rows, cols) = best_pair(pes).unwrap();
            assert_eq!(rows * cols, pes);
        }
        assert_eq!(best_pair(7), Some((1, 7)));
        assert_eq!(best_pair(65_536), Some((256, 256)));
    }

    #[test]
    fn a_number_that_no_array_has_is_given_no_pair() {
        for pes in [0, 257, 65_537, usize::MAX] {
            assert_eq!(best_pair(pes), None);
        }
    }
}
