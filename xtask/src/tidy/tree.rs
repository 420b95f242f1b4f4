//! The text of the checkout, as values: rules read this and never the disk.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::house::House;
use crate::program;

/// Every file that git tracks or would track, by its path from the root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeMap<String, File>,
}

/// One file; text that is not UTF-8 is empty here and judged by no text rule.
#[derive(Debug, Default)]
struct File {
    text: String,
    runnable: bool,
}

impl Tree {
    /// What git lists in this checkout, new files included, so that a rule speaks before a commit.
    pub(super) fn of_checkout(house: &House) -> Result<Self, String> {
        let mut git = Command::new("git");
        git.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        let listed = program::output(git.current_dir(&house.root))?;
        let mut tree = Self::default();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A file that is listed but gone was deleted and not committed yet.
            let Ok(bytes) = std::fs::read(house.path(path)) else {
                continue;
            };
            let runnable = std::fs::metadata(house.path(path))
                .is_ok_and(|about| about.permissions().mode() & 0o100 != 0);
            let text = String::from_utf8(bytes).unwrap_or_default();
            tree.files.insert(path.to_owned(), File { text, runnable });
        }
        Ok(tree)
    }

    /// A tree in memory.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |text: &str| File {
            text: text.to_owned(),
            runnable: true,
        };
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), file(text)))
            .collect();
        Self { files }
    }

    /// The text of a file, when it is there.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.text.as_str())
    }

    /// Whether the file may be run as a program.
    pub(super) fn runnable(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|file| file.runnable)
    }

    /// Every file with its text, in the order of paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, file)| (path.as_str(), file.text.as_str()))
    }

    /// The files whose name ends so.
    pub(super) fn ending<'a>(
        &'a self,
        ends: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files()
            .filter(|(path, _)| ends.iter().any(|end| path.ends_with(end)))
    }
}

/// The lines of a text, numbered from one.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}
