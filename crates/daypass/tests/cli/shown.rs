//! What strangers named, shown to people and to programs.

use serde_json::Value;

use crate::stage::Stage;
use crate::support::cognito;

/// Names a stranger may choose, each with something that acts on a terminal, a page or a sheet.
const HOSTILE: [&str; 5] = [
    "\u{1b}[31mred\u{1b}[0m",
    "<script>alert(1)</script>",
    "\u{202e}gnp.exe\u{2066}",
    "=cmd()|' /C calc'!A0",
    "bell\u{7}\u{9b}2J\r\nnew line",
];

fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n')
}

#[test]
fn s85_hostile_names_are_inert_in_tables_and_whole_in_json() {
    let stage = Stage::new();
    let pool = stage.pool();
    let mut kept = Vec::new();
    for name in HOSTILE {
        let input = serde_json::json!({
            "IdentityPoolId": pool,
            "Logins": {"login.photos.example": name},
        });
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let (status, answer) =
            cognito(stage.server.address, &stage.root, operation, &input).unwrap();
        // A name that the API refuses cannot be shown anywhere.
        if status == 200 {
            let identity = answer.get("IdentityId").and_then(|id| id.as_str()).unwrap();
            kept.push((name, identity.to_owned()));
        }
    }
    assert!(kept.len() >= 3, "{kept:?}");
    for (name, identity) in &kept {
        let lookup = [
            "identity",
            "lookup",
            "--pool",
            &pool,
            "--identity",
            identity,
        ];
        let table = stage.ok(&lookup);
        assert!(!table.chars().any(acts), "{table:?}");
        let json = stage.ok(&[&lookup[..], &["--output", "json"]].concat());
        assert!(!json.chars().any(acts), "{json:?}");
        let data: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(data["DeveloperUserIdentifierList"][0], *name);
    }
}

#[test]
fn messages_are_inert_too() {
    let stage = Stage::new();
    let ended = stage.run(&["pool", "get", "\u{1b}[31mred\u{202e}"]);
    assert_eq!(ended.code, Some(4));
    assert!(!ended.err.chars().any(acts), "{:?}", ended.err);
    let walked = stage.run(&["token", "mint", "--pool", "a:\u{1b}[2J", "--user", "u"]);
    assert!(!walked.err.chars().any(acts), "{:?}", walked.err);
}

#[test]
fn colours_are_for_terminals_only() {
    let stage = Stage::new();
    let out = stage.ok(&["doctor"]);
    assert!(!out.contains('\u{1b}'), "{out:?}");
}
