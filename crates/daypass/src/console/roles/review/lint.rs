//! What a policy may say without meaning it, each with its line.
//!
//! These are the mistakes people made for years: a bucket where its objects were meant, a prefix
//! that does not end in a slash, a variable that nothing fills in, a guest role open to the world.
//!
//! **Source**: users page, S15 and rows 37 to 40 and 57; requirements S50 and S51.

use daypass_policy::{Document, DocumentKind, Effect, Remark, Statement, Version};

use super::places::Places;
use super::{Circumstances, Warning};

/// Keys under which requests bring values; what else a variable names is never filled in.
const KEY_STARTS: [&str; 6] = [
    "aws:",
    "s3:",
    "sts:",
    "iam:",
    "cognito-identity:",
    "cognito-identity.amazonaws.com:",
];

const S3: &str = "arn:aws:s3:::";

/// Everything worth a word.
pub(super) fn warnings(
    document: &Document,
    places: &Places,
    circumstances: &Circumstances<'_>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for remark in document.remarks() {
        let (index, text) = told(&remark);
        warnings.push(at(places, index, "Effect", text));
    }
    let texts = document.statements().iter().enumerate();
    for (index, statement) in texts {
        if circumstances.kind != DocumentKind::Trust {
            warnings.extend(identity(index, statement, places, circumstances));
        }
        if document.version() == Version::V2008 && has_variable(statement) {
            let text = "Variables need \"Version\": \"2012-10-17\"; without it ${…} is plain text";
            warnings.push(at(places, index, "Resource", text.to_owned()));
        }
    }
    for key in document.context_keys() {
        let folded = key.to_ascii_lowercase();
        let known = KEY_STARTS.iter().any(|start| folded.starts_with(start))
            || [":sub", ":aud", ":amr"]
                .iter()
                .any(|end| folded.ends_with(end));
        if !known {
            let text = format!("No request has the key {key}, so nothing ever matches it");
            warnings.push(Warning { line: 0, text });
        }
    }
    warnings
}

fn at(places: &Places, index: usize, member: &str, text: String) -> Warning {
    let mut path = places.statement(index);
    path.push(member.to_owned());
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let line = places.find(&steps).map_or(0, |(line, _)| line);
    Warning { line, text }
}

/// The engine's own remarks, for people.
fn told(remark: &Remark) -> (usize, String) {
    match remark {
        Remark::ForAllValuesUnderAllow { index, key } => (
            *index,
            format!("Requests without {key} are allowed too: ForAllValues holds for no values"),
        ),
        Remark::NegatedUnderAllow {
            index,
            key,
            operator,
        } => (
            *index,
            format!("Requests without {key} are allowed too: {operator} holds when it is absent"),
        ),
        Remark::VariableUnderDeny { index, key } => (
            *index,
            format!("This refuses nothing when {key} has no value"),
        ),
    }
}

fn has_variable(statement: &Statement) -> bool {
    let written = statement.resource().map_or(&[][..], |it| it.written());
    written.iter().any(|text| text.contains("${"))
}

fn identity(
    index: usize,
    statement: &Statement,
    places: &Places,
    circumstances: &Circumstances<'_>,
) -> Vec<Warning> {
    let allows = statement.effect() == Effect::Allow;
    let mut found = Vec::new();
    let mut say = |member: &str, text: String| found.push(at(places, index, member, text));
    if allows && statement.action().is_negated() {
        let text = "NotAction allows everything else, also what is invented tomorrow";
        say("NotAction", text.to_owned());
    }
    let Some(resource) = statement.resource() else {
        return found;
    };
    let everywhere = |written: &String| {
        matches!(
            written.as_str(),
            "*" | "arn:aws:s3:::*" | "arn:aws:s3:::*/*"
        )
    };
    let open = allows && resource.written().iter().any(everywhere) && !resource.is_negated();
    if open && statement.conditions().is_empty() {
        if circumstances.for_guests {
            let text = "Guests get this role: anybody in the world may do this to everything";
            say("Resource", text.to_owned());
        } else if statement.action().covers("s3:PutObject") {
            let text = "Whoever gets this role may overwrite everything of everybody";
            say("Resource", text.to_owned());
        }
    }
    let member = if resource.is_negated() {
        "NotResource"
    } else {
        "Resource"
    };
    for written in resource.written() {
        if let Some(text) = s3(statement, written) {
            say(member, text);
        }
        if written.to_ascii_lowercase().contains(":amr}") {
            let text = "amr has several values, and such a variable fits nothing";
            say(member, text.to_owned());
        }
    }
    found
}

/// What is odd about one S3 resource.
fn s3(statement: &Statement, written: &str) -> Option<String> {
    let name = written.strip_prefix(S3)?;
    let about = |action: &str| {
        let action = format!("s3:{action}");
        statement.action().covers(&action) && !statement.action().is_negated()
    };
    let on_objects = ["GetObject", "PutObject", "DeleteObject"]
        .into_iter()
        .any(about);
    let on_bucket = about("ListBucket");
    match name.split_once('/') {
        None if on_objects && !on_bucket && !name.contains('*') => Some(format!(
            "{written} is the bucket itself; for its objects write {written}/*"
        )),
        Some((bucket, _)) if on_bucket && !on_objects => Some(format!(
            "ListBucket is asked about the bucket: write {S3}{bucket} and limit s3:prefix instead"
        )),
        Some((_, key)) if key.ends_with("}*") => Some(
            "End the prefix with a slash: without it, ids that begin alike fit as well".to_owned(),
        ),
        Some((_, key)) if key.ends_with('}') && on_objects => {
            Some("This is one object only; for those below it add /*".to_owned())
        }
        _ => None,
    }
}
