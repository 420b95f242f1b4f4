//! The settings about other issuers and providers: whom this server may call, and where they are.
//!
//! **Source**: requirements S13 and S79; contract page, Cognito identity section 6.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use daypass_service::IssuerSettings;
use http::Uri;
use http::uri::Authority;

use super::layers::{Layers, Sourced, wrong};
use crate::exit::Failure;

/// Reads what the operator says of others' servers.
pub(super) fn read(layers: &Layers) -> Result<IssuerSettings, Failure> {
    let endpoints = pairs(layers, "provider_endpoints", is_base_url)?;
    let files = pairs(layers, "issuer_keys", |path| !path.is_empty())?;
    let files = files
        .into_iter()
        .map(|(name, path)| (name, PathBuf::from(path)));
    Ok(IssuerSettings {
        private: private(layers)?,
        endpoints,
        elliptic: names(layers)?,
        key_files: files.collect(),
    })
}

fn private(layers: &Layers) -> Result<Vec<String>, Failure> {
    let Sourced { value, source } = layers.list("private_issuers")?;
    for host in &value {
        let is_name = host
            .parse::<Authority>()
            .is_ok_and(|authority| authority.host() == host);
        if !is_name && host.parse::<IpAddr>().is_err() {
            let sentence = format!(
                "must list hosts without scheme, port or path, like `127.0.0.1` or \
                 `id.corp.example`; `{host}` is not one"
            );
            return Err(wrong("private_issuers", &source, &sentence));
        }
    }
    Ok(value)
}

fn names(layers: &Layers) -> Result<Vec<String>, Failure> {
    let Sourced { value, source } = layers.list("elliptic_issuers")?;
    match value.iter().find(|name| !is_name(name)) {
        None => Ok(value),
        Some(name) => {
            let sentence = format!(
                "must list issuers by host and path, like `id.example.com/realms/x`; `{name}` is \
                 not one"
            );
            Err(wrong("elliptic_issuers", &source, &sentence))
        }
    }
}

/// A list of `name=value`, each name once.
fn pairs(
    layers: &Layers,
    setting: &str,
    fits: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>, Failure> {
    let Sourced { value, source } = layers.list(setting)?;
    let mut pairs = BTreeMap::new();
    for item in &value {
        let pair = item
            .split_once('=')
            .filter(|(name, value)| is_name(name) && fits(value));
        let Some((name, value)) = pair else {
            let form = if setting == "issuer_keys" {
                "issuers with a file each, like `id.example.com/realms/x=keys.json`"
            } else {
                "providers with a base URL each, like `accounts.google.com=http://127.0.0.1:9`, \
                 without a slash at the end"
            };
            let sentence = format!("must list {form}; `{item}` is not one");
            return Err(wrong(setting, &source, &sentence));
        };
        if pairs.insert(name.to_owned(), value.to_owned()).is_some() {
            let sentence = format!("names `{name}` twice");
            return Err(wrong(setting, &source, &sentence));
        }
    }
    Ok(pairs)
}

/// Host and path of a provider.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\\#?\"<>@=".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(plain) && !text.contains("://")
}

fn is_base_url(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        let host = uri.host().is_some_and(|host| !host.is_empty());
        let plain = !text.contains(['@', '#']) && !text.ends_with('/');
        scheme && host && plain && uri.query().is_none()
    })
}
