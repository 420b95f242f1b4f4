//! `daypass restore`: a data folder from a backup.
//!
//! Everything is made in a folder beside and tried there: the checksum, the database, the master
//! key. Only then does the database get its place, in one step that replaces nothing.
//!
//! **Source**: requirements F26, F27 and F28.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use daypass_service::{Restored, settle_restored};
use daypass_store::EmbeddedStore;
use daypass_store::backup::{self, Manifest};

use super::super::{note, runtime};
use super::{Place, refused};
use crate::config::Config;
use crate::entropy::SystemEntropy;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::open::{env_refused, store_refused};

pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  daypass restore FILE --verify                             is it whole? changes nothing
  daypass restore FILE --data /var/lib/daypass --master-key-file /safe/master.key
  daypass restore FILE --data /srv/copy --new-deployment    a copy beside the original
";

/// The folder in which a restore is made ready.
const WORKSHOP: &str = "daypass.restoring";

/// `daypass restore`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only read the backup to its end and say what it is
    #[arg(long)]
    verify: bool,
    /// Let credentials that were handed out before go on being good
    #[arg(long)]
    keep_sessions: bool,
    /// Make it a deployment of its own: new id, new signing and sealing keys
    #[arg(long, conflicts_with = "keep_sessions")]
    new_deployment: bool,
    #[command(flatten)]
    place: Place,
}

/// Checks a backup, or makes a data folder of it.
pub(in crate::cli) fn run(flags: &Restore) -> Result<ExitCode, Failure> {
    let json = flags.place.json();
    let made = if flags.verify {
        backup::inspect(&flags.file).map_err(|error| refused(&error))
    } else {
        restored(flags)
    };
    let manifest = made.map_err(|failure| failure.in_json(json))?;
    flags.place.show(&manifest);
    if !flags.verify && !flags.keep_sessions {
        note("Credentials handed out before this restore are refused from now on.");
    }
    Ok(ExitCode::SUCCESS)
}

fn restored(flags: &Restore) -> Result<Manifest, Failure> {
    let config = flags.place.config()?;
    backup::inspect(&flags.file).map_err(|error| refused(&error))?;
    files::data_folder(&config.data)?;
    let database = config.data.join(files::DATABASE);
    for taken in [&database, &config.data.join("daypass.made")] {
        if taken.symlink_metadata().is_ok() {
            return Err(occupied(&config.data));
        }
    }
    let workshop = config.data.join(WORKSHOP);
    if workshop.exists() {
        // Left by a restore that was cut short; nothing in it was ever used.
        std::fs::remove_dir_all(&workshop).map_err(|error| unusable(&workshop, &error))?;
    }
    let made = in_workshop(flags, &config, &workshop);
    let placed = made.and_then(|manifest| {
        std::fs::hard_link(workshop.join(files::DATABASE), &database)
            .map_err(|error| unusable(&database, &error))?;
        files::settle(&config.data).map_err(|error| unusable(&config.data, &error))?;
        Ok(manifest)
    });
    let _gone = std::fs::remove_dir_all(&workshop);
    placed
}

fn in_workshop(flags: &Restore, config: &Config, workshop: &Path) -> Result<Manifest, Failure> {
    let master_key = files::existing_master_key(&config.master_key_file)?;
    let manifest = backup::unpack(&flags.file, workshop).map_err(|error| refused(&error))?;
    let store = EmbeddedStore::open(workshop).map_err(|error| store_refused(&error, workshop))?;
    let choices = Restored {
        keep_sessions: flags.keep_sessions,
        new_deployment: flags.new_deployment,
    };
    let settled = async move {
        let store = Arc::new(store);
        settle_restored(store, &master_key, choices, &SystemEntropy).await
    };
    runtime()?
        .block_on(settled)
        .map_err(|error| env_refused(&error))?;
    Ok(manifest)
}

fn occupied(data: &Path) -> Failure {
    let sentence = format!(
        "`{}` holds a deployment, and stays as it is",
        data.display()
    );
    Failure::new(Exit::Conflict, sentence).hint("Name an empty folder, or move this one aside.")
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::unexpected(format!("`{}`: {error}", path.display()))
        .hint("Look at the owner of the folder and at the room on its disk.")
}
