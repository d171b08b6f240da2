//! Mappings of layers: searched for, or by hand from a file.

use super::args::MapperArgs;
use anyhow::{bail, Context};
use gen::mapper::{search_any, AnyMapping, AnyPlan, Goal, Link, MappingSpec};
use gen::shape::ConvShape;
use hw::{Arch, CoreKind};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Mappings by hand, by the layer's name; without a file, none.
pub struct Mappings {
    /// The file and its text.
    file: Option<(PathBuf, String)>,
}

impl MapperArgs {
    /// What a mapping is searched for.
    pub fn goal(&self, link: &Link, ofmap_bytes: usize) -> Goal {
        Goal { objective: self.objective, link: *link, ofmap_bytes }
    }

    /// The mappings by hand.
    pub fn mappings(&self) -> anyhow::Result<Mappings> {
        let Some(path) = &self.mapping else { return Ok(Mappings { file: None }) };
        let text = std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        Ok(Mappings { file: Some((path.clone(), text)) })
    }
}

/// The mapping of a layer in a file of mappings.
fn by_hand<T: DeserializeOwned>(path: &Path, text: &str, layer: &str) -> anyhow::Result<T> {
    let file = path.display();
    let mut layers: BTreeMap<String, T> =
        toml::from_str(text).with_context(|| format!("`{file}` is no file of mappings"))?;
    match layers.remove(layer) {
        Some(mapping) => Ok(mapping),
        None => {
            let known: Vec<_> = layers.keys().map(|name| format!("`{name}`")).collect();
            bail!("`{file}` has no mapping of layer `{layer}`, only of {}; add a table [{layer}]", known.join(", "))
        }
    }
}

impl Mappings {
    /// The layer's mapping, with all that follows from it: by hand, or the best for the goal.
    pub fn of(&self, layer: &str, shape: &ConvShape, arch: &Arch, goal: &Goal) -> anyhow::Result<AnyPlan> {
        let Some((path, text)) = &self.file else {
            let mapping = search_any(shape, arch, goal).with_context(|| format!("layer `{layer}`"))?;
            return Ok(mapping.check(shape, arch)?);
        };
        // A layer by its full name, as in alexnet/conv3, is the same layer.
        let name = layer.rsplit('/').next().unwrap_or(layer);
        let mapping = match arch.dataflow.core() {
            CoreKind::RowStationary => by_hand::<MappingSpec>(path, text, name)?.mapping(shape, arch).into(),
            CoreKind::Matrix => AnyMapping::Matrix(by_hand(path, text, name)?),
        };
        mapping.check(shape, arch).with_context(|| format!("`{}`, layer `{name}`", path.display()))
    }
}
