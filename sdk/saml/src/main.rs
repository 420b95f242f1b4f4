//! Two independent verifiers of signatures look at every response of the kept pack.
//!
//! `xmlsec1` is a C program and `bergshamra` a Rust crate; neither shares a line with ours, nor with
//! each other. They judge signatures only, so they accept documents that we refuse for other reasons;
//! the table lists those with the reason. What we accept they must both accept: anything else, or any
//! difference from the table, fails.
//!
//! **Source**: requirement S39; `vectors/saml/responses.txt`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use bergshamra::keys::loader::load_x509_cert_pem;
use bergshamra::{DsigContext, KeysManager, verify};

/// The certificates of the provider, as the table's head says.
const CERTIFICATES: [&str; 4] = ["idp", "next", "ec", "expired"];

/// The elements whose `ID` a reference may name.
const IDENTIFIED: [&str; 2] = [
    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol:Response",
];

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/saml")),
        PathBuf::from,
    );
    match compare(&folder) {
        Ok(files) => {
            println!("two verifiers judged {files} responses as the table says");
            ExitCode::SUCCESS
        }
        Err(differences) => {
            eprintln!("{differences}");
            ExitCode::FAILURE
        }
    }
}

fn compare(folder: &Path) -> Result<usize, String> {
    let table = std::fs::read_to_string(folder.join("responses.txt"))
        .map_err(|error| format!("the table does not read: {error}"))?;
    let rows = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut differences = Vec::new();
    let mut files = 0;
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [name, ours, listed @ ..] = cells.as_slice() else {
            return Err(format!("a row without a verdict: {row}"));
        };
        let file = folder.join("responses").join(name);
        let found = [by_xmlsec1(folder, &file)?, by_bergshamra(folder, &file)?];
        for ((verifier, found), listed) in ["xmlsec1", "bergshamra"].iter().zip(found).zip(listed) {
            let verdict = if found { "good" } else { "bad" };
            if verdict != *listed {
                differences.push(format!("{name}: {verifier} says {verdict}, not {listed}"));
            }
            if ours.starts_with("ok ") && !found {
                differences.push(format!("{name}: we accept what {verifier} refuses"));
            }
        }
        let explained = listed.get(2).is_some_and(|why| !why.trim().is_empty());
        if !ours.starts_with("ok ") && found.contains(&true) && !explained {
            differences.push(format!("{name}: a difference without a reason"));
        }
        files += 1;
    }
    if differences.is_empty() {
        Ok(files)
    } else {
        Err(differences.join("\n"))
    }
}

fn certificate(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("keys/test-only-{name}.crt"))
}

/// Whether one of the certificates verifies the first signature of a file, says `xmlsec1`.
fn by_xmlsec1(folder: &Path, file: &Path) -> Result<bool, String> {
    for name in CERTIFICATES {
        let mut xmlsec1 = Command::new("xmlsec1");
        xmlsec1.args(["--verify", "--pubkey-cert-pem"]);
        xmlsec1.arg(certificate(folder, name));
        for element in IDENTIFIED {
            xmlsec1.args(["--id-attr:ID", element]);
        }
        let output = xmlsec1
            .arg(file)
            .output()
            .map_err(|error| format!("xmlsec1 does not start: {error}"))?;
        if output.status.success() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether one of the certificates verifies the first signature of a file, says `bergshamra`.
fn by_bergshamra(folder: &Path, file: &Path) -> Result<bool, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(false);
    };
    for name in CERTIFICATES {
        let pem = std::fs::read(certificate(folder, name)).map_err(|error| error.to_string())?;
        let key = load_x509_cert_pem(&pem).map_err(|error| format!("{name}: {error}"))?;
        let mut keys = KeysManager::new();
        keys.add_key(key);
        // Its own strict defaults: no key from the message, no reference to a far place.
        let context = DsigContext::new(keys);
        if verify(&context, &text).is_ok_and(|verdict| verdict.is_valid()) {
            return Ok(true);
        }
    }
    Ok(false)
}
