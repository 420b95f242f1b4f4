//! Dependencies: named once, each with the one line that says what it is for.
//!
//! **Source**: DESIGN §13.

use super::Finding;
use super::tree::{Tree, numbered};

/// Manifests that name outside crates with their versions; every other one refers to the first.
const NAMING: &[&str] = &["Cargo.toml", "sdk/rust/Cargo.toml", "sdk/saml/Cargo.toml"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&["Cargo.toml"]) {
        for (number, line) in dependency_lines(text) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or(line);
            let unexplained = !line.contains(" # ") && !line.contains("path = ");
            if NAMING.contains(&path) && unexplained {
                let what = format!("`{name}` comes in without a reason beside it");
                findings.push(Finding::refused(path, number, what));
            }
            if path.starts_with("crates/") && !line.contains("workspace = true") {
                let what = format!("`{name}` is named here, not in the root manifest");
                findings.push(Finding::refused(path, number, what));
            }
        }
    }
    findings
}

/// The lines of a manifest's dependency tables.
fn dependency_lines(text: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (number, line) in numbered(text) {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if inside && line.starts_with(|c: char| c.is_ascii_lowercase()) {
            lines.push((number, line));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn an_outside_crate_says_what_it_is_for() {
        let root =
            "[workspace.dependencies]\nours = { path = \"x\" }\n\na = \"1\" # sums\nb = \"2\"\n";
        let tree = Tree::of(&[("Cargo.toml", root)]);
        assert_eq!(
            lines(&check(&tree)),
            ["Cargo.toml:5: `b` comes in without a reason beside it"]
        );
    }

    #[test]
    fn a_room_refers_to_the_root() {
        let room = "[package]\nname = \"x\"\n\n[dev-dependencies]\na.workspace = true\nb = \"2\"\n";
        let tree = Tree::of(&[("crates/x/Cargo.toml", room)]);
        assert_eq!(
            lines(&check(&tree)),
            ["crates/x/Cargo.toml:6: `b` is named here, not in the root manifest"]
        );
    }
}
