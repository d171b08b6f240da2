//! Mappings of layers: searched for, or by hand from a file.

use super::args::MapperArgs;
use anyhow::{bail, Context};
use gen::mapper::{search, Goal, Link, MappingSpec, Plan};
use gen::shape::ConvShape;
use hw::Arch;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Mappings by hand, by the layer's name; without a file, none.
pub struct Mappings {
    file: Option<(PathBuf, BTreeMap<String, MappingSpec>)>,
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
        let layers = toml::from_str(&text).with_context(|| format!("`{}` is no file of mappings", path.display()))?;
        Ok(Mappings { file: Some((path.clone(), layers)) })
    }
}

impl Mappings {
    /// The layer's mapping, with all that follows from it: by hand, or the best for the goal.
    pub fn of(&self, layer: &str, shape: &ConvShape, arch: &Arch, goal: &Goal) -> anyhow::Result<Plan> {
        let Some((path, layers)) = &self.file else {
            let mapping = search(shape, arch, goal).with_context(|| format!("layer `{layer}`"))?;
            return Ok(mapping.check(shape, arch)?);
        };
        let file = path.display();
        // A layer by its full name, as in alexnet/conv3, is the same layer.
        let name = layer.rsplit('/').next().unwrap_or(layer);
        let Some(spec) = layers.get(name) else {
            let known: Vec<_> = layers.keys().map(|name| format!("`{name}`")).collect();
            bail!("`{file}` has no mapping of layer `{name}`, only of {}; add a table [{name}]", known.join(", "));
        };
        spec.mapping(shape, arch).check(shape, arch).with_context(|| format!("`{file}`, layer `{name}`"))
    }
}
