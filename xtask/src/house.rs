//! Where the checkout is and where its chores put things.
//!
//! Everything a lane installs, writes or starts with stands under `.lanes/`, which git ignores, so
//! that a clone can be thrown away whole and the machine is left as it was.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One checkout of the project.
pub(crate) struct House {
    /// The folder that holds the workspace manifest.
    pub(crate) root: PathBuf,
}

impl House {
    /// The checkout this runner was built from.
    pub(crate) fn here() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self {
            root: own.parent().unwrap_or(own).to_path_buf(),
        }
    }

    /// A path inside the checkout.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// A path under the folder that lanes may fill.
    pub(crate) fn lanes(&self, inside: &str) -> PathBuf {
        self.root.join(".lanes").join(inside)
    }

    /// The folder that cargo builds into.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// The server's program: the one that the tests of the workspace were built with, which is
    /// checked for overflow and by every assertion, and which no lane has to build again.
    pub(crate) fn daypass(&self) -> PathBuf {
        self.target().join("debug").join("daypass")
    }

    /// The cargo that runs this chore, with the given words, at the root.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(words).current_dir(&self.root);
        command
    }
}
