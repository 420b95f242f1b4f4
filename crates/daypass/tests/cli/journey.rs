//! From nothing to a user's upload, with commands alone.

use serde_json::Value;

use crate::stage::{PROVIDER, Stage, away, typed};
use crate::support::end;

#[test]
fn a_pool_made_with_a_template_is_ready_and_the_journey_works() {
    let stage = Stage::new();
    let pool = stage.pool();
    let lint = stage.json(&["pool", "lint", "photos"]);
    assert_eq!(lint["Ready"], true, "{lint}");
    let out = stage.ok(&["walk", "--pool", "photos", "--bucket", "photos"]);
    let steps: Vec<&str> = out.lines().filter(|line| line.contains(" ms")).collect();
    assert_eq!(steps.len(), 4, "{out}");
    for (step, shown) in steps.iter().zip(["mint", "exchange", "allowed", "refused"]) {
        assert!(step.contains(shown), "{step}");
    }
    assert!(steps[3].contains("403") && steps[3].ends_with("(expected)"));
    assert!(out.contains("ok: the journey works"));
    let whole = stage.json(&["walk", "--pool", &pool, "--bucket", "photos"]);
    assert_eq!(whole["Held"], true);
    assert_eq!(whole["Steps"].as_array().unwrap().len(), 4);
    // The walk has been there before: the same user is the same identity.
    let identities = stage.json(&["identity", "list", "--pool", "photos"]);
    assert_eq!(identities["Identities"].as_array().unwrap().len(), 1);
    assert_eq!(stage.run(&["doctor"]).code, Some(0));
}

#[test]
fn a_walk_on_roles_that_only_read_lists_and_is_refused_writing() {
    let stage = Stage::new();
    let mut create = vec!["pool", "create", "--name", "photos", "--yes", "--guests"];
    create.extend(["--developer-provider", PROVIDER]);
    create.extend(["--bucket", "photos", "--template", "read-only"]);
    stage.ok(&create);
    let walk = ["walk", "--pool", "photos", "--bucket", "photos"];
    stage.ok(&[&walk[..], &["--read-only"]].concat());
    let broken = stage.run(&walk);
    assert_eq!(broken.code, Some(5), "{}", broken.err);
    assert!(broken.out.contains("(unexpected)"), "{}", broken.out);
    let roles = stage.json(&["pool", "roles", "photos"]);
    assert_eq!(
        roles["Roles"].as_object().unwrap().len(),
        2,
        "guests are on"
    );
    assert_eq!(stage.json(&["pool", "lint", "photos"])["Ready"], true);
}

#[test]
fn a_backends_key_mints_and_does_nothing_else() {
    let stage = Stage::new();
    let pool = stage.pool();
    let made = stage.run(&["key", "create", "--pool", "photos", "--output", "json"]);
    assert!(made.err.contains("only this once"), "{}", made.err);
    let key: Value = serde_json::from_str(&made.out).unwrap();
    let key = &key["AccessKey"];
    let (id, secret) = (
        key["AccessKeyId"].as_str().unwrap(),
        key["SecretAccessKey"].as_str().unwrap(),
    );
    let backend = |arguments: &[&str]| {
        let mut command = stage.command(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret);
        end(&mut command)
    };
    let mint = ["token", "mint", "--pool", &pool, "--user", "u-1"];
    let minted = backend(&[&mint[..], &["--provider", PROVIDER]].concat());
    assert_eq!(minted.code, Some(0), "{}", minted.err);
    let lookup = backend(&mint);
    assert_eq!(lookup.code, Some(5));
    assert!(lookup.err.contains("--provider"), "{}", lookup.err);
    assert_eq!(backend(&["pool", "list"]).code, Some(5));

    let keys = stage.json(&["key", "list", "--pool", "photos"]);
    assert_eq!(keys["AccessKeyMetadata"][0]["AccessKeyId"], id);
    let rotated = stage.json(&["key", "rotate", id]);
    assert_ne!(rotated["AccessKey"]["AccessKeyId"], id);
    stage.ok(&["key", "disable", id]);
    assert_eq!(
        backend(&[&mint[..], &["--provider", PROVIDER]].concat()).code,
        Some(5)
    );
    stage.ok(&["key", "enable", id]);
    assert_eq!(
        backend(&[&mint[..], &["--provider", PROVIDER]].concat()).code,
        Some(0)
    );
    stage.ok(&["key", "delete", id, "--yes"]);
    assert_eq!(stage.run(&["key", "delete", id, "--yes"]).code, Some(4));
    let left = stage.json(&["key", "list"]);
    assert_eq!(left["AccessKeyMetadata"].as_array().unwrap().len(), 1);
}

#[test]
fn credentials_come_in_three_forms_and_are_kept_for_the_next_run() {
    let stage = Stage::new();
    let pool = stage.pool();
    let ask = ["credentials", "--pool", &pool, "--user", "user-17"];
    let first: Value = serde_json::from_str(&stage.ok(&ask)).unwrap();
    assert_eq!(first["Version"], 1);
    let members = [
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ];
    assert!(
        members.iter().all(|name| first[name].is_string()),
        "{first}"
    );
    let second: Value = serde_json::from_str(&stage.ok(&ask)).unwrap();
    assert_eq!(first, second, "kept");
    let fresh = stage.ok(&[&ask[..], &["--no-cache"]].concat());
    let fresh: Value = serde_json::from_str(&fresh).unwrap();
    assert_ne!(first["AccessKeyId"], fresh["AccessKeyId"]);
    let env = stage.ok(&[&ask[..], &["--format", "env"]].concat());
    assert!(env.starts_with("export AWS_ACCESS_KEY_ID='ASIA"), "{env}");
    let api = stage.ok(&[&ask[..], &["--format", "json"]].concat());
    let api: Value = serde_json::from_str(&api).unwrap();
    assert!(api["Credentials"]["SecretKey"].is_string(), "{api}");
    assert!(api["IdentityId"].is_string());

    // They are good: the server knows whose they are.
    let mut doctor = stage.command(&["doctor", "--output", "json"]);
    doctor
        .env("AWS_ACCESS_KEY_ID", first["AccessKeyId"].as_str().unwrap())
        .env(
            "AWS_SECRET_ACCESS_KEY",
            first["SecretAccessKey"].as_str().unwrap(),
        )
        .env("AWS_SESSION_TOKEN", first["SessionToken"].as_str().unwrap());
    let checked = end(&mut doctor);
    assert!(
        checked.out.contains(":assumed-role/photos-"),
        "{}",
        checked.out
    );
}

#[test]
fn a_token_of_a_backend_becomes_credentials_without_any_key() {
    let stage = Stage::new();
    let pool = stage.pool();
    let minted = stage.ok(&[
        "token", "mint", "--pool", &pool, "--user", "u", "--output", "json",
    ]);
    let file = stage.folder.path().join("session.json");
    std::fs::write(&file, &minted).unwrap();
    let keyless = |arguments: &[&str]| {
        let mut command = away(arguments, stage.folder.path());
        command.env("DAYPASS_ENDPOINT", stage.endpoint());
        command
    };
    let fetched = end(&mut keyless(&[
        "credentials",
        "--token-from",
        "cat session.json",
    ]));
    assert_eq!(fetched.code, Some(0), "{}", fetched.err);
    assert!(fetched.out.contains("\"Version\": 1"));
    let handed = typed(&mut keyless(&["credentials", "--token-stdin"]), &minted);
    assert_eq!(handed.code, Some(0), "{}", handed.err);
    let broken = end(&mut keyless(&["credentials", "--token-from", "exit 3"]));
    assert_eq!(broken.code, Some(1), "{}", broken.err);
}

#[test]
fn a_token_is_inspected_here_and_verified_against_the_published_keys() {
    let stage = Stage::new();
    let pool = stage.pool();
    let mut mint = vec!["token", "mint", "--pool", &pool, "--user", "u"];
    mint.extend([
        "--duration",
        "1h",
        "--tag",
        "tenant=blue",
        "--output",
        "json",
    ]);
    let minted = stage.ok(&mint);
    let inspected = typed(&mut stage.command(&["token", "inspect", "-"]), &minted);
    for shown in [
        &pool,
        "whose token this is",
        "tenant",
        "blue",
        "expires in ",
    ] {
        assert!(
            inspected.out.contains(shown),
            "no {shown} in {}",
            inspected.out
        );
    }
    let good = typed(&mut stage.command(&["token", "verify"]), &minted);
    assert_eq!(good.code, Some(0), "{}", good.err);
    let token: Value = serde_json::from_str(&minted).unwrap();
    let token = token["Token"].as_str().unwrap();
    let turned = if token.ends_with('A') { "Q" } else { "A" };
    let forged = format!("{}{turned}", &token[..token.len() - 1]);
    let bad = typed(&mut stage.command(&["token", "verify"]), &forged);
    assert_eq!(bad.code, Some(1), "{}", bad.out);
    assert!(bad.err.contains("not good"), "{}", bad.err);
}

#[test]
fn identities_are_found_from_both_sides_merged_unlinked_and_deleted() {
    let stage = Stage::new();
    let pool = stage.pool();
    let mint = |user| {
        let minted = stage.json(&["token", "mint", "--pool", &pool, "--user", user]);
        minted["IdentityId"].as_str().unwrap().to_owned()
    };
    let (one, two) = (mint("one"), mint("two"));
    let by_user = ["identity", "lookup", "--pool", "photos", "--user", "one"];
    assert_eq!(stage.json(&by_user)["IdentityId"], one.as_str());
    let by_identity = ["identity", "lookup", "--pool", "photos", "--identity", &two];
    let users = stage.json(&by_identity)["DeveloperUserIdentifierList"].clone();
    assert_eq!(users, serde_json::json!(["two"]));
    assert_eq!(
        stage.json(&["identity", "get", &one])["Logins"][0],
        PROVIDER
    );
    let mut page = vec!["identity", "list", "--pool", "photos", "--limit", "1"];
    let first = stage.json(&page);
    let next = first["NextToken"].as_str().unwrap();
    page.extend(["--next-token", next]);
    let second = stage.json(&page);
    assert_ne!(first["Identities"], second["Identities"]);

    let merge = [
        "identity", "merge", "--pool", "photos", "--from", "one", "--into", "two",
    ];
    assert_eq!(stage.run(&merge).code, Some(2), "it asks");
    let merged = stage.json(&[&merge[..], &["--yes"]].concat());
    assert_eq!(merged["IdentityId"], two.as_str());
    assert_eq!(stage.json(&by_user)["IdentityId"], two.as_str());
    let unlink = [
        "identity", "unlink", "--pool", "photos", "--user", "one", "--yes",
    ];
    stage.ok(&unlink);
    assert_eq!(stage.run(&by_user).code, Some(4));
    stage.ok(&["identity", "delete", &two, "--yes"]);
    assert_eq!(stage.run(&["identity", "get", &two]).code, Some(4));
}

#[test]
fn a_role_is_made_shown_changed_and_deleted() {
    let stage = Stage::new();
    let pool = stage.pool();
    let mut create = vec!["role", "create", "extra", "--pool", "photos"];
    create.extend(["--template", "read-only", "--bucket", "photos"]);
    stage.ok(&create);
    assert_eq!(stage.run(&create).code, Some(6));
    let trust = stage.json(&["role", "trust", "extra"]);
    let condition = &trust["Statement"][0]["Condition"];
    assert_eq!(
        condition["StringEquals"]["cognito-identity.amazonaws.com:aud"],
        pool
    );
    let policies = stage.json(&["role", "policy", "extra"]);
    assert_eq!(policies["PolicyNames"], serde_json::json!(["read-only"]));
    let file = stage.folder.path().join("deny.json");
    let deny = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    std::fs::write(&file, deny).unwrap();
    stage.ok(&["role", "policy", "extra", "deny", "--document", "deny.json"]);
    let put = stage.json(&["role", "policy", "extra", "deny"]);
    assert_eq!(put["Statement"][0]["Effect"], "Deny");
    stage.ok(&["pool", "roles", "photos", "--authenticated", "extra"]);
    let roles = stage.json(&["pool", "roles", "photos"]);
    let arn = roles["Roles"]["authenticated"].as_str().unwrap();
    assert!(arn.ends_with(":role/extra"));
    stage.ok(&["role", "delete", "extra", "--yes"]);
    assert_eq!(stage.run(&["role", "get", "extra"]).code, Some(4));
    let lint = stage.run(&["pool", "lint", "photos"]);
    assert_eq!(lint.code, Some(1), "{}", lint.out);
    assert!(lint.out.contains("The role does not exist"), "{}", lint.out);
}

#[test]
fn a_mapping_is_put_by_flags_or_from_a_file_in_the_words_of_the_api() {
    let stage = Stage::new();
    stage.pool();
    let roles = stage.json(&["pool", "roles", "photos"]);
    let arn = roles["Roles"]["authenticated"].as_str().unwrap();
    let name = arn.rsplit('/').next().unwrap();
    let flags = [
        "pool",
        "roles",
        "photos",
        "--provider",
        "accounts.google.com",
    ];
    let mapping = [
        "--type",
        "Rules",
        "--rule",
        "hd",
        "Equals",
        "corp.example",
        name,
    ];
    // The pool has no such provider: the service says so, which shows that all of it got there.
    let put = stage.run(&[&flags[..], &mapping[..]].concat());
    assert!(put.err.contains("not a valid RoleMapping"), "{}", put.err);
    let odd = [
        &flags[..],
        &["--type", "Rules", "--rule", "hd", "Is", "x", name],
    ]
    .concat();
    let odd = stage.run(&odd);
    assert!(odd.err.contains("StartsWith, NotEqual"), "{}", odd.err);
    let file = stage.folder.path().join("mappings.json");
    let mapping = r#"{"accounts.google.com":{"Type":"Token","AmbiguousRoleResolution":"Deny"}}"#;
    std::fs::write(&file, mapping).unwrap();
    let from_file = ["pool", "roles", "photos", "--mappings", "mappings.json"];
    let put = stage.run(&from_file);
    assert!(put.err.contains("not a valid RoleMapping"), "{}", put.err);
    // What is shown can be put again.
    std::fs::write(&file, roles.to_string()).unwrap();
    assert_eq!(stage.json(&from_file), roles);
    std::fs::write(&file, r#"{"accounts.google.com":{"Typ":"Token"}}"#).unwrap();
    assert_eq!(stage.run(&from_file).code, Some(2));
    let none = [&flags[..], &["--type", "none"]].concat();
    assert_eq!(stage.json(&none), roles);
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let stage = Stage::new();
    stage.pool();
    let updated = stage.json(&["pool", "update", "photos", "--guests", "true"]);
    assert_eq!(updated["AllowUnauthenticatedIdentities"], true);
    let renamed = stage.json(&["pool", "update", "photos", "--name", "pictures"]);
    assert_eq!(renamed["AllowUnauthenticatedIdentities"], true, "kept");
    assert_eq!(renamed["DeveloperProviderName"], PROVIDER, "kept");
    assert_eq!(stage.json(&["pool", "get", "pictures"]), renamed);
}

#[test]
fn s60_a_role_that_asks_for_no_amr_makes_lint_end_with_1() {
    let stage = Stage::new();
    let pool = stage.pool();
    let trust = serde_json::json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": pool}},
    }]});
    let mut create = stage.command(&["role", "create", "open", "--trust", "-"]);
    assert_eq!(typed(&mut create, &trust.to_string()).code, Some(0));
    let policy = [
        "role",
        "policy",
        "open",
        "--template",
        "user-prefix",
        "--bucket",
        "photos",
    ];
    stage.ok(&policy);
    stage.ok(&["pool", "roles", "photos", "--authenticated", "open"]);
    let lint = stage.run(&["pool", "lint", "photos"]);
    assert_eq!(lint.code, Some(1), "{}", lint.out);
    assert!(
        lint.out.contains("warn") && lint.out.contains("amr"),
        "{}",
        lint.out
    );
    stage.ok(&["pool", "update", "photos", "--guests", "true"]);
    let lint = stage.run(&["pool", "lint", "photos"]);
    assert!(lint.out.contains("fail  Guests could take"), "{}", lint.out);
}

#[test]
fn a_snippet_knows_the_pool_when_there_is_a_key() {
    let stage = Stage::new();
    stage.pool();
    let ask = ["snippet", "--pool", "photos", "--lang", "python"];
    let code = stage.ok(&ask);
    assert!(
        code.contains(PROVIDER) && code.contains(&stage.endpoint()),
        "{code}"
    );
    let client = stage.ok(&[&ask[..], &["--side", "client"]].concat());
    assert!(client.contains("photos"), "{client}");
}
