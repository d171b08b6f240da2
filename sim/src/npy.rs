//! NumPy `.npy` files of integers.

use crate::files;
use ndarray::{ArrayD, ArrayView, Axis, Dimension, IxDyn, ShapeBuilder};
use ndarray_npy::npy::header::{Header, ReadHeaderError};
use ndarray_npy::{ReadDataError, ReadableElement, WriteNpyError, WriteNpyExt};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};
use thiserror::Error;

/// What can go wrong with an `.npy` file. Every message names the file.
#[derive(Debug, Error)]
pub enum NpyError {
    #[error("`{}` cannot be read: {error}", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("`{}` is not a whole `.npy` file: {what}; write it with `numpy.save`", .path.display())]
    Broken { path: PathBuf, what: String },
    #[error(
        "`{}` has dtype {dtype}; expected a NumPy integer type, int8 to int64 or uint8 to uint64: \
         convert with `array.astype(numpy.int64)`",
        .path.display()
    )]
    Dtype { path: PathBuf, dtype: String },
    #[error("`{}`: value {value} at {index:?} is outside the 64-bit range {} to {}", .path.display(), i64::MIN, i64::MAX)]
    TooLarge { path: PathBuf, index: Vec<usize>, value: i128 },
    #[error("`{}` cannot be written: {error}", .path.display())]
    Write { path: PathBuf, error: io::Error },
}

/// Reads an array of any NumPy integer type, in C or Fortran order and either byte order, as int64 in C order.
pub fn read(path: &Path) -> Result<ArrayD<i64>, NpyError> {
    let broken = |what: String| NpyError::Broken { path: path.into(), what };
    let bytes = fs::read(path).map_err(|error| NpyError::Read { path: path.into(), error })?;
    let mut data = bytes.as_slice();
    let header = Header::from_reader(&mut data).map_err(|error| broken(header_problem(error)))?;

    let dtype = match header.type_descriptor.as_string() {
        Some(dtype) => dtype.clone(),
        None => return Err(NpyError::Dtype { path: path.into(), dtype: header.type_descriptor.to_string() }),
    };
    let decode = match dtype.trim_start_matches(['<', '>', '|', '=']) {
        "i1" => decode::<i8>,
        "i2" => decode::<i16>,
        "i4" => decode::<i32>,
        "i8" => decode::<i64>,
        "u1" => decode::<u8>,
        "u2" => decode::<u16>,
        "u4" => decode::<u32>,
        "u8" => decode::<u64>,
        _ => return Err(NpyError::Dtype { path: path.into(), dtype: format!("'{dtype}'") }),
    };

    // The header is not trusted: allocate only what the file really holds.
    let element_bytes = usize::from(dtype.as_bytes()[dtype.len() - 1] - b'0');
    let expected = header.shape.iter().try_fold(element_bytes, |product, &dim| product.checked_mul(dim));
    if expected != Some(data.len()) {
        let dims = format!("{:?}", header.shape);
        let expected = expected.map_or("more bytes than memory holds".into(), |bytes| format!("{bytes} bytes"));
        return Err(broken(format!("a '{dtype}' array of shape {dims} is {expected}, the file holds {}", data.len())));
    }
    match decode(&header, data) {
        Ok(array) => Ok(array),
        Err(Undecoded::TooLarge(index, value)) => Err(NpyError::TooLarge { path: path.into(), index, value }),
        Err(Undecoded::Broken(what)) => Err(broken(what)),
    }
}

fn header_problem(error: ReadHeaderError) -> String {
    match error {
        ReadHeaderError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "it ends inside its header".into()
        }
        // The parser's message spans lines; its first names the fault.
        error => error.to_string().lines().next().unwrap_or_default().trim_end_matches(':').into(),
    }
}

/// Why the elements could not be had.
enum Undecoded {
    TooLarge(Vec<usize>, i128),
    Broken(String),
}

fn decode<T>(header: &Header, data: &[u8]) -> Result<ArrayD<i64>, Undecoded>
where
    T: ReadableElement + Copy + Into<i128>,
{
    let len = data.len() / size_of::<T>();
    let elements = T::read_to_end_exact_vec(data, &header.type_descriptor, len)
        .map_err(|error: ReadDataError| Undecoded::Broken(error.to_string()))?;
    let dims = IxDyn(&header.shape).set_f(header.layout.is_fortran());
    let array = ArrayD::from_shape_vec(dims, elements).map_err(|error| Undecoded::Broken(error.to_string()))?;
    if let Some((index, value)) = first_outside(array.view(), i64::MIN.into(), i64::MAX.into()) {
        return Err(Undecoded::TooLarge(index, value));
    }
    let array = array.mapv(|element| element.into() as i64);
    Ok(if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() })
}

/// The first element, in C order, that is outside `min ..= max`, with its index.
pub(crate) fn first_outside<T, D>(array: ArrayView<'_, T, D>, min: i128, max: i128) -> Option<(Vec<usize>, i128)>
where
    T: Copy + Into<i128>,
    D: Dimension,
{
    let outside = |element: &T| !(min..=max).contains(&(*element).into());
    // Without an index the search is many times faster, and almost always it finds nothing.
    let mut position = array.iter().position(outside)?;
    let value = (*array.iter().nth(position)?).into();
    let mut index = vec![0; array.ndim()];
    for axis in (0..array.ndim()).rev() {
        let len = array.len_of(Axis(axis));
        index[axis] = position % len;
        position /= len;
    }
    Some((index, value))
}

/// Writes `array` as int64 in C order. The file appears whole or not at all.
pub fn write<D: Dimension>(path: &Path, array: ArrayView<'_, i64, D>) -> Result<(), NpyError> {
    let written = files::replace(path, |file: &mut dyn Write| write_to(file, array));
    written.map_err(|error| NpyError::Write { path: path.into(), error })
}

/// Writes `array` as an `.npy` file's bytes: int64, in C order.
pub fn write_to<D: Dimension>(file: &mut dyn Write, array: ArrayView<'_, i64, D>) -> io::Result<()> {
    array.as_standard_layout().write_npy(file).map_err(|error| match error {
        WriteNpyError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    })
}
