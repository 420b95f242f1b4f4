//! The four layers of settings, each value with the place it came from.
//!
//! Flag over variable over file over default. A name nobody knows is an error with the nearest name
//! that exists, in every layer: a misspelt switch must not leave a door open.
//!
//! **Source**: users page, section 10 (Configuration); requirement S11.

use std::path::Path;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::keys::{self, Kind, PREFIX};
use crate::exit::Failure;

/// One value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sourced<T> {
    /// The value.
    pub(crate) value: T,
    /// The flag, variable, file and line, or `default`.
    pub(crate) source: String,
}

/// One value of one layer, for figment.
struct Single {
    source: String,
    name: String,
    value: Value,
}

impl Provider for Single {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut values = Dict::new();
        values.insert(self.name.clone(), self.value.clone());
        Ok(Profile::Default.collect(values))
    }
}

/// The layers, merged; later calls win over earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    figment: Figment,
    problems: Vec<String>,
}

impl Layers {
    /// The lowest layer.
    pub(crate) fn defaults(values: &[(&str, &str)]) -> Self {
        let mut layers = Self::default();
        for (name, value) in values {
            layers.set("default".to_owned(), name, Value::from(*value));
        }
        layers
    }

    /// The file's layer.
    ///
    /// **Errors**: a text that is not TOML. Its message names the place and never quotes the line,
    /// which may hold a secret.
    pub(crate) fn file(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        let shown = path.display();
        let data = Toml::string(text).data().map_err(|error| {
            let message = error.to_string();
            let place = message.lines().next().unwrap_or_default();
            Failure::configuration(format!("`{shown}` does not read: {place}"))
        })?;
        for (name, value) in data.into_values().flatten() {
            let line = line_of(text, &name);
            if keys::find(&name).is_some_and(|key| key.name != "config") {
                self.set(format!("{shown}:{line}"), &name, value);
            } else {
                let nearest = keys::nearest(&name);
                self.problems.push(format!(
                    "`{shown}` line {line}: there is no setting `{name}`; did you mean `{nearest}`?"
                ));
            }
        }
        Ok(())
    }

    /// The layer of the environment; variables of other programs are not looked at.
    pub(crate) fn variables(&mut self, variables: &[(String, String)]) {
        for (variable, value) in variables {
            let Some(name) = variable.strip_prefix(PREFIX) else {
                continue;
            };
            // Compose files and shells pass an unset variable on as an empty one.
            if value.is_empty() || keys::CLIENT_VARIABLES.contains(&variable.as_str()) {
                continue;
            }
            let name = name.to_ascii_lowercase();
            if keys::find(&name).is_some() && *variable == keys::variable(&name) {
                self.set(
                    format!("variable {variable}"),
                    &name,
                    Value::from(value.as_str()),
                );
            } else {
                let nearest = keys::variable(keys::nearest(&name));
                self.problems.push(format!(
                    "variable `{variable}` is not a setting of daypass; did you mean `{nearest}`?"
                ));
            }
        }
    }

    /// The topmost layer; the command line has already refused flags it does not know.
    pub(crate) fn flags(&mut self, flags: &[(&'static str, String)]) {
        for (name, value) in flags {
            let source = format!("flag {}", keys::flag(name));
            self.set(source, name, Value::from(value.as_str()));
        }
    }

    /// Ends the gathering.
    ///
    /// **Errors**: every unknown name, one a line.
    pub(crate) fn known(self) -> Result<Self, Failure> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        Err(Failure::configuration(self.problems.join("\n")))
    }

    fn set(&mut self, source: String, name: &str, value: Value) {
        let single = Single {
            source,
            name: name.to_owned(),
            value,
        };
        self.figment = std::mem::take(&mut self.figment).merge(single);
    }

    /// A value as it stands in its layer; an empty text means that the setting is not set.
    fn value(&self, name: &str) -> Option<Sourced<Value>> {
        let value = self.figment.find_value(name).ok()?;
        if value.as_str() == Some("") {
            return None;
        }
        let source = self
            .figment
            .get_metadata(value.tag())
            .map(|metadata| metadata.name.clone());
        Some(Sourced {
            value,
            source: source.unwrap_or_default().into_owned(),
        })
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Sourced<String>>, Failure> {
        let Some(Sourced { value, source }) = self.value(name) else {
            return Ok(None);
        };
        match value.into_string() {
            Some(value) => Ok(Some(Sourced { value, source })),
            None => Err(wrong(name, &source, "must be a text in quotes")),
        }
    }

    /// A list of texts.
    pub(crate) fn list(&self, name: &str) -> Result<Sourced<Vec<String>>, Failure> {
        let Some(Sourced { value, source }) = self.value(name) else {
            return Ok(Sourced {
                value: Vec::new(),
                source: "default".to_owned(),
            });
        };
        let items = match value {
            Value::String(_, text) => {
                let items = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                Some(items.map(str::to_owned).collect())
            }
            Value::Array(_, items) => items.into_iter().map(Value::into_string).collect(),
            _ => None,
        };
        match items {
            Some(value) => Ok(Sourced { value, source }),
            None => Err(wrong(
                name,
                &source,
                "must be a list of texts, like [\"a\", \"b\"]",
            )),
        }
    }

    /// True or false.
    pub(crate) fn switch(&self, name: &str) -> Result<Sourced<bool>, Failure> {
        let Some(Sourced { value, source }) = self.value(name) else {
            return Ok(Sourced {
                value: false,
                source: "default".to_owned(),
            });
        };
        let truth = match &value {
            Value::Bool(_, truth) => Some(*truth),
            Value::String(_, text) if text == "true" => Some(true),
            Value::String(_, text) if text == "false" => Some(false),
            _ => None,
        };
        match truth {
            Some(value) => Ok(Sourced { value, source }),
            None => Err(wrong(name, &source, "must be true or false")),
        }
    }

    /// Every setting that has a value, as it may be shown, with its source.
    pub(crate) fn shown(&self) -> Vec<(&'static str, Sourced<String>)> {
        let shown = |key: &keys::Key| {
            let Sourced { value, source } = self.value(key.name)?;
            let value = match (key.secret, key.kind, value) {
                (true, ..) => "\"***\"".to_owned(),
                (_, Kind::Switch, Value::String(_, text)) => text,
                (_, _, value) => toml_text(&value),
            };
            Some((key.name, Sourced { value, source }))
        };
        keys::KEYS.iter().filter_map(shown).collect()
    }
}

/// A value as the file would hold it.
fn toml_text(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Array(_, items) => {
            let items: Vec<String> = items.iter().map(toml_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Bool(_, truth) => truth.to_string(),
        _ => "?".to_owned(),
    }
}

/// A refusal of one setting: which, where it came from, what it should be.
pub(crate) fn wrong(name: &str, source: &str, sentence: &str) -> Failure {
    Failure::configuration(format!("`{name}` ({source}) {sentence}"))
}

/// The line a top-level name stands on. TOML does not allow the same name twice.
fn line_of(text: &str, name: &str) -> usize {
    let names = |line: &str| {
        let line = line.trim_start().trim_start_matches('[').trim_start();
        let line = line.trim_start_matches(['"', '\'']);
        line.strip_prefix(name).is_some_and(|rest| {
            rest.trim_start_matches(['"', '\''])
                .trim_start()
                .starts_with(['=', '.', ']'])
        })
    };
    text.lines()
        .position(names)
        .map_or(1, |index| index.saturating_add(1))
}
