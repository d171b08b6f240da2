//! How sparse feature maps are, and how they lie in memory.

use super::args::NumberArgs;
use crate::data::RandomData;
use crate::golden::{self, GoldenError};
use crate::published::Chip;
use crate::tensor::Tensors;
use crate::traffic::Wanted;
use anyhow::{bail, Context};
use clap::ValueEnum;
use gen::numerics::Numerics;
use gen::shape::ConvShape;
use hw::rlc::Format;
use std::str::FromStr;

/// What is compressed in DRAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rlc {
    /// Nothing
    Off,
    /// Ifmaps
    Ifmap,
    /// Ofmaps
    Ofmap,
    /// Ifmaps and ofmaps
    Both,
}

impl Rlc {
    /// The tensors of a layer that are compressed; `is_first`: its ifmap is the network's.
    pub fn of_layer(self, is_first: bool, format: RlcFormat) -> Wanted {
        Wanted {
            ifmap: matches!(self, Rlc::Ifmap | Rlc::Both) && !is_first,
            ofmap: matches!(self, Rlc::Ofmap | Rlc::Both),
            format: match format {
                RlcFormat::Shorter => None,
                RlcFormat::Runs => Some(Format::Runs),
                RlcFormat::Masks => Some(Format::Masks),
            },
        }
    }
}

/// How what is compressed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RlcFormat {
    /// Of those that the design was built for, for each feature map the one that is shorter
    Shorter,
    /// The chip's: runs of zeros and levels
    Runs,
    /// Masks of zeros, and the other words (designs with --masks)
    Masks,
}

/// How many words of a network's ifmaps are zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zeros {
    /// This share of each that is not an ofmap of the layer before.
    Share(f64),
    /// The share that was measured on the chip.
    Chip,
}

impl FromStr for Zeros {
    type Err = String;

    fn from_str(text: &str) -> Result<Zeros, String> {
        match (text, text.parse()) {
            ("chip", _) => Ok(Zeros::Chip),
            (_, Ok(share)) if (0.0..=1.0).contains(&share) => Ok(Zeros::Share(share)),
            _ => Err("write a fraction from 0 to 1, or `chip`".into()),
        }
    }
}

/// How a layer's feature maps are drawn.
pub struct Sparsity {
    /// What draws its operands.
    pub data: RandomData,
    /// Share of zeros that its ofmap is to have after a ReLU; none if that is left to the data.
    pub ofmap: Option<f64>,
}

impl Zeros {
    /// Of a layer of a network: how its feature maps are drawn.
    pub fn of_layer(self, seed: u64, network: &str, layer: &str) -> anyhow::Result<Sparsity> {
        let (ifmap, ofmap) = self.shares(network, layer)?;
        Ok(Sparsity { data: RandomData::new(seed, ifmap)?, ofmap })
    }

    /// Shares of zeros in a layer's ifmap and, where it is not left to the data, in its ofmap.
    pub fn shares(self, network: &str, layer: &str) -> anyhow::Result<(f64, Option<f64>)> {
        let chip = match self {
            Zeros::Share(share) => return Ok((share, None)),
            Zeros::Chip => Chip::eyeriss(),
        };
        let measured = chip.network(network).with_context(|| {
            let known: Vec<_> = chip.networks.iter().map(|network| network.name.as_str()).collect();
            format!("`--zeros chip`: the chip was not measured on `{network}`, only on {}", known.join(" and "))
        })?;
        let Some([ifmap, ofmap]) = measured.zeros(layer) else {
            bail!("`--zeros chip`: the chip was not measured on `{network}/{layer}`; choose others with --layers");
        };
        Ok((ifmap, Some(ofmap)))
    }
}

/// Moves a layer's bias so that about this share of its psums is not positive: after a ReLU, zeros.
pub fn make_sparse(
    tensors: &mut Tensors,
    share: f64,
    shape: &ConvShape,
    numerics: &Numerics,
    number: &NumberArgs,
) -> anyhow::Result<()> {
    let quantile = |tensors: &Tensors, numerics: &Numerics| -> Result<i64, GoldenError> {
        let mut psums = golden::psums(shape, numerics, tensors)?.into_raw_vec_and_offset().0;
        let at = ((psums.len() as f64 * share) as usize).min(psums.len() - 1);
        Ok(*psums.select_nth_unstable(at).1)
    };
    let plain = tensors.bias.clone();
    // A bias takes room that psums had: the shift that suits both is known after one turn.
    for _ in 0..2 {
        let (numerics, _) = number.calibrated(shape, numerics, tensors)?;
        let moved = quantile(&Tensors { bias: plain.clone(), ..tensors.clone() }, &numerics)?;
        tensors.bias = plain.mapv(|bias| golden::wrap(bias - moved, numerics.psum_width));
    }
    Ok(())
}
