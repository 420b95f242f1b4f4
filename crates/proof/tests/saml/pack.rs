//! Every file of the pack, against its row.

use std::collections::BTreeSet;
use std::fs;

use daypass_proof::login::saml::Metadata;

use super::given::{USUAL, file, folder, rows, verdict};

fn listed_and_there(table: &str, kind: &str) -> Vec<Vec<String>> {
    let rows = rows(table);
    let listed: BTreeSet<_> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(listed.len(), rows.len(), "a file is listed twice");
    let there: BTreeSet<_> = fs::read_dir(folder().join(kind))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(listed, there);
    rows
}

#[test]
fn s39_to_s45_every_response_of_the_pack_has_its_verdict() {
    let rows = listed_and_there("responses.txt", "responses");
    assert!(rows.len() >= 80, "{} responses", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let found = match verdict(&file(&format!("responses/{}", row[0])), &USUAL) {
            Ok(verified) => format!("ok {}", verified.login().subject()),
            Err(error) => error.reason().to_owned(),
        };
        if found != row[1] {
            wrong.push(format!("{}: {found}, not {}", row[0], row[1]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn s39_what_we_accept_the_other_verifiers_accept_and_the_rest_is_explained() {
    for row in rows("responses.txt") {
        let accepted = row[1].starts_with("ok ");
        let others = [row[2].as_str(), row[3].as_str()];
        if accepted {
            assert_eq!(others, ["good", "good"], "{}", row[0]);
        } else if others.contains(&"good") {
            assert!(row.get(4).is_some_and(|why| !why.is_empty()), "{}", row[0]);
        }
    }
}

#[test]
fn s44_every_metadata_document_of_the_pack_has_its_verdict() {
    let mut wrong = Vec::new();
    for row in listed_and_there("metadata.txt", "metadata") {
        let found = match Metadata::parse(&file(&format!("metadata/{}", row[0]))) {
            Ok(metadata) => format!("ok {}", metadata.certificates().len()),
            Err(error) => error.to_string(),
        };
        if found != row[1] {
            wrong.push(format!("{}: {found}, not {}", row[0], row[1]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
