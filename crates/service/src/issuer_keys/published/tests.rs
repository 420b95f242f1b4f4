//! Which documents are asked for, and which answers are keys.

use std::collections::HashMap;
use std::sync::Mutex;

use daypass_proof::jwt::SigningKey;

use super::*;
use crate::outbound::{OutboundDocument, OutboundError};

/// Servers that answer with what stands in a table.
#[derive(Default)]
struct Table {
    answers: HashMap<String, (u16, String)>,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Outbound for Arc<Table> {
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundDocument, OutboundError> {
        self.asked.lock().unwrap().push(request.url.clone());
        let answer = self.answers.get(&request.url);
        let (status, body) = answer.ok_or(OutboundError("nobody there".to_owned()))?;
        Ok(OutboundDocument {
            status: *status,
            body: body.clone().into(),
        })
    }
}

const CONFIGURATION: &str = "https://id.example/.well-known/openid-configuration";
const KEYS: &str = "https://id.example/keys";

fn key_set() -> String {
    let key = SigningKey::generate().unwrap();
    let key = key.public_key();
    let (n, e) = (key.n(), key.e());
    format!(r#"{{"keys":[{{"kty":"RSA","kid":"a","n":"{n}","e":"{e}"}}]}}"#)
}

async fn fetch(answers: &[(&str, u16, &str)]) -> Result<usize, IssuerKeysError> {
    let answers = answers.iter();
    let answers =
        answers.map(|(url, status, body)| ((*url).to_owned(), (*status, (*body).to_owned())));
    let table = Arc::new(Table {
        answers: answers.collect(),
        ..Table::default()
    });
    let issuer = IssuerUrl::parse("https://id.example", &[]).unwrap();
    let published = PublishedKeys::new(Arc::new(table));
    let keys = published.fetch(&KeySource::Issuer(issuer)).await?;
    Ok(keys.keys().len())
}

fn configuration(issuer: &str, keys: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}"}}"#)
}

#[tokio::test]
async fn the_configuration_leads_to_the_keys() {
    let document = configuration("https://id.example", KEYS);
    let found = fetch(&[(CONFIGURATION, 200, &document), (KEYS, 200, &key_set())]).await;
    assert_eq!(found, Ok(1));
}

#[tokio::test]
async fn s82_documents_of_another_issuer_or_without_keys_are_unusable() {
    let keys = key_set();
    let good = configuration("https://id.example", KEYS);
    let other = configuration("https://other.example", KEYS);
    let empty = r#"{"keys":[]}"#;
    for answers in [
        [(CONFIGURATION, 200, other.as_str()), (KEYS, 200, &keys)],
        [(CONFIGURATION, 200, "<html>"), (KEYS, 200, &keys)],
        [(CONFIGURATION, 302, ""), (KEYS, 200, &keys)],
        [(CONFIGURATION, 404, ""), (KEYS, 200, &keys)],
        [(CONFIGURATION, 200, &good), (KEYS, 200, empty)],
        [(CONFIGURATION, 200, &good), (KEYS, 200, "{}")],
        [(CONFIGURATION, 200, &good), (KEYS, 301, &keys)],
    ] {
        let found = fetch(&answers).await;
        assert!(
            matches!(found, Err(IssuerKeysError::Unusable(_))),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn f13_a_server_in_trouble_is_unreachable() {
    let good = configuration("https://id.example", KEYS);
    for answers in [
        [(CONFIGURATION, 200, good.as_str()), (KEYS, 503, "")],
        [(CONFIGURATION, 500, ""), (KEYS, 200, "")],
        [("https://elsewhere.example", 200, ""), (KEYS, 200, "")],
    ] {
        let found = fetch(&answers).await;
        assert!(
            matches!(found, Err(IssuerKeysError::Unreachable(_))),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn keys_are_read_from_a_document_or_a_file() {
    let table = Arc::new(Table {
        answers: HashMap::from([(KEYS.to_owned(), (200, key_set()))]),
        ..Table::default()
    });
    let published = PublishedKeys::new(Arc::new(Arc::clone(&table)));
    let keys = published.fetch(&KeySource::Document(KEYS.to_owned())).await;
    assert_eq!(keys.unwrap().keys().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let source = KeySource::File(file.clone());
    let missing = published.fetch(&source).await;
    assert!(matches!(missing, Err(IssuerKeysError::Unreachable(_))));
    std::fs::write(&file, key_set()).unwrap();
    assert_eq!(published.fetch(&source).await.unwrap().keys().len(), 1);
    std::fs::write(&file, vec![b' '; DOCUMENT_BYTES_MAX + 1]).unwrap();
    let huge = published.fetch(&source).await;
    assert!(matches!(huge, Err(IssuerKeysError::Unusable(_))));
    assert_eq!(table.asked.lock().unwrap().len(), 1, "a file asks nobody");
}
