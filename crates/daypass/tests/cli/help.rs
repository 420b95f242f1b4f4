//! Every help text, as people read it.
//!
//! The texts are kept in `tests/help/`; a change of a text is a change of the product, and shows up
//! in its review. `DAYPASS_BLESS=1 cargo test -p daypass --test cli help` writes them anew.

use std::path::{Path, PathBuf};

use crate::support::{daypass, end};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help")
}

fn help(words: &[&str]) -> String {
    let ended = end(&mut daypass(&[words, &["--help"]].concat()));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{words:?}");
    ended.out
}

/// The commands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    // A line that goes deeper goes on with the sentence above it.
    let commands = lines.filter(|line| !line.starts_with("   "));
    commands
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// Every command with its help, found by walking down from the first one.
fn all() -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(words) = open.pop() {
        let borrowed: Vec<&str> = words.iter().map(String::as_str).collect();
        let help = help(&borrowed);
        for command in listed(&help) {
            open.push([words.clone(), vec![command]].concat());
        }
        found.push((words, help));
    }
    found
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says whether the texts are written anew"
)]
fn every_help_text_is_the_one_that_is_kept() {
    let bless = std::env::vars().any(|(name, value)| name == "DAYPASS_BLESS" && value == "1");
    let mut kept: Vec<String> = Vec::new();
    for (words, help) in all() {
        let name = if words.is_empty() {
            "daypass.txt".to_owned()
        } else {
            format!("{}.txt", words.join("-"))
        };
        let path = folder().join(&name);
        if bless {
            std::fs::write(&path, &help).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(expected, help, "{name} has changed");
        kept.push(name);
    }
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(kept.contains(&name), "{name} is the help of no command");
    }
    assert!(kept.len() > 40, "{}", kept.len());
}

#[test]
fn help_begins_with_examples_and_fits_a_terminal() {
    for (words, help) in all() {
        if words.len() <= 1 {
            assert!(help.starts_with("Examples:\n"), "{words:?}");
        }
        for line in help.lines().take_while(|line| !line.is_empty()) {
            assert!(line.chars().count() <= 100, "{words:?}: {line}");
        }
    }
}

#[test]
fn shells_and_man_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = end(&mut daypass(&["completion", shell]));
        assert_eq!(ended.code, Some(0), "{shell}");
        assert!(ended.out.contains("credentials"), "{shell}");
    }
    let page = end(&mut daypass(&["man"]));
    assert!(page.out.contains(".TH daypass 1"), "{}", page.out);
    assert!(page.out.contains("Examples:"), "{}", page.out);
    let folder = tempfile::tempdir().unwrap();
    let ended = end(&mut daypass(&["man", folder.path().to_str().unwrap()]));
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    for page in ["daypass.1", "daypass-pool.1", "daypass-pool-create.1"] {
        assert!(folder.path().join(page).exists(), "{page}");
    }
    assert_eq!(end(&mut daypass(&["man", "/nowhere/at/all"])).code, Some(2));
}

#[test]
fn the_version_is_told_to_people_and_programs() {
    let version = env!("CARGO_PKG_VERSION");
    let plain = end(&mut daypass(&["version"]));
    assert_eq!(plain.out, format!("daypass {version}\n"));
    let json = end(&mut daypass(&["version", "--output", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["Version"], version);
}
