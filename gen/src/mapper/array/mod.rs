//! How passes follow each other in the array: measured in a model of it that knows when each word moves.
//!
//! | file | what it holds |
//! |---|---|
//! | `work` | what the PEs, buses and lanes have to do in a pass |
//! | `flow` | the events of buses and lanes, and the times of passes |
//! | `pe` | the events of a PE |

mod flow;
mod pe;
mod work;

use super::plan::Plan;
use flow::{Earliest, Times};
use work::Work;

/// Windows of the passes that are measured at the least.
const WINDOWS: usize = 6;
/// Events of a pass that is measured, about, unless it has few windows: what is larger is measured in part, and the rest follows from that.
const EVENTS: usize = 60_000;
/// A start that is later than the end of any pass before it.
const LATE: u64 = 1 << 24;

/// The rhythm of passes of a kind, in cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beat {
    /// From the end of a pass to that of the next, if all that it needs is there.
    pub interval: u64,
    // From the start of each of its parts to a pass's end, if all else is there
    pub ifmap: u64,
    pub feed: u64,
    pub collect: u64,
    /// From its last filter line.
    pub filter: u64,
    // From the end of each part to the pass's end, if nothing but the array holds it up
    pub after_ifmap: u64,
    pub after_feed: u64,
    /// From the pass's last filter line to the end of the pass before; negative if the line is later.
    pub after_filter: i64,
}

impl Beat {
    /// The beat of passes of `images` images and `windows` windows; none if the model stands still.
    pub fn new(plan: &Plan, images: usize, windows: usize) -> Option<Beat> {
        let one = Work::new(plan, 1, 1);
        let most = (EVENTS / (one.below.len() * (one.filters + 3 * one.taps))).max(WINDOWS);
        let few_windows = windows.min(most);
        let few_images = images.min(most / few_windows);
        let part = Work { images: few_images, windows: few_windows, ..one };
        let short = flow::run(&part, &[Earliest::default(); 3])?;
        let interval = in_a_row(&short);
        let longer =
            |work: &Work| Some(in_a_row(&flow::run(work, &[Earliest::default(); 3])?).saturating_sub(interval));
        // What the windows and the images beyond the measured ones take.
        let of_windows = match windows.min(2 * few_windows) - few_windows {
            0 => 0,
            more => {
                longer(&Work { windows: few_windows + more, ..part.clone() })? * (windows - few_windows) as u64
                    / more as u64
            }
        };
        let of_images = match images.min(2 * few_images) - few_images {
            0 => 0,
            more => {
                let measured = longer(&Work { images: few_images + more, ..part.clone() })?;
                (measured + of_windows * more as u64 / few_images as u64) * (images - few_images) as u64 / more as u64
            }
        };
        let growth = of_windows + of_images;

        let late = |earliest: Earliest| flow::run(&part, &[Earliest::default(), earliest]).map(|times| times[1]);
        let ifmap = late(Earliest { ifmap: LATE, ..Default::default() })?;
        let feed = late(Earliest { feed: LATE, ..Default::default() })?;
        let filter = late(Earliest { filter: LATE, ..Default::default() })?;
        let collect = late(Earliest { collect: LATE, ..Default::default() })?;
        let [_, before, last] = short[..] else { return None };
        Some(Beat {
            interval: interval + growth,
            ifmap: ifmap.collected - LATE + growth,
            feed: feed.collected - LATE + growth,
            collect: collect.collected - LATE + growth,
            filter: filter.collected - filter.filter_end + growth,
            after_ifmap: last.collected - last.ifmap_end,
            after_feed: last.collected - last.feed_end,
            after_filter: before.collected as i64 - last.filter_end as i64,
        })
    }
}

/// The interval of passes that follow each other.
fn in_a_row(times: &[Times]) -> u64 {
    times[2].collected - times[1].collected
}
