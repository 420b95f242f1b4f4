//! A backup taken from a running server, and what a restore of it is worth.
//!
//! **Source**: requirements F26, F27, F28 and S74.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

#[path = "cli/stage.rs"]
mod stage;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use stage::{PROVIDER, Stage, away};
use support::{Ended, Server, end, serve};

const USER_BEFORE: &str = "user-before";
const USER_AFTER: &str = "user-after";

/// A deployment with a backend key, a user and credentials; a backup; and what came after it.
struct House {
    stage: Stage,
    pool: String,
    backup: PathBuf,
    identity: String,
    backend_secret: String,
    session: Value,
}

impl House {
    fn new() -> Self {
        let stage = Stage::new();
        let pool = stage.pool();
        let key = stage.json(&["key", "create", "--pool", "photos", "--yes"]);
        let identity = mint(&stage, USER_BEFORE);
        let session = credentials(&stage, &pool);
        let backup = stage.folder.path().join("photos.daypass");
        let ended = end(local(&stage, "backup", &[&backup])
            .arg("--data")
            .arg(data(&stage)));
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        mint(&stage, USER_AFTER);
        Self {
            pool,
            backup,
            identity,
            backend_secret: found(&key, "SecretAccessKey"),
            session,
            stage,
        }
    }

    fn restore(&self, name: &str, flags: &[&str]) -> Ended {
        let target = self.stage.folder.path().join(name);
        let mut command = local(&self.stage, "restore", &[&self.backup]);
        command.arg("--data").arg(&target).args(flags);
        command.env(
            "DAYPASS_MASTER_KEY_FILE",
            data(&self.stage).join("master.key"),
        );
        end(&mut command)
    }

    /// A server on what was restored.
    fn serve(&self, name: &str) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let root = self.stage.root.clone();
        let target = self.stage.folder.path().join(name);
        let mut command = serve(&target, Some(&root));
        command.env(
            "DAYPASS_MASTER_KEY_FILE",
            data(&self.stage).join("master.key"),
        );
        let server = Server::start(&mut command);
        Stage {
            root,
            server,
            folder,
        }
    }
}

fn data(stage: &Stage) -> PathBuf {
    stage.folder.path().join("data")
}

/// A command on this machine's files.
fn local(stage: &Stage, command: &str, files: &[&Path]) -> Command {
    let mut command = away(&[command], stage.folder.path());
    command.args(files);
    command
}

fn mint(stage: &Stage, user: &str) -> String {
    let arguments = ["token", "mint", "--pool", "photos", "--user", user];
    found(&stage.json(&arguments), "IdentityId")
}

fn credentials(stage: &Stage, pool: &str) -> Value {
    let arguments = [
        "credentials",
        "--pool",
        pool,
        "--user",
        USER_BEFORE,
        "--no-cache",
    ];
    let provider = ["--provider", PROVIDER, "--format", "credential-process"];
    serde_json::from_str(&stage.ok(&[&arguments[..], &provider].concat())).unwrap()
}

/// The member of this name, wherever it is.
fn found(value: &Value, name: &str) -> String {
    let text = value.as_object().and_then(|object| {
        let here = object.get(name).and_then(Value::as_str).map(str::to_owned);
        here.or_else(|| {
            let inner = object.values().filter(|inner| inner.is_object());
            inner
                .map(|inner| found(inner, name))
                .find(|text| !text.is_empty())
        })
    });
    text.unwrap_or_default()
}

/// Whether a server takes the temporary keys.
fn takes(stage: &Stage, session: &Value) -> bool {
    let mut command = stage.command(&["doctor", "--output", "json"]);
    command
        .env("AWS_ACCESS_KEY_ID", found(session, "AccessKeyId"))
        .env("AWS_SECRET_ACCESS_KEY", found(session, "SecretAccessKey"))
        .env("AWS_SESSION_TOKEN", found(session, "SessionToken"));
    let said: Value = serde_json::from_str(&end(&mut command).out).unwrap();
    let checks = said["Checks"].as_array().unwrap();
    let key = checks.iter().find(|check| check["Check"] == "key").unwrap();
    key["Verdict"] == "ok"
}

#[test]
fn f27_a_restore_forgets_what_came_after_and_ends_the_sessions() {
    let house = House::new();
    assert!(takes(&house.stage, &house.session));
    let restored = house.restore("restored", &[]);
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    let copy = house.serve("restored");
    let lookup = |user: &str| copy.run(&["identity", "lookup", "--pool", "photos", "--user", user]);
    assert!(lookup(USER_BEFORE).out.contains(&house.identity));
    assert_eq!(lookup(USER_AFTER).code, Some(4), "lost, and nobody else's");
    assert_ne!(mint(&copy, USER_AFTER), house.identity);
    assert!(!takes(&copy, &house.session), "vended before the restore");
    assert!(takes(&copy, &credentials(&copy, &house.pool)));
    drop(copy);
    sessions_are_kept_when_asked_and_never_by_another_deployment(&house);
}

fn sessions_are_kept_when_asked_and_never_by_another_deployment(house: &House) {
    let kept = house.restore("kept", &["--keep-sessions"]);
    assert_eq!(kept.code, Some(0), "{}", kept.err);
    assert!(takes(&house.serve("kept"), &house.session));
    let apart = house.restore("apart", &["--new-deployment"]);
    assert_eq!(apart.code, Some(0), "{}", apart.err);
    let apart = house.serve("apart");
    assert!(!takes(&apart, &house.session));
    let theirs = credentials(&apart, &house.pool);
    assert!(takes(&apart, &theirs));
    assert!(!takes(&house.stage, &theirs));
}

fn a_backup_holds_no_secret_and_no_master_key(house: &House) {
    let bytes = std::fs::read(&house.backup).unwrap();
    let key = std::fs::read_to_string(data(&house.stage).join("master.key")).unwrap();
    let (_, digits) = key.trim_end().rsplit_once(':').unwrap();
    let raw: Vec<u8> = (0..32)
        .map(|place| u8::from_str_radix(&digits[place * 2..place * 2 + 2], 16).unwrap())
        .collect();
    for secret in [house.backend_secret.as_bytes(), digits.as_bytes(), &raw] {
        assert!(secret.len() >= 32);
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

fn without_the_right_master_key_nothing_is_restored(house: &House) {
    let missing = house.restore("new", &["--master-key-file", "/nowhere/master.key"]);
    assert_eq!(missing.code, Some(3), "{}", missing.err);
    let other = house.stage.folder.path().join("other.key");
    std::fs::write(
        &other,
        format!("daypass-master-key-1:{}\n", "0f".repeat(32)),
    )
    .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&other, mode).unwrap();
    let wrong = house.restore("new", &["--master-key-file", &other.to_string_lossy()]);
    assert_eq!(wrong.code, Some(3), "{}", wrong.err);
    assert!(wrong.err.contains("master key"), "{}", wrong.err);
    let left = std::fs::read_dir(house.stage.folder.path().join("new")).unwrap();
    assert_eq!(left.count(), 0, "nothing is left of it");
    assert_eq!(house.restore("new", &[]).code, Some(0));
}

#[test]
fn f26_a_backup_is_whole_sealed_and_in_nobodys_way() {
    let house = House::new();
    a_backup_holds_no_secret_and_no_master_key(&house);
    without_the_right_master_key_nothing_is_restored(&house);
    assert_eq!(
        house.restore("data", &[]).code,
        Some(6),
        "the folder that is served"
    );
    let again = end(local(&house.stage, "backup", &[&house.backup])
        .arg("--data")
        .arg(data(&house.stage)));
    assert_eq!(again.code, Some(6), "{}", again.err);
    let verify = house.restore("none", &["--verify", "--output", "json"]);
    assert_eq!(verify.code, Some(0), "{}", verify.err);
    let manifest: Value = serde_json::from_str(&verify.out).unwrap();
    assert_eq!(manifest["AccountId"], "000000000000");
    let mut bytes = std::fs::read(&house.backup).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&house.backup, bytes).unwrap();
    for flags in [&["--verify"][..], &[]] {
        let broken = house.restore("none", flags);
        assert_eq!(broken.code, Some(12), "{}", broken.err);
    }
    assert!(!house.stage.folder.path().join("none/daypass.db").exists());
}
