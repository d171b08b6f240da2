//! What a command moves of a tensor.

use super::window::TileWindow;

/// The words of a window of which, of channels and rows, only each so manieth is moved: in an array whose ports take channels or rows in turns, those of a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// From the first word on.
    pub window: TileWindow,
    /// Channels from one to the next.
    pub channel_step: usize,
    /// Rows from one to the next.
    pub row_step: usize,
}

impl From<TileWindow> for Part {
    fn from(window: TileWindow) -> Part {
        Part { window, channel_step: 1, row_step: 1 }
    }
}

impl Part {
    /// Words that it holds.
    pub fn words(&self) -> usize {
        let TileWindow { images, channels, rows, cols } = &self.window;
        images.len() * channels.len().div_ceil(self.channel_step) * rows.len().div_ceil(self.row_step) * cols.len()
    }

    /// The place of each of its words in a tensor with these dimensions, in C order.
    pub fn elements(&self, dims: [usize; 4]) -> impl Iterator<Item = usize> + '_ {
        let [_, channels, rows, cols] = dims;
        let window = &self.window;
        window.images.clone().flat_map(move |image| {
            window.channels.clone().step_by(self.channel_step).flat_map(move |channel| {
                window.rows.clone().step_by(self.row_step).flat_map(move |row| {
                    let first = ((image * channels + channel) * rows + row) * cols;
                    window.cols.clone().map(move |col| first + col)
                })
            })
        })
    }
}
