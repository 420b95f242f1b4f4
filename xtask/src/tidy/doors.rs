//! The doors between rooms: who may use whom, and what must never enter a pure room.
//!
//! A door that nobody watches is a door: the first convenient `use` of the store in the policy room
//! would make its rules untestable without a server. The table is DESIGN §3 with one more room at
//! the very top, `json`, the strict reader that the rooms below it share.
//!
//! **Source**: DESIGN §3.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;
use super::tree::{Tree, numbered};
use crate::house::House;
use crate::program;

/// A room, the rooms it may use, and outside crates it must not name itself.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    not_itself: &'static [&'static str],
    /// No I/O crate may be reachable from here, however far down.
    pure: bool,
}

const ALL: &[&str] = &[
    "json", "policy", "proof", "wire", "core", "store", "service", "daypass",
];

const ROOMS: &[Room] = &[
    Room {
        name: "json",
        may_use: &[],
        not_itself: &[],
        pure: true,
    },
    Room {
        name: "policy",
        may_use: &["json"],
        not_itself: &[],
        pure: true,
    },
    Room {
        name: "proof",
        may_use: &["json"],
        not_itself: &[],
        pure: true,
    },
    Room {
        name: "wire",
        may_use: &["json"],
        not_itself: &[],
        pure: true,
    },
    Room {
        name: "core",
        may_use: &["policy", "proof"],
        not_itself: &["serde", "serde_json"],
        pure: true,
    },
    Room {
        name: "store",
        may_use: &["core", "policy", "proof"],
        not_itself: &["http", "hyper", "hyper-util", "s3s"],
        pure: false,
    },
    Room {
        name: "service",
        may_use: &["json", "policy", "proof", "wire", "core", "store"],
        not_itself: &["hyper", "hyper-util", "figment", "clap", "rusqlite"],
        pure: false,
    },
    Room {
        name: "daypass",
        may_use: &[
            "json", "policy", "proof", "wire", "core", "store", "service",
        ],
        not_itself: &["rusqlite"],
        pure: false,
    },
    Room {
        name: "testkit",
        may_use: ALL,
        not_itself: &[],
        pure: false,
    },
    Room {
        name: "xtask",
        may_use: &[],
        not_itself: &[],
        pure: false,
    },
];

/// The rooms whose tests may stand in a whole house.
const MAY_TEST_WITH_TESTKIT: &[&str] = &["service", "daypass"];

/// Runtimes, sockets and databases.
const INPUT_OUTPUT: &[&str] = &[
    "async-std",
    "axum",
    "hyper",
    "hyper-util",
    "libsqlite3-sys",
    "mio",
    "postgres",
    "reqwest",
    "rusqlite",
    "s3s",
    "sqlx",
    "tokio",
    "tokio-postgres",
    "ureq",
];

/// The packages of the workspace, as cargo sees them.
#[derive(Debug, Default)]
pub(super) struct Packages {
    rooms: Vec<Package>,
}

/// One package of ours.
#[derive(Debug)]
struct Package {
    room: String,
    manifest: String,
    uses: Vec<Use>,
    /// Every package that its product code reaches, tests left out.
    reaches: BTreeSet<String>,
}

/// One line of a manifest's dependency tables.
#[derive(Debug)]
struct Use {
    name: String,
    in_tests_only: bool,
}

impl Packages {
    /// Asks cargo about the checkout.
    pub(super) fn of_checkout(house: &House) -> Result<Self, String> {
        let mut cargo = house.cargo(&["metadata", "--format-version", "1", "--locked", "--quiet"]);
        Self::parse(&program::output(&mut cargo)?)
            .ok_or_else(|| "cargo metadata answers in a form this runner does not know".to_owned())
    }

    fn parse(text: &str) -> Option<Self> {
        let answer: Value = serde_json::from_str(text).ok()?;
        let root = format!("{}/", answer.get("workspace_root")?.as_str()?);
        let graph = Graph::parse(&answer)?;
        let members = answer.get("workspace_members")?.as_array()?;
        let mut rooms = Vec::new();
        for package in answer.get("packages")?.as_array()? {
            let id = package.get("id")?;
            if !members.contains(id) {
                continue;
            }
            let manifest = package.get("manifest_path")?.as_str()?;
            let uses = package.get("dependencies")?.as_array()?;
            rooms.push(Package {
                room: room_of(package.get("name")?.as_str()?).to_owned(),
                manifest: manifest.strip_prefix(&root).unwrap_or(manifest).to_owned(),
                uses: uses.iter().map(Use::parse).collect::<Option<_>>()?,
                reaches: graph.reached_from(id.as_str()?),
            });
        }
        Some(Self { rooms })
    }
}

impl Use {
    fn parse(value: &Value) -> Option<Self> {
        let name = value.get("name")?.as_str()?.to_owned();
        Some(Self {
            name,
            in_tests_only: value.get("kind")?.as_str() == Some("dev"),
        })
    }
}

/// Who uses whom after resolution, by package id, tests left out.
struct Graph<'a> {
    names: BTreeMap<&'a str, &'a str>,
    edges: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    fn parse(answer: &'a Value) -> Option<Self> {
        let mut graph = Self {
            names: BTreeMap::new(),
            edges: BTreeMap::new(),
        };
        for package in answer.get("packages")?.as_array()? {
            let (id, name) = (package.get("id")?.as_str()?, package.get("name")?.as_str()?);
            graph.names.insert(id, name);
        }
        for node in answer.get("resolve")?.get("nodes")?.as_array()? {
            let edges = node
                .get("deps")?
                .as_array()?
                .iter()
                .filter(|edge| is_product(edge));
            let ends = edges
                .map(|edge| edge.get("pkg")?.as_str())
                .collect::<Option<_>>()?;
            graph.edges.insert(node.get("id")?.as_str()?, ends);
        }
        Some(graph)
    }

    fn reached_from(&self, start: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = self
            .edges
            .get(start)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        while let Some(id) = next.pop() {
            if seen.insert(id) {
                next.extend(self.edges.get(id).into_iter().flatten());
            }
        }
        seen.iter()
            .filter_map(|id| self.names.get(id))
            .map(|name| (*name).to_owned())
            .collect()
    }
}

/// Whether an edge of the resolved graph is there for more than tests.
fn is_product(edge: &Value) -> bool {
    let kinds = edge.get("dep_kinds").and_then(Value::as_array);
    kinds
        .into_iter()
        .flatten()
        .any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
}

/// A package's room: `daypass-policy` is `policy`, the binary is its own.
fn room_of(package: &str) -> &str {
    package.strip_prefix("daypass-").unwrap_or(package)
}

/// Whether the package is one of ours.
fn is_ours(package: &str) -> bool {
    package == "daypass" || package.starts_with("daypass-")
}

pub(super) fn check(tree: &Tree, packages: &Packages) -> Vec<Finding> {
    packages
        .rooms
        .iter()
        .flat_map(|package| check_package(tree, package))
        .collect()
}

fn check_package(tree: &Tree, package: &Package) -> Vec<Finding> {
    let manifest = package.manifest.as_str();
    let at = |name: &str| line_naming(tree.text(manifest).unwrap_or_default(), name);
    let Some(room) = ROOMS.iter().find(|room| room.name == package.room) else {
        let what = format!("`{}` is no room of the house (DESIGN §3)", package.room);
        return vec![Finding::refused(manifest, 1, what)];
    };
    let mut findings = Vec::new();
    for used in &package.uses {
        let (from, to) = (room.name, room_of(&used.name));
        let what = if to == "testkit" {
            let allowed = used.in_tests_only && MAY_TEST_WITH_TESTKIT.contains(&from);
            (!allowed).then(|| format!("`{from}` may not use the testkit here"))
        } else if is_ours(&used.name) {
            (!room.may_use.contains(&to)).then(|| format!("no door from `{from}` to `{to}`"))
        } else {
            let barred = !used.in_tests_only && room.not_itself.contains(&to);
            barred.then(|| format!("`{from}` must not contain `{to}`"))
        };
        findings.extend(what.map(|what| Finding::refused(manifest, at(&used.name), what)));
    }
    if room.pure {
        for name in INPUT_OUTPUT
            .iter()
            .filter(|name| package.reaches.contains(**name))
        {
            let what = format!("the pure room `{}` reaches `{name}`", room.name);
            findings.push(Finding::refused(manifest, at(name), what));
        }
    }
    findings
}

/// The line of a manifest that names a dependency, or its first.
fn line_naming(manifest: &str, name: &str) -> usize {
    let names = |line: &str| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    };
    numbered(manifest)
        .find(|(_, line)| names(line))
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests;
