//! The server as a process: what it leaves on disk, how it refuses to start, how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../src/serve/tests/corpus.rs"]
mod corpus;
mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use corpus::{CORPUS, SECOND};
use rustix::process::Signal;
use support::{Keys, Server, daypass, end, hold, serve};

/// A folder for one test.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key(&self) -> PathBuf {
        self.data().join("master.key")
    }

    /// Starts once, so that there is data, and stops.
    fn used(self) -> Self {
        let mut server = Server::start(&mut serve(&self.data(), None));
        assert_eq!(server.stop().0, Some(0));
        self
    }

    /// A start that is refused: its code and its sentence.
    fn refused(&self) -> (Option<i32>, String) {
        let ended = end(serve(&self.data(), None).stderr(std::process::Stdio::piped()));
        (ended.code, ended.err)
    }
}

/// Every file below a folder with its mode and content.
fn everything(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        if path.is_dir() {
            found.extend(everything(&path));
            found.insert(path, (mode, Vec::new()));
        } else {
            found.insert(path.clone(), (mode, std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[test]
fn s91_a_first_start_in_an_empty_folder_is_closed_and_private() {
    let place = Place::new();
    let mut server = Server::start(&mut serve(&place.data(), None));
    assert!(server.address.ip().is_loopback());
    assert_eq!((server.get("/healthz"), server.get("/readyz")), (200, 200));
    assert_eq!(
        server.greeting.matches("AWS_ACCESS_KEY_ID=AKIA").count(),
        1,
        "{}",
        server.greeting
    );
    assert_eq!(server.greeting.matches("AWS_SECRET_ACCESS_KEY=").count(), 1);
    let secret = server
        .greeting
        .split("AWS_SECRET_ACCESS_KEY=")
        .nth(1)
        .unwrap();
    let secret = secret.lines().next().unwrap().to_owned();
    let (code, said) = server.stop();
    assert_eq!(code, Some(0));
    assert!(!said.contains(&secret), "the log holds the root's secret");

    let mode = std::fs::metadata(place.data())
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o700);
    for (path, (mode, content)) in everything(&place.data()) {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{}", path.display());
        let held = content
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!held, "{} holds the root's secret unsealed", path.display());
    }

    let again = Server::start(&mut serve(&place.data(), None));
    assert!(
        !again.greeting.contains("AWS_"),
        "the root key is shown once: {}",
        again.greeting
    );
}

#[test]
fn s76_two_first_starts_make_different_root_keys() {
    let start = || {
        let place = Place::new();
        let server = Server::start(&mut serve(&place.data(), None));
        let keys = server.greeting.lines().filter(|line| line.contains("AWS_"));
        keys.map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (start(), start());
    assert_eq!(first.len(), 2);
    assert!(first.iter().all(|line| !second.contains(line)));
}

#[test]
fn a_root_key_from_outside_is_not_printed() {
    let place = Place::new();
    let root = Keys::fresh();
    let mut server = Server::start(&mut serve(&place.data(), Some(&root)));
    let (_, said) = server.stop();
    let all = format!("{}{said}", server.greeting);
    assert!(
        !all.contains(root.secret.expose()) && !all.contains("AWS_SECRET"),
        "{all}"
    );
}

#[test]
fn s91_a_key_that_others_can_read_is_refused() {
    let place = Place::new().used();
    std::fs::set_permissions(place.key(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, sentence) = place.refused();
    assert_eq!(code, Some(3), "{sentence}");
    assert!(sentence.contains("chmod 600"), "{sentence}");
}

#[test]
fn s91_a_folder_that_others_can_enter_is_refused() {
    let place = Place::new().used();
    std::fs::set_permissions(place.data(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let (code, sentence) = place.refused();
    assert_eq!(code, Some(3), "{sentence}");
    assert!(sentence.contains("chmod 700"), "{sentence}");
}

#[test]
fn s74_f28_a_missing_or_foreign_key_is_refused_and_nothing_is_written() {
    let place = Place::new().used();
    let other = Place::new().used();
    let own = std::fs::read(place.key()).unwrap();
    std::fs::remove_file(place.key()).unwrap();
    let before = everything(&place.data());
    let (code, sentence) = place.refused();
    assert_eq!(code, Some(3), "{sentence}");
    assert_eq!(everything(&place.data()), before);

    std::fs::copy(other.key(), place.key()).unwrap();
    let (code, sentence) = place.refused();
    assert_eq!(code, Some(3), "{sentence}");
    assert!(sentence.contains("master key"), "{sentence}");

    std::fs::write(place.key(), own).unwrap();
    let server = Server::start(&mut serve(&place.data(), None));
    assert_eq!(
        server.get("/readyz"),
        200,
        "with its own key everything is as before"
    );
}

#[test]
fn f24_a_second_process_on_the_same_data_is_refused_until_the_first_is_gone() {
    let place = Place::new();
    let mut first = Server::start(&mut serve(&place.data(), None));
    let (code, sentence) = place.refused();
    assert_eq!(code, Some(3), "{sentence}");
    let expected = format!("data directory is in use by pid {}", first.pid());
    assert!(sentence.contains(&expected), "{sentence}");
    assert_eq!(first.get("/readyz"), 200);
    first.kill();
    let third = Server::start(&mut serve(&place.data(), None));
    assert_eq!(third.get("/readyz"), 200);
}

#[test]
fn data_of_another_account_or_region_is_refused() {
    let place = Place::new().used();
    for flags in [["--account-id", "111122223333"], ["--region", "eu-west-1"]] {
        let mut command = serve(&place.data(), None);
        let ended = end(command.args(flags).stderr(std::process::Stdio::piped()));
        assert_eq!(ended.code, Some(3), "{}", ended.err);
        assert!(ended.err.contains(flags[1]), "{}", ended.err);
    }
}

#[test]
fn s11_unknown_settings_end_with_their_own_codes() {
    let place = Place::new();
    let data = place.data();
    let piped = || std::process::Stdio::piped();
    let ended = end(serve(&data, None).env("DAYPASS_LISTN", "x").stderr(piped()));
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.err.contains("did you mean `DAYPASS_LISTEN`?"),
        "{}",
        ended.err
    );

    std::fs::write(
        place.folder.path().join("daypass.toml"),
        "\nalow_hosts = []\n",
    )
    .unwrap();
    let ended = end(serve(&data, None).stderr(piped()));
    assert_eq!(ended.code, Some(3));
    assert!(ended.err.contains("`daypass.toml` line 2"), "{}", ended.err);
    assert!(ended.err.contains("`allowed_hosts`"), "{}", ended.err);

    let ended = end(serve(&data, None).arg("--lisen=x").stderr(piped()));
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("--listen"), "{}", ended.err);
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn s91_an_address_others_can_reach_is_refused() {
    let place = Place::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let ended = end(daypass(&["serve", "--listen", address]).current_dir(place.folder.path()));
        assert_eq!(ended.code, Some(3), "{address}");
        assert!(ended.err.contains("without TLS"), "{}", ended.err);
    }
}

/// The soft and hard limit of a row of `/proc/<pid>/limits`.
fn limits(pid: u32, row: &str) -> (String, String) {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find(|line| line.starts_with(row)).unwrap();
    let mut values = line[row.len()..].split_whitespace().map(str::to_owned);
    (values.next().unwrap(), values.next().unwrap())
}

#[test]
fn s77_f20_no_core_dumps_no_secret_flags_and_all_the_open_files() {
    let place = Place::new();
    let server = Server::start(&mut serve(&place.data(), None));
    assert_eq!(
        limits(server.pid(), "Max core file size"),
        ("0".to_owned(), "0".to_owned())
    );
    let (soft, hard) = limits(server.pid(), "Max open files");
    assert_eq!(soft, hard);
    let ended = end(&mut daypass(&["serve", "--root-secret-access-key", "x"]));
    assert_eq!(ended.code, Some(2));
}

#[test]
fn s83_s06_s05_strangers_get_refusals_and_nothing_behind_them() {
    let place = Place::new();
    let mut server = Server::start(&mut serve(&place.data(), None));
    let foreign = "GET /healthz HTTP/1.1\r\nHost: attacker.example\r\n\r\n";
    let answer = server.exchange(foreign.as_bytes()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    for (why, crooked) in CORPUS {
        let answer = server
            .exchange(format!("{crooked}{SECOND}").as_bytes())
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{why}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{why}: {answer}");
    }
    let (code, said) = server.stop();
    assert_eq!(code, Some(0));
    assert!(!said.contains("smuggled"), "{said}");
}

#[test]
fn every_log_line_is_json_and_a_request_has_its_id_on_each() {
    let place = Place::new();
    let mut server = Server::start(serve(&place.data(), None).env("DAYPASS_LOG", "trace"));
    let call = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                X-Amz-Target: AWSCognitoIdentityService.GetId\r\nContent-Length: 2\r\n\r\n{}";
    let answer = server.exchange(call.as_bytes()).unwrap();
    let (_, id) = answer.split_once("x-amzn-requestid: ").unwrap();
    let id = id.lines().next().unwrap();
    let (_, said) = server.stop();
    let mut audited = 0;
    for line in said.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        for member in ["ts", "level", "msg"] {
            assert!(line[member].is_string(), "{line}");
        }
        if line["operation"] == "GetId" {
            assert_eq!(line["request_id"], id, "{line}");
            audited += 1;
        }
    }
    assert_eq!(audited, 1, "{said}");
}

#[test]
fn f22_a_second_interrupt_does_not_wait() {
    let place = Place::new();
    let mut server = Server::start(&mut serve(&place.data(), None));
    // A request whose body never ends keeps the server from stopping at once.
    let target = "X-Amz-Target: AWSCognitoIdentityService.GetId";
    let head =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\n{target}\r\nContent-Length: 9\r\n\r\n");
    let busy = hold(server.address, format!("{head}{{").as_bytes());
    assert_eq!(server.get("/readyz"), 200);
    server.signal(Signal::INT);
    // Refused connections tell that the first signal has arrived.
    while support::exchange(server.address, b"").is_ok() {}
    server.signal(Signal::INT);
    assert_eq!(server.wait().0.code(), Some(130));
    drop(busy);
}

#[test]
fn help_begins_with_examples_and_the_version_is_told() {
    for arguments in [&["--help"][..], &["serve", "--help"], &["demo", "--help"]] {
        let ended = end(&mut daypass(arguments));
        assert_eq!(ended.code, Some(0));
        assert!(ended.out.starts_with("Examples:"), "{}", ended.out);
    }
    let ended = end(&mut daypass(&["version"]));
    assert_eq!(
        ended.out,
        format!("daypass {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(end(&mut daypass(&["--version"])).out, ended.out);
    assert_eq!(end(&mut daypass(&[])).code, Some(2));
}

#[test]
fn the_settings_in_force_are_shown_with_their_sources_and_without_secrets() {
    let place = Place::new();
    let root = Keys::fresh();
    let mut command = daypass(&["config", "--region", "eu-west-1"]);
    command
        .current_dir(place.folder.path())
        .env("DAYPASS_ACCOUNT_ID", "111122223333")
        .env("DAYPASS_ROOT_ACCESS_KEY_ID", root.id.as_str())
        .env("DAYPASS_ROOT_SECRET_ACCESS_KEY", root.secret.expose());
    let ended = end(&mut command);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(!ended.out.contains(root.secret.expose()));
    for (setting, source) in [
        ("listen = \"127.0.0.1:4600\"", "# default"),
        ("region = \"eu-west-1\"", "# flag --region"),
        (
            "account_id = \"111122223333\"",
            "# variable DAYPASS_ACCOUNT_ID",
        ),
        (
            "root_secret_access_key = \"***\"",
            "# variable DAYPASS_ROOT_SECRET_ACCESS_KEY",
        ),
    ] {
        let found = ended
            .out
            .lines()
            .any(|line| line.starts_with(setting) && line.ends_with(source));
        assert!(found, "{setting}: {}", ended.out);
    }
}
