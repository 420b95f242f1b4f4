//! Every operation against every kind of caller, as one table that is reviewed as text.
//!
//! The table stands in `vectors/expected/caller_matrix.txt`. A cell says how the call ended: `ok`, a
//! short word for the refusals that every face has (the head of the table spells them), or the code
//! itself. `DAYPASS_BLESS=1` writes the table anew; read the difference before keeping it.
//!
//! **Source**: STYLE §8; requirement S54.

mod requests;

use std::fmt::Write as _;

use bytes::Bytes;
use daypass_testkit::house::{House, Plan};
use daypass_testkit::vector::code_of;
use daypass_testkit::vector::given::World;
use daypass_testkit::vector::request;
use http::Response;

use crate::vectors::repository;

const TABLE: &str = "vectors/expected/caller_matrix.txt";

/// The kinds of callers: a heading, and how a request of theirs is signed.
const CALLERS: &[(&str, &str)] = &[
    ("anon", "nobody"),
    ("badsig", "root, with another secret"),
    ("nokey", "gone"),
    ("expired", "old"),
    ("noperm", "nothing"),
    ("explicit", "barred"),
    ("guest", "visitor"),
    ("user", "visitor2"),
    ("backend", "developer"),
    ("session", "short"),
    ("admin", "admin"),
    ("root", "root"),
];

/// Who those are. Old is a session that has ended by the time it is used; barred may everything
/// but is denied everything, too; the guest's and the app user's roles may everything and their own
/// objects; short is a session of the admin's own.
const GIVEN: &[&str] = &[
    "user gone; user gone is deleted",
    "user nothing",
    "user barred, allows * on *, denies * on *",
    "user admin, allows * on *",
    "role Old, trusts user admin, allows * on *",
    "session old of role Old by admin",
    "the clock moves by 3600 seconds",
    "pool P, developer provider login.example, guests, login provider accounts.google.com app",
    "role AppUser, trusts users of P, allows s3:GetObject s3:PutObject on \
     arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*",
    "role AppGuest, trusts guests of P, allows * on *",
    "P gives AppUser to users; P gives AppGuest to guests",
    "identity A of P for user-1; guest G of P; token T for A",
    "session visitor of G; session visitor2 of A",
    "session short of user admin",
];

#[tokio::test]
async fn s54_the_caller_matrix_is_the_committed_one() {
    let house = House::open(Plan::default()).await;
    let mut world = World::around(&house).await.unwrap();
    for phrase in GIVEN.iter().flat_map(|line| line.split("; ")) {
        world.given(phrase).await.unwrap();
    }
    for phrase in requests::GIVEN.iter().flat_map(|line| line.split("; ")) {
        world.given(phrase).await.unwrap();
    }
    requests::put_objects(&mut world).await;

    let mut table = head();
    for row in daypass_service::operations() {
        let mut line = format!("{:<51}", format!("{} {}", row.face, row.name));
        for (_, signed_by) in CALLERS {
            let lines = requests::lines(row.face, row.name, signed_by);
            let request = request::build(&lines, &world)
                .unwrap_or_else(|error| panic!("{} {}: {error}", row.face, row.name));
            let answer = house.fork().await.send(request).await;
            let _ = write!(line, " {:<9}", word(&answer));
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    compare(&table);
}

fn head() -> String {
    let mut head = "\
# Every operation against every kind of caller.
#
# anon      unsigned                    noperm    a user without any permission
# badsig    a wrong signature           explicit  a user who may everything and is denied everything
# nokey     a key that does not exist   guest     an enhanced guest whose role may everything
# expired   a session that has ended    user      an app user whose role may the own objects only
# backend   the developer's backend     session   GetSessionToken credentials of the admin
# admin     a user who may everything   root      the account's root user
#
# unsigned  MissingAuthenticationToken(Exception), on S3 AccessDenied
# badsig    SignatureDoesNotMatch, InvalidSignatureException
# nokey     InvalidClientTokenId, UnrecognizedClientException, InvalidAccessKeyId
# expired   ExpiredToken(Exception)
# denied    AccessDenied(Exception)
# notauth   NotAuthorizedException
# each      an answer of success that refuses each of its keys
# A bare number is the status of an answer without a body.

"
    .to_owned();
    let _ = write!(head, "{:<51}", "OPERATION");
    for (name, _) in CALLERS {
        let _ = write!(head, " {name:<9}");
    }
    let mut head = head.trim_end().to_owned();
    head.push('\n');
    head
}

/// How a call ended, in one word.
fn word(answer: &Response<Bytes>) -> String {
    match code_of(answer) {
        Some(code) => short(&code).to_owned(),
        None if answer.body().windows(7).any(|piece| piece == b"<Error>") => "each".to_owned(),
        None => "ok".to_owned(),
    }
}

/// The word for a code that every face has.
fn short(code: &str) -> &str {
    match code {
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => "unsigned",
        "SignatureDoesNotMatch" | "InvalidSignatureException" => "badsig",
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" => "nokey",
        "ExpiredToken" | "ExpiredTokenException" => "expired",
        "AccessDenied" | "AccessDeniedException" => "denied",
        "NotAuthorizedException" => "notauth",
        other => other,
    }
}

fn compare(found: &str) {
    let path = repository(TABLE);
    if crate::setting("DAYPASS_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
        return;
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    if wanted == found {
        return;
    }
    let beside = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("caller_matrix.txt");
    std::fs::write(&beside, found).unwrap();
    let gone = wanted.lines().filter(|line| !found.contains(line));
    let new = found.lines().filter(|line| !wanted.contains(line));
    let difference: Vec<String> = gone
        .map(|line| format!("- {line}"))
        .chain(new.map(|line| format!("+ {line}")))
        .collect();
    panic!(
        "{TABLE} differs; the table found is in {}\n{}",
        beside.display(),
        difference.join("\n")
    );
}
