//! How commands end: the number for scripts, the sentence and the hint for people.

use std::net::SocketAddr;

use serde_json::Value;

use crate::stage::{Stage, away, typed};
use crate::support::{Ended, end};

const ABSENT: &str = "us-east-1:00000000-0000-4000-8000-000000000000";

fn refused(ended: &Ended, code: i32) {
    assert_eq!(ended.code, Some(code), "{}{}", ended.out, ended.err);
    assert_eq!(ended.out, "", "data only");
    let lines: Vec<&str> = ended.err.lines().collect();
    assert!(lines.len() >= 2, "a sentence and what to do: {}", ended.err);
    assert!(lines[0].starts_with("daypass: "), "{}", ended.err);
}

#[test]
fn what_is_not_there_ends_with_4() {
    let stage = Stage::new();
    refused(&stage.run(&["pool", "get", "nobody"]), 4);
    refused(&stage.run(&["pool", "get", ABSENT]), 4);
    refused(&stage.run(&["role", "get", "nobody"]), 4);
    refused(&stage.run(&["identity", "get", ABSENT]), 4);
}

#[test]
fn what_the_key_may_not_do_ends_with_5() {
    let stage = Stage::new();
    let mut unknown = stage.command(&["pool", "list"]);
    unknown.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    refused(&end(&mut unknown), 5);
    let mut wrong = stage.command(&["pool", "list"]);
    wrong.env("AWS_SECRET_ACCESS_KEY", "1".repeat(40));
    refused(&end(&mut wrong), 5);
}

#[test]
fn what_is_in_the_way_ends_with_6() {
    let stage = Stage::new();
    stage.pool();
    stage.ok(&["token", "mint", "--pool", "photos", "--user", "u"]);
    let protected = stage.run(&["pool", "delete", "photos", "--yes"]);
    refused(&protected, 6);
    assert!(protected.err.contains("1 identity"), "{}", protected.err);
    assert!(
        protected.err.contains("--delete-identities"),
        "{}",
        protected.err
    );
    let unasked = stage.run(&["pool", "delete", "photos", "--delete-identities"]);
    assert_eq!(unasked.code, Some(2), "{}", unasked.err);
    let delete = ["pool", "delete", "photos", "--delete-identities"];
    let wrong = typed(&mut stage.command(&delete), "yes\n");
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    let right = typed(&mut stage.command(&delete), "photos\n");
    assert_eq!(right.code, Some(0), "{}", right.err);
    refused(&stage.run(&["pool", "get", "photos"]), 4);
}

#[test]
fn a_provider_name_is_confirmed_because_it_stays() {
    let stage = Stage::new();
    let create = [
        "pool",
        "create",
        "--name",
        "a",
        "--developer-provider",
        "login.a",
    ];
    let asked = stage.run(&[&create[..], &["--no-input"]].concat());
    assert_eq!(asked.code, Some(2), "{}", asked.err);
    assert!(asked.err.contains("can never be changed"), "{}", asked.err);
    assert!(
        asked.err.contains("cognito-identity.amazonaws.com"),
        "{}",
        asked.err
    );
    assert_eq!(
        stage.json(&["pool", "list"])["IdentityPools"],
        serde_json::json!([])
    );
    let typed = typed(&mut stage.command(&create), "login.a\n");
    assert_eq!(typed.code, Some(0), "{}", typed.err);
}

#[test]
fn usage_ends_with_2_and_configuration_with_3() {
    let stage = Stage::new();
    let home = stage.folder.path();
    assert_eq!(end(&mut away(&["pool", "nonsense"], home)).code, Some(2));
    assert_eq!(
        end(&mut away(&["pool", "list", "--secret", "x"], home)).code,
        Some(2)
    );
    refused(
        &end(&mut away(&["pool", "list", "--endpoint", "nowhere"], home)),
        2,
    );
    refused(&end(&mut away(&["pool", "list"], home)), 3);
    let mut absent = away(&["pool", "list", "--profile", "absent"], home);
    let ended = end(&mut absent);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let template = ["pool", "create", "--name", "a", "--template", "read-only"];
    refused(&stage.run(&template), 2);
}

#[test]
fn a_server_that_is_not_there_ends_with_7_and_one_that_is_silent_with_9() {
    let stage = Stage::new();
    let home = stage.folder.path();
    // A port that was free a moment ago.
    let nobody = free_port();
    let endpoint = format!("http://{nobody}");
    let mut list = stage.command(&["pool", "list", "--endpoint", &endpoint]);
    refused(&end(&mut list), 7);
    let health = end(&mut away(&["health", "--endpoint", &endpoint], home));
    refused(&health, 7);
    let doctor = end(&mut away(&["doctor", "--endpoint", &endpoint], home));
    assert_eq!(doctor.code, Some(1), "{}", doctor.out);
    assert_eq!(stage.ok(&["health"]), "ok\n");
    assert_eq!(stage.ok(&["health", "--live"]), "ok\n");

    let silent = silent_server();
    let endpoint = format!("http://{}", silent.1);
    let mut list = stage.command(&["pool", "list", "--timeout", "1", "--endpoint", &endpoint]);
    refused(&end(&mut list), 9);
    drop(silent);
}

#[test]
fn with_json_an_error_is_one_object_on_standard_error() {
    let stage = Stage::new();
    let ended = stage.run(&["pool", "get", ABSENT, "--output", "json"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(4), ""));
    let told: Value = serde_json::from_str(&ended.err).unwrap();
    let error = &told["error"];
    assert_eq!(error["code"], "ResourceNotFoundException");
    assert!(error["message"].as_str().unwrap().contains(ABSENT));
    assert!(
        error["hint"].is_string() && error["requestId"].is_string(),
        "{told}"
    );
    let ended = stage.run(&["pool", "list", "--endpoint", "nowhere", "--output", "json"]);
    let told: Value = serde_json::from_str(&ended.err).unwrap();
    assert_eq!(told["error"]["code"], "Usage");
}

#[test]
fn s77_a_pasted_secret_is_refused_and_not_repeated() {
    let stage = Stage::new();
    let secret = stage.root.secret.expose();
    for command in ["inspect", "verify"] {
        let ended = typed(&mut stage.command(&["token", command, "-"]), secret);
        refused(&ended, 2);
        assert!(!ended.err.contains(secret));
        assert!(ended.err.contains("secret access key"), "{}", ended.err);
    }
}

#[test]
fn a_profile_gives_keys_region_and_endpoint() {
    let stage = Stage::new();
    let folder = stage.folder.path().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    let credentials = format!(
        "[mine]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        stage.root.id.as_str(),
        stage.root.secret.expose()
    );
    std::fs::write(folder.join("credentials"), credentials).unwrap();
    let config = format!(
        "[profile mine]\nregion = us-east-1\nendpoint_url = {}\n",
        stage.endpoint()
    );
    std::fs::write(folder.join("config"), config).unwrap();
    let listed = end(&mut away(
        &["pool", "list", "--profile", "mine"],
        stage.folder.path(),
    ));
    assert_eq!(listed.code, Some(0), "{}", listed.err);
}

#[test]
fn a_variable_of_clients_does_not_keep_a_server_from_starting() {
    let stage = Stage::new();
    let mut check = away(&["config", "check"], stage.folder.path());
    check.env("DAYPASS_ENDPOINT", "http://127.0.0.1:4600");
    let ended = end(&mut check);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    check.env("DAYPASS_ENDPOIND", "http://127.0.0.1:4600");
    assert_eq!(end(&mut check).code, Some(3));
}

/// An address nobody listens on.
#[expect(
    clippy::disallowed_types,
    reason = "a test that needs a port asks the system for one"
)]
fn free_port() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// A listener that takes connections and never says anything.
#[expect(
    clippy::disallowed_types,
    reason = "a server that does not answer has to be a socket"
)]
fn silent_server() -> (std::net::TcpListener, SocketAddr) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[test]
fn a_pool_whose_roles_could_not_be_made_ends_with_8_and_says_so() {
    let stage = Stage::new();
    let mut create = vec!["pool", "create", "--name", "half", "--yes"];
    create.extend([
        "--developer-provider",
        "login.half",
        "--bucket",
        "No Bucket!",
    ]);
    let half = stage.run(&create);
    refused(&half, 8);
    assert!(half.err.contains("daypass pool lint"), "{}", half.err);
    assert_eq!(stage.run(&["pool", "lint", "half"]).code, Some(1));
}

#[test]
fn a_person_who_interrupts_ends_it_with_130() {
    let stage = Stage::new();
    let silent = silent_server();
    let endpoint = format!("http://{}", silent.1);
    let mut command = stage.command(&["pool", "list", "--endpoint", &endpoint]);
    let mut child = command.spawn().unwrap();
    // It has made its connection: from here on it listens for signals and waits.
    let _connection = silent.0.accept().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn an_https_endpoint_is_spoken_to_with_tls() {
    let stage = Stage::new();
    let endpoint = format!("https://{}", stage.server.address);
    let list = stage.run(&["pool", "list", "--endpoint", &endpoint]);
    // The server under test speaks plain HTTP, so the handshake does not work out.
    refused(&list, 7);
}
