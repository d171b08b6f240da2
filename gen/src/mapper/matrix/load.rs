//! How a tile of the ifmap is spread over the ports.

use super::super::emit::Runs;
use super::super::part::Part;
use super::super::window::TileWindow;
use super::blocks;
use super::schedule::{Section, TilePlace};
use super::MatrixPlan;

/// What a LOAD brings, and where from and to: addresses from the ifmap's beginning and words from the tile's on.
pub(super) struct LoadPart {
    pub runs: Runs,
    pub part: Part,
}

impl MatrixPlan {
    /// Words of an image of a tile in a port, for each of its channels there.
    pub(super) fn image_words(&self, section: &Section) -> usize {
        let mapping = &self.mapping;
        match self.is_of_rows() {
            true => blocks::image_words(&self.shape, &self.arch, self.pass_rows, mapping.e, section.tile_width),
            false => self.spanned_rows(mapping.e).min(self.shape.h) * section.tile_width,
        }
    }

    /// The transfers of a tile.
    pub(super) fn load_parts(&self, section: &Section, at: TilePlace, window: &TileWindow) -> Vec<LoadPart> {
        match self.is_of_rows() {
            true => self.row_parts(section, at, window),
            false => self.channel_parts(section, window),
        }
    }

    /// Byte address of an element of the ifmap, from its beginning on.
    fn element(&self, image: usize, channel: usize, row: usize, col: usize) -> u64 {
        let shape = &self.shape;
        let element = ((image * shape.c + channel) * shape.h + row) * shape.w + col;
        (element * self.arch.word_bytes()) as u64
    }

    /// For each port its channels, whole rows for all images at once, parts of rows image by image.
    fn channel_parts(&self, section: &Section, window: &TileWindow) -> Vec<LoadPart> {
        let (shape, arch) = (&self.shape, &self.arch);
        let size = arch.word_bytes();
        let (channels, rows) = (window.channels.len(), window.rows.len());
        let plane = shape.h * shape.w * size;
        let image_words = self.image_words(section);
        let whole = section.tile_width == shape.w;
        let (parts, images) = if whole { (1, section.images) } else { (section.images, 1) };
        let by_image = (images, shape.c * plane, image_words);
        let by_row = (rows, shape.w * size, section.tile_width);
        let unit = arch.ifmap_ports();
        let transfer = |port: usize, part: usize| {
            let by_group = ((channels - port).div_ceil(unit), unit * plane, section.images * image_words);
            let (image, channel) = (window.images.start + part, window.channels.start + port);
            let runs = Runs {
                address: self.element(image, channel, window.rows.start, window.cols.start),
                word: port * arch.port_words() + part * image_words,
                run: if whole { rows * shape.w } else { section.tile_width },
                inner: if whole { by_group } else { by_row },
                outer: if whole { by_image } else { by_group },
            };
            let (images, channels) = (image..image + images, channel..window.channels.end);
            let part = TileWindow { images, channels, ..window.clone() };
            LoadPart { runs, part: Part { channel_step: unit, ..part.into() } }
        };
        let ports = unit.min(channels);
        (0..ports).flat_map(|port| (0..parts).map(move |part| (port, part))).map(|(p, i)| transfer(p, i)).collect()
    }

    /// For each port its rows, row by row of a block: those of all images at once if there is one block, otherwise image by image.
    fn row_parts(&self, section: &Section, at: TilePlace, window: &TileWindow) -> Vec<LoadPart> {
        let (shape, arch) = (&self.shape, &self.arch);
        let size = arch.word_bytes();
        let (plane, width) = (shape.h * shape.w * size, section.tile_width);
        let image_words = self.image_words(section);
        let block_words = shape.stride_h * width;
        let by_channel = (window.channels.len(), plane, section.images * image_words);
        let at_once = window.rows.len() <= self.block_step();
        let (parts, images) = if at_once { (1, section.images) } else { (section.images, 1) };
        let by_image = (images, shape.c * plane, image_words);
        let rows = self.port_rows(self.origin(at).0, &window.rows);
        let transfer = |rows: &blocks::PortRows, part: usize| {
            let by_block = (rows.count, self.block_step() * shape.w * size, block_words);
            let (image, row) = (window.images.start + part, window.rows.start + rows.first);
            let runs = Runs {
                address: self.element(image, window.channels.start, row, window.cols.start),
                word: rows.port * arch.port_words()
                    + part * image_words
                    + rows.block * block_words
                    + rows.phase * width,
                run: width,
                inner: if at_once { by_channel } else { by_block },
                outer: if at_once { by_image } else { by_channel },
            };
            let part = TileWindow { images: image..image + images, rows: row..window.rows.end, ..window.clone() };
            LoadPart { runs, part: Part { row_step: self.block_step(), ..part.into() } }
        };
        rows.iter().flat_map(|rows| (0..parts).map(move |part| transfer(rows, part))).collect()
    }
}
