//! What has been found out, a line of JSON each, in a file that only grows: whoever stops a sweep goes on where it stopped.

use anyhow::{bail, Context};
use gen::area::Area;
use hw::ArchSpec;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
enum Line {
    /// The area of a design, by a model of areas.
    Area { model: String, design: ArchSpec, area: Area },
    /// What a network takes on a design.
    Run { question: String, network: String, design: ArchSpec, outcome: Outcome },
}

/// What a network takes on a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Mappings by closed forms.
    Quick(Taken),
    /// Mappings searched for and timed as `sim map` does.
    Exact(Taken),
    /// A layer does not map, and why.
    Refused(String),
}

/// Energy and time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// In the unit of the table of costs.
    pub energy: f64,
    /// Of all layers, one after the other.
    pub cycles: u64,
}

/// The file, and what it says for one question.
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
    model: String,
    question: String,
    network: String,
    areas: HashMap<String, Area>,
    outcomes: HashMap<String, Outcome>,
}

/// A design as a key.
fn key(design: &ArchSpec) -> String {
    format!("{design:?}")
}

impl Journal {
    /// Opens the file, or makes it. What other models of areas and other questions have found stays where it is.
    ///
    /// A last line without its end is what an interrupted write left, and is taken away.
    pub fn open(path: &Path, model: &str, question: &str, network: &str) -> anyhow::Result<Journal> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = file.with_context(|| format!("`--results {}` cannot be opened", path.display()))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(|| format!("`--results {}` cannot be read", path.display()))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut journal = Journal {
            path: path.into(),
            file: Mutex::new(file),
            model: model.into(),
            question: question.into(),
            network: network.into(),
            areas: HashMap::new(),
            outcomes: HashMap::new(),
        };
        let text = String::from_utf8_lossy(&bytes[..whole]).into_owned();
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(line) => journal.take(line),
                Err(error) => bail!(
                    "`--results {}`, line {}, is no result of an exploration ({error}); name another file",
                    path.display(),
                    number + 1
                ),
            }
        }
        let torn = &bytes[whole..];
        if !torn.is_empty() {
            if !torn.starts_with(b"{\"kind\"") && !b"{\"kind\"".starts_with(torn) {
                bail!(
                    "`--results {}` ends with what is no result of an exploration; name another file",
                    path.display()
                );
            }
            journal.lock().set_len(whole as u64).with_context(|| journal.unwritable())?;
        }
        Ok(journal)
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Area { model, design, area } if model == self.model => {
                self.areas.insert(key(&design), area);
            }
            Line::Run { question, design, outcome, .. } if question == self.question => {
                // What is exact stays.
                let known = self.outcomes.entry(key(&design)).or_insert_with(|| outcome.clone());
                if !matches!(known, Outcome::Exact(_)) {
                    *known = outcome;
                }
            }
            _ => {}
        }
    }

    /// The area of a design, if it is known.
    pub fn area(&self, design: &ArchSpec) -> Option<Area> {
        self.areas.get(&key(design)).copied()
    }

    /// What the network takes on a design, if it is known.
    pub fn outcome(&self, design: &ArchSpec) -> Option<&Outcome> {
        self.outcomes.get(&key(design))
    }

    /// Writes an area down.
    pub fn write_area(&self, design: &ArchSpec, area: Area) -> anyhow::Result<()> {
        self.append(&Line::Area { model: self.model.clone(), design: design.clone(), area })
    }

    /// Writes down what the network takes on a design.
    pub fn write_outcome(&self, design: &ArchSpec, outcome: &Outcome) -> anyhow::Result<()> {
        let (question, network) = (self.question.clone(), self.network.clone());
        self.append(&Line::Run { question, network, design: design.clone(), outcome: outcome.clone() })
    }

    /// Keeps what has been written down by this process.
    pub fn keep(&mut self, areas: Vec<(ArchSpec, Area)>, outcomes: Vec<(ArchSpec, Outcome)>) {
        self.areas.extend(areas.into_iter().map(|(design, area)| (key(&design), area)));
        self.outcomes.extend(outcomes.into_iter().map(|(design, outcome)| (key(&design), outcome)));
    }

    fn append(&self, line: &Line) -> anyhow::Result<()> {
        let text = serde_json::to_string(line)? + "\n";
        self.lock().write_all(text.as_bytes()).with_context(|| self.unwritable())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn unwritable(&self) -> String {
        format!("`--results {}` cannot be written", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TAKEN: Taken = Taken { energy: 1.5, cycles: 7 };

    fn open(path: &Path, question: &str) -> anyhow::Result<Journal> {
        Journal::open(path, "a model", question, "a network")
    }

    #[test]
    fn what_was_written_is_there_again_whatever_was_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        let designs = [8, 16].map(|width| ArchSpec { width, ..ArchSpec::default() });
        let journal = open(&path, "one").unwrap();
        let area = Area { logic: 3.0, memories: 4.0 };
        journal.write_area(&designs[0], area).unwrap();
        journal.write_outcome(&designs[0], &Outcome::Exact(TAKEN)).unwrap();
        journal.write_outcome(&designs[0], &Outcome::Quick(Taken { cycles: 9, ..TAKEN })).unwrap();
        journal.write_outcome(&designs[1], &Outcome::Refused("too wide".into())).unwrap();
        let whole = fs::read(&path).unwrap();
        for torn in 0..40 {
            let mut bytes = whole.clone();
            bytes.extend_from_slice(&whole[..torn]);
            fs::write(&path, bytes).unwrap();
            let journal = open(&path, "one").unwrap();
            assert_eq!(journal.area(&designs[0]), Some(area));
            assert_eq!(journal.outcome(&designs[0]), Some(&Outcome::Exact(TAKEN)));
            assert_eq!(journal.outcome(&designs[1]), Some(&Outcome::Refused("too wide".into())));
            assert_eq!(fs::read(&path).unwrap(), whole, "{torn} bytes too many");
        }
        let other = open(&path, "another").unwrap();
        assert_eq!((other.outcome(&designs[0]), other.area(&designs[0])), (None, Some(area)));
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.txt");
        for text in ["Dear reader,\nwe", "Dear", "{}\n"] {
            fs::write(&path, text).unwrap();
            let Err(error) = open(&path, "one") else { panic!("{text}") };
            assert!(error.to_string().contains("name another file"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
