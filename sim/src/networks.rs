//! Networks as tables of layers: those built in, and those of a user's TOML file.
//!
//! ```toml
//! name = "mine"
//!
//! [[layers]]
//! name = "conv1"
//! shape = { m = 16, c = 3, h = 32, w = 32, r = 3, s = 3, pad_h = 1, pad_w = 1 }
//!
//! [[layers]]
//! name = "conv2"
//! chained = true  # its ifmap is conv1's ofmap, with nothing in between
//! shape = { m = 32, c = 16, h = 32, w = 32, r = 1, s = 1 }
//! ```

use gen::problems::Problems;
use gen::shape::{times, ConvShape, ShapeError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};
use thiserror::Error;

/// The built-in networks, in TOML; each file names its source.
const BUILT_IN: [(&str, &str); 8] = [
    ("alexnet", include_str!("networks/alexnet.toml")),
    ("googlenet", include_str!("networks/googlenet.toml")),
    ("mobilenet_v1", include_str!("networks/mobilenet_v1.toml")),
    ("resnet18", include_str!("networks/resnet18.toml")),
    ("resnet50", include_str!("networks/resnet50.toml")),
    ("squeezenet1_1", include_str!("networks/squeezenet1_1.toml")),
    ("tiny3", include_str!("networks/tiny3.toml")),
    ("vgg16", include_str!("networks/vgg16.toml")),
];

/// A network: layers in the order in which they run. Made and checked by [`Network::find`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub name: String,
    pub layers: Vec<Layer>,
}

/// One convolution, or fully connected, layer of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    pub name: String,
    /// The ifmap is the ofmap of the layer before, as it is: no pooling, sum or concatenation between the two.
    #[serde(default)]
    pub chained: bool,
    pub shape: ConvShape,
}

/// A network or a layer that cannot be had.
#[derive(Debug, Error)]
pub enum NetworkError {
    #[error("there is no network `{name}`{}; there are {} and any `FILE.toml`", did_you_mean(.nearest), .known.join(", "))]
    UnknownNetwork { name: String, nearest: Option<String>, known: Vec<String> },
    #[error("network `{network}` has no layer `{name}`{}; it has {}", did_you_mean(.nearest), .known.join(", "))]
    UnknownLayer { network: String, name: String, nearest: Option<String>, known: Vec<String> },
    #[error("`{layer}` names no layer; write NETWORK/LAYER, as in `alexnet/conv3`")]
    NoLayer { layer: String },
    #[error("`{}` cannot be read: {error}", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("`{origin}` is not a network: {message}")]
    Parse { origin: String, message: String },
    #[error("`{origin}`:\n{problems}")]
    Check { origin: String, problems: Problems<LayerError> },
}

/// What is wrong with a layer of a network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LayerError {
    #[error("`layers` is empty; a network has at least one layer")]
    NoLayers,
    #[error("layer {index} has the `name` \"{name}\"; a name has at least one character, and no `/` or `,`")]
    Name { index: usize, name: String },
    #[error("layer `{name}` is there twice; names must differ")]
    Twice { name: String },
    #[error("layer `{name}`: {problem}")]
    Shape { name: String, problem: ShapeError },
    #[error("layer `{name}` is `chained`, but no layer is before it")]
    ChainedFirst { name: String },
    #[error(
        "layer `{name}` is `chained`, but its ifmap is {} and the ofmap of `{previous}` {}; \
         they must be equal, or `chained` false",
        times(.ifmap), times(.ofmap)
    )]
    Chain { name: String, previous: String, ifmap: [usize; 4], ofmap: [usize; 4] },
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or(String::new(), |nearest| format!(" (did you mean `{nearest}`?)"))
}

/// The layer that `text` names: `alexnet/conv3`, or `path/to/file.toml/conv3`.
pub fn find_layer(text: &str) -> Result<Layer, NetworkError> {
    match text.rsplit_once('/') {
        // `nets/mine.toml` is a network, and no layer of `nets`.
        Some((network, layer)) if !is_file(layer) => Ok(Network::find(network)?.layer(layer)?.clone()),
        _ => Err(NetworkError::NoLayer { layer: text.into() }),
    }
}

/// Whether `text` is of the form NETWORK/LAYER.
pub fn names_layer(text: &str) -> bool {
    text.contains('/') && !is_file(text)
}

fn is_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "toml")
}

impl Network {
    /// Names of the built-in networks.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The built-in network of that name, or the one in the file `name` if it ends in `.toml`.
    pub fn find(name: &str) -> Result<Network, NetworkError> {
        if is_file(name) {
            let text = fs::read_to_string(name).map_err(|error| NetworkError::Read { path: name.into(), error })?;
            return Network::parse(name, &text);
        }
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Network::parse(name, text),
            None => Err(NetworkError::UnknownNetwork {
                name: name.into(),
                nearest: nearest(name, Network::built_in()),
                known: Network::built_in().map(str::to_string).collect(),
            }),
        }
    }

    fn parse(origin: &str, text: &str) -> Result<Network, NetworkError> {
        let network: Network = toml::from_str(text).map_err(|error| NetworkError::Parse {
            origin: origin.into(),
            message: error.to_string().trim_end().into(),
        })?;
        network.check().map_err(|problems| NetworkError::Check { origin: origin.into(), problems })?;
        Ok(network)
    }

    /// Every problem with this network.
    pub fn check(&self) -> Result<(), Problems<LayerError>> {
        let mut found = Vec::new();
        if self.layers.is_empty() {
            found.push(LayerError::NoLayers);
        }
        let mut names = HashSet::new();
        let mut previous: Option<&Layer> = None;
        for (index, layer) in self.layers.iter().enumerate() {
            let name = layer.name.clone();
            if name.is_empty() || name.contains(['/', ',']) {
                found.push(LayerError::Name { index, name: name.clone() });
            }
            if !names.insert(&layer.name) {
                found.push(LayerError::Twice { name: name.clone() });
            }
            if let Err(problems) = layer.shape.check() {
                let problems = problems.list().iter().cloned();
                found.extend(problems.map(|problem| LayerError::Shape { name: name.clone(), problem }));
            }
            let ifmap = layer.shape.ifmap_dims();
            match previous.replace(layer) {
                _ if !layer.chained => {}
                None => found.push(LayerError::ChainedFirst { name }),
                Some(previous) if previous.shape.ofmap_dims() != ifmap => {
                    let ofmap = previous.shape.ofmap_dims();
                    found.push(LayerError::Chain { name, previous: previous.name.clone(), ifmap, ofmap });
                }
                Some(_) => {}
            }
        }
        Problems::none_of(found)
    }

    /// The layer of that name.
    pub fn layer(&self, name: &str) -> Result<&Layer, NetworkError> {
        self.layers.iter().find(|layer| layer.name == name).ok_or_else(|| {
            let known = self.layers.iter().map(|layer| layer.name.as_str());
            NetworkError::UnknownLayer {
                network: self.name.clone(),
                name: name.into(),
                nearest: nearest(name, known.clone()),
                known: known.map(str::to_string).collect(),
            }
        })
    }

    /// The named layers alone, in the network's order. One whose predecessor is left out is chained no more.
    pub fn select<S: AsRef<str>>(&self, names: &[S]) -> Result<Network, NetworkError> {
        let mut wanted = HashSet::new();
        for name in names {
            wanted.insert(self.layer(name.as_ref())?.name.as_str());
        }
        let mut layers = Vec::new();
        let mut previous_kept = false;
        for layer in &self.layers {
            let kept = wanted.contains(layer.name.as_str());
            if kept {
                layers.push(Layer { chained: layer.chained && previous_kept, ..layer.clone() });
            }
            previous_kept = kept;
        }
        Ok(Network { name: self.name.clone(), layers })
    }

    /// The same network on batches of `n` images. Check it again: the tensors may have become too large.
    pub fn with_batch(mut self, n: usize) -> Network {
        self.layers.iter_mut().for_each(|layer| layer.shape.n = n);
        self
    }

    /// Multiply-accumulates of all layers.
    pub fn macs(&self) -> u64 {
        self.layers.iter().map(|layer| layer.shape.macs()).sum()
    }
}

/// The name most like `name`, if any is.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), known);
    let best = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.8).then(|| best.to_string())
}

#[cfg(test)]
#[path = "networks_tests.rs"]
mod tests;
