//! Mappings and plans of any dataflow: the list of those that there are.

use super::matrix::{self, MatrixMapping, MatrixPlan};
use super::{build, Compression, Cost, Costed, Goal, LayerProgram, Layout, Link, MapError, Mapping, Plan};
use crate::numerics::{Numerics, Output};
use crate::problems::Problems;
use crate::shape::ConvShape;
use hw::{Arch, CoreKind};
use serde::Serialize;

/// How a layer is laid over an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AnyMapping {
    /// Row stationary.
    Rs(Mapping),
    /// Weight, output or input stationary, or no local reuse: arrays that multiply by a matrix.
    Matrix(MatrixMapping),
}

/// A mapping that has been checked, with all that follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyPlan {
    /// Row stationary.
    Rs(Box<Plan>),
    /// Weight, output or input stationary, or no local reuse: arrays that multiply by a matrix.
    Matrix(Box<MatrixPlan>),
}

impl From<Mapping> for AnyMapping {
    fn from(mapping: Mapping) -> AnyMapping {
        AnyMapping::Rs(mapping)
    }
}

impl From<MatrixMapping> for AnyMapping {
    fn from(mapping: MatrixMapping) -> AnyMapping {
        AnyMapping::Matrix(mapping)
    }
}

impl From<Plan> for AnyPlan {
    fn from(plan: Plan) -> AnyPlan {
        AnyPlan::Rs(Box::new(plan))
    }
}

/// The best mapping of a layer for the goal, on an array of any dataflow, or why there is none.
pub fn search_any(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<AnyMapping, MapError> {
    Ok(match arch.dataflow.core() {
        CoreKind::RowStationary => super::search(shape, arch, goal)?.into(),
        CoreKind::Matrix => matrix::search(shape, arch, goal)?.into(),
    })
}

/// A good mapping of a layer, found by closed forms alone.
pub fn quick_map_any(shape: &ConvShape, arch: &Arch) -> Result<AnyMapping, MapError> {
    quick_search_any(shape, arch, &Goal::new(arch))
}

/// As [`search_any`], by closed forms alone.
pub fn quick_search_any(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<AnyMapping, MapError> {
    Ok(match arch.dataflow.core() {
        CoreKind::RowStationary => super::quick_search(shape, arch, goal)?.into(),
        CoreKind::Matrix => matrix::quick_search(shape, arch, goal)?.into(),
    })
}

impl AnyMapping {
    /// This mapping with all that follows from it, or every rule that it breaks for this shape and array.
    pub fn check(&self, shape: &ConvShape, arch: &Arch) -> Result<AnyPlan, Problems<MapError>> {
        Ok(match self {
            AnyMapping::Rs(mapping) => AnyPlan::Rs(Box::new(mapping.check(shape, arch)?)),
            AnyMapping::Matrix(mapping) => AnyPlan::Matrix(Box::new(mapping.check(shape, arch)?)),
        })
    }
}

impl AnyPlan {
    /// The row-stationary plan, if it is one.
    pub fn rs(&self) -> Option<&Plan> {
        match self {
            AnyPlan::Rs(plan) => Some(plan),
            AnyPlan::Matrix(_) => None,
        }
    }

    /// What it costs.
    pub fn costed(&self) -> &(dyn Costed + Sync) {
        match self {
            AnyPlan::Rs(plan) => plan.as_ref(),
            AnyPlan::Matrix(plan) => plan.as_ref(),
        }
    }

    /// The choices.
    pub fn mapping(&self) -> AnyMapping {
        self.costed().mapping()
    }

    /// The accelerator.
    pub fn arch(&self) -> &Arch {
        self.costed().arch()
    }

    /// PEs that work in a pass.
    pub fn active_pes(&self) -> usize {
        match self {
            AnyPlan::Rs(plan) => plan.active_pes(),
            AnyPlan::Matrix(plan) => plan.active_pes(),
        }
    }

    /// Words that a psum is wide.
    pub fn psum_words(&self) -> f64 {
        self.costed().psum_words()
    }

    /// Bytes of the ofmap.
    pub fn ofmap_bytes(&self, output: &Output) -> usize {
        match self {
            AnyPlan::Rs(plan) => plan.ofmap_bytes(output),
            AnyPlan::Matrix(plan) => plan.ofmap_bytes(output),
        }
    }

    /// Where tensors and program lie in memory, from address `base` on; compressed as far as wanted and as the output can be.
    pub fn place(&self, output: &Output, wanted: Compression, base: u64) -> Layout {
        match self {
            AnyPlan::Rs(plan) => super::place(plan, output, wanted, base),
            AnyPlan::Matrix(plan) => matrix::place(plan, output, wanted, base),
        }
    }

    /// The program, with tensors where `layout` says; `END` carries `layer`.
    pub fn build(
        &self,
        numerics: &Numerics,
        output: &Output,
        layout: &Layout,
        layer: u32,
    ) -> Result<LayerProgram, MapError> {
        match self {
            AnyPlan::Rs(plan) => build(plan, numerics, output, layout, layer),
            AnyPlan::Matrix(plan) => matrix::build(plan, numerics, output, layout, layer),
        }
    }

    /// The filters (m × c/groups × r × s, in C order) as bytes in the order in which the array takes them.
    pub fn pack_filters(&self, filter: &[i64]) -> Vec<u8> {
        match self {
            AnyPlan::Rs(plan) => super::pack_filters(plan, filter),
            AnyPlan::Matrix(plan) => matrix::pack_filters(plan, filter),
        }
    }

    /// The time of the program, with what each part takes of it; ofmap words have `ofmap_bytes` bytes in memory.
    pub fn estimate(&self, link: &Link, ofmap_bytes: usize) -> Cost {
        self.costed().time(link, ofmap_bytes)
    }
}
