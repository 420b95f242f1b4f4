//! Leftovers: marks of unfinished work, tests that do not run, lints let off without a reason, and
//! places of one machine that no other machine has.
//!
//! **Source**: STYLE §9 and §13; DESIGN §9 (exceptions carry reasons).

use super::Finding;
use super::tree::{Tree, numbered};

/// Files whose text people write for machines to run.
const CODE: &[&str] = &[
    ".rs", ".toml", ".py", ".js", ".mjs", ".ts", ".html", ".css", ".sh", ".yml", ".yaml",
];

/// Marks of unfinished work, split so that this file does not find itself.
const MARKS: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("X", "XX")];

/// First folders of absolute paths that belong to whoever wrote them.
const OWN_FOLDERS: &[&str] = &["home", "root", "tmp", "Users", "work", "farm"];

/// The shortest reason that can say something.
const REASON_CHARACTERS_MIN: usize = 15;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(CODE) {
        findings.extend(marks(tree, path, text));
    }
    for (path, text) in tree.ending(&[".rs"]) {
        findings.extend(ignored_tests(path, text));
        findings.extend(unexplained_exceptions(path, text));
    }
    for (path, text) in tree.files().filter(|(path, _)| *path != "LICENSE") {
        findings.extend(own_paths(path, text));
    }
    for (path, text) in tree.ending(&["package-lock.json"]) {
        findings.extend(lock_addresses(path, text));
    }
    findings
}

/// A mark is left standing only with the number of the decision that keeps it.
fn marks(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    let decided = |rest: &str| {
        let number: String = rest
            .strip_prefix('(')
            .unwrap_or("")
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let start = format!("docs/decisions/{number}-");
        !number.is_empty() && tree.files().any(|(file, _)| file.starts_with(&start))
    };
    let mut findings = Vec::new();
    for (number, line) in numbered(text) {
        for (first, second) in MARKS {
            let mark = format!("{first}{second}");
            let rest = words_after(line, &mark);
            if rest.into_iter().any(|rest| !decided(rest)) {
                let what = format!("`{mark}` without the number of a decision");
                findings.push(Finding::refused(path, number, what));
            }
        }
    }
    findings
}

/// What follows each place where the word stands by itself.
fn words_after<'a>(line: &'a str, word: &str) -> Vec<&'a str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let found = line
        .match_indices(word)
        .filter_map(|(at, _)| line.split_at_checked(at));
    let found = found.filter_map(|(before, rest)| Some((before, rest.strip_prefix(word)?)));
    found
        .filter(|(before, rest)| !before.ends_with(inside) && !rest.starts_with(inside))
        .map(|(_, rest)| rest)
        .collect()
}

/// A test that does not run proves nothing and looks as if it did.
fn ignored_tests(path: &str, text: &str) -> Vec<Finding> {
    let attribute = ["#[", "ignore"].concat();
    numbered(text)
        .filter(|(_, line)| line.trim_start().starts_with(&attribute))
        .map(|(number, _)| Finding::refused(path, number, "an ignored test; run it or remove it"))
        .collect()
}

/// A lint is let off with `expect`, so that it goes when it is no longer needed, and with a reason.
fn unexplained_exceptions(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in numbered(text) {
        let opened = ["#[", "#!["]
            .iter()
            .find_map(|open| line.trim_start().strip_prefix(*open));
        let kind = opened.and_then(|rest| {
            ["allow(", "expect("]
                .into_iter()
                .find(|kind| rest.starts_with(*kind))
        });
        match kind {
            Some("allow(") if !head_of_test_program(path, line) => {
                let what = "`allow` outlives its cause; use `expect` with a reason";
                findings.push(Finding::refused(path, number, what));
            }
            Some(_) if reason_at(text, number).chars().count() < REASON_CHARACTERS_MIN => {
                let what = "an exception from a lint without a reason that says why";
                findings.push(Finding::refused(path, number, what));
            }
            _ => {}
        }
    }
    findings
}

/// A test program may let a family of lints off at its head: what its parts share is dead in one
/// program and alive in the next, and no `expect` can hold in both.
fn head_of_test_program(path: &str, line: &str) -> bool {
    path.contains("/tests/") && line.starts_with("#![")
}

/// The reason of the attribute that opens on this line.
fn reason_at(text: &str, number: usize) -> String {
    let rest: Vec<&str> = text.lines().skip(number - 1).collect();
    let rest = rest.join("\n");
    let attribute = rest
        .split_once(")]")
        .map_or(rest.as_str(), |(attribute, _)| attribute);
    let reason = attribute
        .split_once("reason")
        .and_then(|(_, rest)| rest.split_once('"'));
    reason.map_or_else(String::new, |(_, reason)| reason.to_owned())
}

/// A path that exists on the writer's machine is a defect on every other.
fn own_paths(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in numbered(text) {
        for folder in OWN_FOLDERS {
            let start = format!("/{folder}/");
            let alone = |(at, _): (usize, &str)| {
                line.split_at_checked(at)
                    .is_some_and(|(before, _)| starts_a_path(before))
            };
            if line.match_indices(&start).any(alone) {
                let what = format!("a path under `/{folder}` is of one machine");
                findings.push(Finding::refused(path, number, what));
            }
        }
    }
    findings
}

/// Whether an absolute path can begin after this text, rather than go on.
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || "._-}])>*/$~".contains(c))
}

/// A lock file that names addresses works only where those are reached.
fn lock_addresses(path: &str, text: &str) -> Vec<Finding> {
    numbered(text)
        .find(|(_, line)| line.trim_start().starts_with("\"resolved\": \"http"))
        .map(|(number, _)| {
            Finding::refused(
                path,
                number,
                "a download address in a lock file; see `.npmrc`",
            )
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests;
