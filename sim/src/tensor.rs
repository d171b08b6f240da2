//! The operands of a layer: ifmap, filter and bias, checked against their shape and their widths.

use crate::npy::{self, NpyError};
use gen::numerics::{signed_range, Numerics, PSUM_WIDTHS, WIDTHS};
use gen::problems::Problems;
use gen::shape::{times, ConvShape, ShapeError};
use ndarray::{Array1, Array4, ArrayD, ArrayView, Dimension};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The operands of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensors {
    /// n × c × h × w, without padding; W-bit values.
    pub ifmap: Array4<i64>,
    /// m × c/groups × r × s; W-bit values.
    pub filter: Array4<i64>,
    /// m; P-bit values. All 0 for a layer without bias.
    pub bias: Array1<i64>,
}

/// The `.npy` files of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorFiles {
    /// N×C×H×W
    pub ifmap: PathBuf,
    /// M×(C/groups)×R×S
    pub filter: PathBuf,
    /// M; 0 if there is none.
    pub bias: Option<PathBuf>,
}

/// What the shapes of the tensors leave open of a layer's shape; the fields are those of [`ConvShape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    pub stride_h: usize,
    pub stride_w: usize,
    pub pad_h: usize,
    pub pad_w: usize,
    pub groups: usize,
}

impl Default for Geometry {
    fn default() -> Self {
        Geometry { stride_h: 1, stride_w: 1, pad_h: 0, pad_w: 0, groups: 1 }
    }
}

/// What is wrong with a layer's operands. `label` is the file, in backticks, or `the ifmap` and so on.
#[derive(Debug, Error)]
pub enum TensorError {
    #[error(transparent)]
    Npy(#[from] NpyError),
    #[error("{label} has shape {have}; expected {expected}")]
    Dims { label: String, have: String, expected: String },
    #[error("{label} has shape {have}; no dimension of {tensor} may be 0")]
    Empty { label: String, tensor: &'static str, have: String },
    #[error("{ifmap} and {filter} do not make a layer:\n{problems}")]
    Shape { ifmap: String, filter: String, problems: Problems<ShapeError> },
    #[error(
        "{label}: value {value} at {index:?} is outside the range {} to {} of `{field}` = {bits}; {remedy}",
        signed_range(*.bits).start(), signed_range(*.bits).end()
    )]
    Range { label: String, index: Vec<usize>, value: i64, field: &'static str, bits: u32, remedy: String },
}

impl Tensors {
    /// Reads a layer's files. Their shapes and `geometry` together give the layer's shape, which is checked.
    pub fn read(
        files: &TensorFiles,
        geometry: &Geometry,
        numerics: &Numerics,
    ) -> Result<(ConvShape, Tensors), TensorError> {
        let (ifmap_label, filter_label) = (quoted(&files.ifmap), quoted(&files.filter));
        let ifmap: Array4<i64> = with_axes(npy::read(&files.ifmap)?, &ifmap_label, "the ifmap", "N×C×H×W")?;
        let filter: Array4<i64> =
            with_axes(npy::read(&files.filter)?, &filter_label, "the filter", "M×(C/groups)×R×S")?;
        let (n, c, h, w) = ifmap.dim();
        let (m, channels, r, s) = filter.dim();
        let Geometry { stride_h, stride_w, pad_h, pad_w, groups } = *geometry;
        let shape = ConvShape { n, m, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, groups };
        shape.check().map_err(|problems| TensorError::Shape {
            ifmap: format!("{ifmap_label} (ifmap {})", times(ifmap.shape())),
            filter: format!("{filter_label} (filter {})", times(filter.shape())),
            problems,
        })?;
        if channels != shape.c_per_group() {
            return Err(filter_channels(filter_label, &filter, &ifmap_label, &shape));
        }
        let (bias, bias_label) = match &files.bias {
            None => (Array1::zeros(m), String::new()),
            Some(path) => (with_axes(npy::read(path)?, &quoted(path), "the bias", "M")?, quoted(path)),
        };
        let tensors = Tensors { ifmap, filter, bias };
        tensors.check_labelled(&shape, numerics, [&ifmap_label, &filter_label, &bias_label])?;
        Ok((shape, tensors))
    }

    /// Whether these are operands for `shape` (itself checked), with every value in the range of its width.
    pub fn check(&self, shape: &ConvShape, numerics: &Numerics) -> Result<(), TensorError> {
        self.check_labelled(shape, numerics, ["the ifmap", "the filter", "the bias"])
    }

    fn check_labelled(
        &self,
        shape: &ConvShape,
        numerics: &Numerics,
        [ifmap, filter, bias]: [&str; 3],
    ) -> Result<(), TensorError> {
        check_dims(ifmap, self.ifmap.shape(), &shape.ifmap_dims(), "N×C×H×W")?;
        check_dims(filter, self.filter.shape(), &shape.filter_dims(), "M×(C/groups)×R×S")?;
        check_dims(bias, self.bias.shape(), &shape.bias_dims(), "one value for each of the M filters")?;
        check_range(ifmap, self.ifmap.view(), "width", numerics.width)?;
        check_range(filter, self.filter.view(), "width", numerics.width)?;
        check_range(bias, self.bias.view(), "psum_width", numerics.psum_width)
    }
}

fn quoted(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// `array` with the number of dimensions that `axes` needs, none of them 0.
fn with_axes<D: Dimension>(
    array: ArrayD<i64>,
    label: &str,
    tensor: &'static str,
    axes: &str,
) -> Result<ndarray::Array<i64, D>, TensorError> {
    let have = shape_text(array.shape());
    if array.is_empty() {
        return Err(TensorError::Empty { label: label.into(), tensor, have });
    }
    array.into_dimensionality().map_err(|_| {
        let count = D::NDIM.unwrap_or_default();
        let plural = if count == 1 { "" } else { "s" };
        let expected = format!("{count} dimension{plural}, {axes}, for {tensor}");
        TensorError::Dims { label: label.into(), have, expected }
    })
}

fn shape_text(dims: &[usize]) -> String {
    if dims.is_empty() {
        "() (a single number)".into()
    } else {
        times(dims)
    }
}

fn filter_channels(label: String, filter: &Array4<i64>, ifmap: &str, shape: &ConvShape) -> TensorError {
    let channels = filter.shape()[1];
    let ConvShape { m, c, r, s, groups, .. } = *shape;
    let wanted = times(&[m, shape.c_per_group(), r, s]);
    let remedy = match c % channels {
        0 if m % (c / channels) == 0 => format!(", or `groups` = {}", c / channels),
        _ => String::new(),
    };
    let expected = format!("{wanted} for the {c} channels of {ifmap} in `groups` = {groups}{remedy}");
    TensorError::Dims { label, have: times(filter.shape()), expected }
}

fn check_dims(label: &str, have: &[usize], want: &[usize], axes: &str) -> Result<(), TensorError> {
    if have == want {
        return Ok(());
    }
    let expected = format!("{} ({axes})", times(want));
    Err(TensorError::Dims { label: label.into(), have: times(have), expected })
}

fn check_range<D: Dimension>(
    label: &str,
    array: ArrayView<'_, i64, D>,
    field: &'static str,
    bits: u32,
) -> Result<(), TensorError> {
    let (min, max) = signed_range(bits).into_inner();
    let Some((index, value)) = npy::first_outside(array.view(), min.into(), max.into()) else { return Ok(()) };
    // The remedy is for all of the array, not only for this value.
    let needed = array.iter().map(|&value| bits_of(value)).max().unwrap_or(bits);
    let widest = if field == "width" { WIDTHS } else { PSUM_WIDTHS };
    let remedy = match widest.contains(&needed) {
        true => format!("rescale the data, or choose a `{field}` of {needed} or more"),
        false => "rescale the data".into(),
    };
    let value = value as i64;
    Err(TensorError::Range { label: label.into(), index, value, field, bits, remedy })
}

/// Bits of the narrowest signed word that holds `value`.
fn bits_of(value: i64) -> u32 {
    let magnitude = if value < 0 { !value } else { value };
    65 - magnitude.leading_zeros()
}

#[cfg(test)]
#[path = "tensor_tests.rs"]
mod tests;
