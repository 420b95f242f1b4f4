//! `daypass backup` and `daypass restore`: everything a deployment keeps, in one file and back.
//!
//! Both work on the data folder of this machine; a server may go on serving it during a backup. The
//! master key is in no backup: who restores brings it, and it is tried before anything gets its
//! place.
//!
//! **Source**: users page, section 9 (`backup`, `restore`); requirements F26, F27 and S74.

mod restore;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use daypass_store::StoreError;
use daypass_store::backup::{self, BackupError, Manifest};

use super::session::Output;
use super::show::{Show, Table};
use crate::clock;
use crate::config::{self, Config, DEFAULT_FILE, Inputs, environment};
use crate::exit::{Exit, Failure};

pub(super) use restore::{EXAMPLES as RESTORE_EXAMPLES, Restore, run as restore};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass backup /backups/2026-08-01.daypass
  daypass backup --data /var/lib/daypass /backups/2026-08-01.daypass
Keep the master key somewhere else: it is in no backup, and without it a backup is no use.
The objects of the embedded S3 are files of their own: copy the folder `objects` beside it.
";

/// `daypass backup`.
#[derive(Args, Debug)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Which deployment on this machine, and how the answer looks.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// File of settings in TOML [default: ./daypass.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Folder of everything that is kept [default: ./daypass-data]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// File of the master key [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    master_key_file: Option<String>,
    /// How data is written to standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    output: Output,
}

impl Place {
    fn config(&self) -> Result<Config, Failure> {
        let given = [
            ("config", &self.config),
            ("data", &self.data),
            ("master_key_file", &self.master_key_file),
        ];
        let flags = given.into_iter();
        let flags = flags.filter_map(|(name, value)| Some((name, value.clone()?)));
        config::load(&Inputs {
            flags: flags.collect(),
            variables: environment()?,
            default_file: DEFAULT_FILE.into(),
        })
    }

    fn json(&self) -> bool {
        self.output == Output::Json
    }

    fn show(&self, manifest: &Manifest) {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none yet".to_owned());
        let (records, bytes) = (manifest.records.to_string(), manifest.bytes.to_string());
        let table = Table::pairs(&[
            ("Created", &manifest.created),
            ("Deployment", &text(&manifest.deployment_id)),
            ("Account", &text(&manifest.account_id)),
            ("Region", &text(&manifest.region)),
            ("Records", &records),
            ("Bytes", &bytes),
            ("SHA-256", &manifest.sha256),
        ]);
        Show::new(self.output, true).data(manifest, &table);
    }
}

/// Writes a backup.
pub(super) fn run(flags: &Backup) -> Result<ExitCode, Failure> {
    let json = flags.place.json();
    let made = || {
        let data = flags.place.config()?.data;
        let created = daypass_wire::time::iso8601(clock::now_millis() / 1_000);
        backup::back_up(&data, &flags.file, &created).map_err(|error| refused(&error))
    };
    let manifest = made().map_err(|failure| failure.in_json(json))?;
    flags.place.show(&manifest);
    Ok(ExitCode::SUCCESS)
}

/// How a backup that did not come about ends.
fn refused(error: &BackupError) -> Failure {
    let sentence = error.to_string();
    match error {
        BackupError::Exists(_) => Failure::new(Exit::Conflict, sentence)
            .hint("Name another file; a backup replaces nothing."),
        BackupError::Nothing(_) => Failure::new(Exit::NotFound, sentence)
            .hint("Name the folder of the deployment with --data."),
        BackupError::Broken { .. } => {
            Failure::new(Exit::Store, sentence).hint("Take an older backup; nothing was changed.")
        }
        BackupError::Store(StoreError::Schema { .. }) => {
            Failure::configuration(sentence).hint("Take a newer daypass; nothing was changed.")
        }
        BackupError::Store(StoreError::Corrupt { .. }) => Failure::new(Exit::Store, sentence)
            .hint("`daypass doctor --data DIR` looks at the folder as a whole."),
        BackupError::Io { .. } | BackupError::Store(_) => Failure::unexpected(sentence)
            .hint("Nothing was changed; look at the folder, its owner and the room on the disk."),
    }
}
