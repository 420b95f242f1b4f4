//! No documented error without a vector, and no vector with an undocumented one.
//!
//! What the interface documents stands here by hand, apart from what the code declares: the one
//! says what clients may expect, the other what we do, and both are held to the vectors.
//!
//! **Source**: contract pages, Cognito identity section 2, STS section 2.2 and IAM section 4.5.

mod iam;

use std::collections::{BTreeMap, BTreeSet};

use daypass_service::OperationRow;

use crate::vectors::{self, repository};

/// The errors documented for each Cognito identity operation, beside the two that all of them have.
const COGNITO: &[(&str, &str)] = &[
    ("CreateIdentityPool", "IP NA RC LE"),
    ("DeleteIdentities", "IP"),
    ("DeleteIdentityPool", "IP RNF NA"),
    ("DescribeIdentity", "IP RNF NA"),
    ("DescribeIdentityPool", "IP RNF NA"),
    ("GetCredentialsForIdentity", "IP RNF NA RC IC ES"),
    ("GetId", "IP RNF NA RC LE ES"),
    ("GetIdentityPoolRoles", "IP RNF NA RC"),
    ("GetOpenIdToken", "IP RNF NA RC ES"),
    ("GetOpenIdTokenForDeveloperIdentity", "IP RNF NA RC DU"),
    ("GetPrincipalTagAttributeMap", "IP RNF NA"),
    ("ListIdentities", "IP RNF NA"),
    ("ListIdentityPools", "IP RNF NA"),
    ("ListTagsForResource", "IP RNF NA"),
    ("LookupDeveloperIdentity", "IP RNF NA RC"),
    ("MergeDeveloperIdentities", "IP RNF NA RC"),
    ("SetIdentityPoolRoles", "IP RNF NA RC CM"),
    ("SetPrincipalTagAttributeMap", "IP RNF NA"),
    ("TagResource", "IP RNF NA"),
    ("UnlinkDeveloperIdentity", "IP RNF NA RC"),
    ("UnlinkIdentity", "IP RNF NA RC ES"),
    ("UntagResource", "IP RNF NA"),
    ("UpdateIdentityPool", "IP RNF NA RC CM LE"),
];

/// The same of each operation of our own.
const DAYPASS: &[(&str, &str)] = &[
    ("CountIdentities", "RNF"),
    ("DescribeDeployment", ""),
    ("GetActivity", "RNF"),
];

/// The same of each STS operation.
const STS: &[(&str, &str)] = &[
    ("AssumeRole", "MP PP RD ET"),
    ("AssumeRoleWithWebIdentity", "MP PP RJ CE II ET RD"),
    ("GetCallerIdentity", ""),
    ("GetSessionToken", "RD"),
];

fn spelled(short: &str) -> &'static str {
    match short {
        "IP" => "InvalidParameterException",
        "NA" => "NotAuthorizedException",
        "RC" => "ResourceConflictException",
        "RNF" => "ResourceNotFoundException",
        "LE" => "LimitExceededException",
        "IC" => "InvalidIdentityPoolConfigurationException",
        "ES" => "ExternalServiceException",
        "DU" => "DeveloperUserAlreadyRegisteredException",
        "CM" => "ConcurrentModificationException",
        "MP" => "MalformedPolicyDocument",
        "PP" => "PackedPolicyTooLarge",
        "RD" => "RegionDisabledException",
        "ET" => "ExpiredTokenException",
        "RJ" => "IDPRejectedClaim",
        "CE" => "IDPCommunicationError",
        "II" => "InvalidIdentityToken",
        "AE" => "EntityAlreadyExists",
        "CC" => "ConcurrentModification",
        "DC" => "DeleteConflict",
        "IV" => "InvalidInput",
        "LX" => "LimitExceeded",
        "NE" => "NoSuchEntity",
        "OC" => "OpenIdIdpCommunicationError",
        "PA" => "PolicyNotAttachable",
        "TU" => "EntityTemporarilyUnmodifiable",
        "UE" => "UnmodifiableEntity",
        other => panic!("no error is shortened to {other}"),
    }
}

/// What any operation of a face may answer.
fn common(face: &str) -> &'static [&'static str] {
    match face {
        "cognito-identity" | "daypass" => &[
            "InternalErrorException",
            "RequestEntityTooLargeException",
            "SerializationException",
            "TooManyRequestsException",
            "ValidationException",
        ],
        "sts" | "iam" => &[
            "InternalFailure",
            "RequestEntityTooLarge",
            "ServiceFailure",
            "ServiceUnavailable",
            "Throttling",
            "ValidationError",
        ],
        other => panic!("no face {other}"),
    }
}

/// What a signed operation of a face may answer beyond that.
fn common_signed(face: &str) -> &'static [&'static str] {
    match face {
        "cognito-identity" | "daypass" => &[
            "AccessDeniedException",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
        ],
        "sts" => SIGNED_QUERY,
        "iam" => &[
            "AccessDenied",
            "ExpiredToken",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "SignatureDoesNotMatch",
        ],
        other => panic!("no face {other}"),
    }
}

const SIGNED_QUERY: &[&str] = &[
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
];

/// The codes with which the cases of an operation end; success is the empty code.
fn seen() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut seen: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for file in vectors::all() {
        for case in &file.cases {
            let of = (file.face.clone(), case.operation.clone());
            let code = case.error.clone().unwrap_or_default();
            seen.entry(of).or_default().insert(code);
        }
    }
    seen
}

/// `vectors/unreachable.txt`: face, operation and code, each with its reason.
fn unreachable() -> BTreeSet<(String, String, String)> {
    let text = std::fs::read_to_string(repository("vectors/unreachable.txt")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line: &str| {
        let mut words = line.splitn(4, ' ').map(str::to_owned);
        let mut word = || words.next().unwrap_or_default();
        let listed = (word(), word(), word());
        let reason = word();
        assert!(
            reason.split(' ').count() > 2,
            "{line}: a reason is a sentence"
        );
        listed
    };
    lines.map(read).collect()
}

fn documented() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let cognito = COGNITO.iter().map(|row| ("cognito-identity", row));
    let daypass = DAYPASS.iter().map(|row| ("daypass", row));
    let json = cognito.chain(daypass).map(|(face, (operation, errors))| {
        let mut codes: Vec<_> = errors.split_whitespace().map(spelled).collect();
        codes.extend(["InternalErrorException", "TooManyRequestsException"]);
        (face, *operation, codes)
    });
    let sts = STS.iter().map(|(operation, errors)| {
        let codes = errors.split_whitespace().map(spelled).collect();
        ("sts", *operation, codes)
    });
    let iam = iam::IAM.iter().map(|(operation, errors)| {
        let codes = errors.split_whitespace().map(spelled).collect();
        ("iam", *operation, codes)
    });
    json.chain(sts).chain(iam).collect()
}

#[test]
fn every_documented_error_has_a_vector_or_a_reason() {
    let (seen, mut unreachable) = (seen(), unreachable());
    let mut findings = Vec::new();
    for (face, operation, codes) in documented() {
        let of = (face.to_owned(), operation.to_owned());
        let answered = seen.get(&of).cloned().unwrap_or_default();
        // Success has an empty code, and a line for it names it so.
        for code in codes.into_iter().chain([""]) {
            let name = if code.is_empty() { "success" } else { code };
            let line = (of.0.clone(), of.1.clone(), name.to_owned());
            let (shown, listed) = (answered.contains(code), unreachable.remove(&line));
            match (shown, listed) {
                (false, false) => findings.push(format!("{face} {operation}: no vector of {name}")),
                (true, true) => {
                    findings.push(format!("{face} {operation}: {name} has a vector after all"));
                }
                _ => {}
            }
        }
    }
    for (face, operation, code) in unreachable {
        findings.push(format!(
            "{face} {operation}: {code} is listed and not documented"
        ));
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_declared_error_has_a_vector_and_none_is_answered_undeclared() {
    let seen = seen();
    let rows = daypass_service::operations();
    let mut findings = Vec::new();
    for row in rows.iter().filter(|row| told_here(row.face)) {
        let of = (row.face.to_owned(), row.name.to_owned());
        let answered = seen.get(&of).cloned().unwrap_or_default();
        for code in row.errors.iter().filter(|code| !answered.contains(**code)) {
            findings.push(format!(
                "{} {}: declares {code}, no vector",
                row.face, row.name
            ));
        }
    }
    for ((face, operation), codes) in &seen {
        if operation == "any" {
            continue;
        }
        let row = rows
            .iter()
            .find(|row| row.face == face && row.name == operation);
        let Some(row) = row else {
            findings.push(format!("{face} {operation}: vectors of no operation"));
            continue;
        };
        if !told_here(face) {
            continue;
        }
        for code in codes.iter().filter(|code| !may_answer(row, code)) {
            findings.push(format!(
                "{face} {operation}: answers {code} and does not declare it"
            ));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_operation_has_a_vector_of_success() {
    let (seen, unreachable) = (seen(), unreachable());
    let mut findings = Vec::new();
    for row in daypass_service::operations() {
        let of = (row.face.to_owned(), row.name.to_owned());
        let line = (of.0.clone(), of.1.clone(), "success".to_owned());
        let shown = seen.get(&of).is_some_and(|codes| codes.contains(""));
        if !shown && !unreachable.contains(&line) {
            findings.push(format!("{} {}: no vector of success", row.face, row.name));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Whether the vectors of a face are held to the tables above.
fn told_here(face: &str) -> bool {
    matches!(face, "cognito-identity" | "daypass" | "sts" | "iam")
}

fn may_answer(row: &OperationRow, code: &str) -> bool {
    // A refusal before any face is known has a status and no code.
    let bare = code.parse::<u16>().is_ok();
    code.is_empty()
        || bare
        || row.errors.contains(&code)
        || common(row.face).contains(&code)
        || (row.signed && common_signed(row.face).contains(&code))
}

#[test]
fn every_operation_of_the_tables_is_documented_here() {
    let known: BTreeSet<_> = documented()
        .iter()
        .map(|(face, operation, _)| (*face, *operation))
        .collect();
    for row in daypass_service::operations() {
        let here = !told_here(row.face) || known.contains(&(row.face, row.name));
        assert!(
            here,
            "{} {} is in no table of this test",
            row.face, row.name
        );
    }
}
