//! The OpenID configuration of an issuer: where its keys are, if it is that issuer's at all.
//!
//! The document comes from outside and sends us to another address. So it must name the issuer that
//! was asked, and the keys must lie on that issuer's own host.
//!
//! **Source**: OpenID Connect Discovery 1.0, sections 4.1 to 4.3; requirements S79 and S82.

use daypass_json::{Bounds, Value, parse};

/// The longest address of keys.
const ADDRESS_BYTES_MAX: usize = 2_048;

/// Why an OpenID configuration is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DiscoveryError {
    /// Not strict JSON, or no object.
    #[error("not an OpenID configuration")]
    Malformed,
    /// It is the configuration of another issuer, or does not say whose it is.
    #[error("the OpenID configuration names another issuer")]
    OtherIssuer,
    /// It names no keys, or keys at an address that is no plain URL.
    #[error("the OpenID configuration names no usable `jwks_uri`")]
    NoKeys,
    /// The keys are on another host, or would come without TLS from an issuer with it.
    #[error("the `jwks_uri` is not on the host of its issuer")]
    OtherHost,
}

/// The address of an issuer's OpenID configuration.
pub fn address(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    format!("{issuer}/.well-known/openid-configuration")
}

/// Where the keys of `issuer` are, as its OpenID configuration says.
///
/// **Shape**: the member `issuer` equals the issuer byte for byte, but for a slash at the end that
/// the configured URL has; `jwks_uri` has the same scheme, host and port.
pub fn key_address(document: &[u8], issuer: &str) -> Result<String, DiscoveryError> {
    let document = parse(document, &Bounds::WIRE).map_err(|_| DiscoveryError::Malformed)?;
    let document = document.as_object().ok_or(DiscoveryError::Malformed)?;
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let named = text("issuer").ok_or(DiscoveryError::OtherIssuer)?;
    if !is_spelling_of(named, issuer) {
        return Err(DiscoveryError::OtherIssuer);
    }
    let keys = text("jwks_uri").ok_or(DiscoveryError::NoKeys)?;
    if !is_plain(keys) {
        return Err(DiscoveryError::NoKeys);
    }
    match (origin(keys), origin(issuer)) {
        (Some(keys), Some(issuer)) if keys.eq_ignore_ascii_case(issuer) => {}
        (None, _) => return Err(DiscoveryError::NoKeys),
        _ => return Err(DiscoveryError::OtherHost),
    }
    Ok(keys.to_owned())
}

/// Whether a text is a spelling of this issuer: the URL itself, or without the slash it ends with.
///
/// **Source**: Cognito identity reference, section 6.2 step 1.
pub fn is_spelling_of(text: &str, issuer: &str) -> bool {
    text == issuer || issuer.strip_suffix('/') == Some(text)
}

fn is_plain(url: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\\#\"<>@".contains(&byte);
    url.len() <= ADDRESS_BYTES_MAX && url.bytes().all(plain)
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> Option<&str> {
    let start = url.find("://")?.checked_add(3)?;
    let rest = url.get(start..)?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    url.get(..start.checked_add(end)?).filter(|_| end > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.com/realms/x";

    fn keys_of(issuer: &str, keys: &str) -> Result<String, DiscoveryError> {
        let document = format!(r#"{{"issuer":"{issuer}","other":[1],"jwks_uri":"{keys}"}}"#);
        key_address(document.as_bytes(), ISSUER)
    }

    #[test]
    fn the_keys_of_the_issuer_that_was_asked_are_found() {
        assert_eq!(
            address(ISSUER),
            "https://id.example.com/realms/x/.well-known/openid-configuration"
        );
        assert_eq!(
            address("https://id.example.com/"),
            address("https://id.example.com")
        );
        let keys = "https://id.example.com/realms/x/certs?v=1";
        assert_eq!(keys_of(ISSUER, keys), Ok(keys.to_owned()));
        let local = r#"{"issuer":"http://localhost:9","jwks_uri":"http://localhost:9/k"}"#;
        let found = key_address(local.as_bytes(), "http://localhost:9");
        assert_eq!(found, Ok("http://localhost:9/k".to_owned()));
    }

    #[test]
    fn s82_a_configuration_of_another_issuer_is_refused() {
        let keys = "https://id.example.com/certs";
        for other in [
            "https://id.example.com/realms/y",
            "https://id.example.com/realms/x/",
            "https://ID.example.com/realms/x",
            "http://id.example.com/realms/x",
            "https://id.example.com/realms/X",
            "id.example.com/realms/x",
            "",
        ] {
            assert_eq!(
                keys_of(other, keys),
                Err(DiscoveryError::OtherIssuer),
                "{other}"
            );
        }
        let with_slash =
            br#"{"issuer":"https://id.example.com","jwks_uri":"https://id.example.com/k"}"#;
        assert!(key_address(with_slash, "https://id.example.com/").is_ok());
    }

    #[test]
    fn s79_keys_on_another_host_are_refused() {
        for other in [
            "https://evil.example.com/certs",
            "https://id.example.com:8443/certs",
            "https://id.example.com.evil.example/certs",
            "http://id.example.com/certs",
            "http://169.254.169.254/latest/meta-data",
            "https://[::1]/certs",
            "https://2130706433/",
        ] {
            assert_eq!(
                keys_of(ISSUER, other),
                Err(DiscoveryError::OtherHost),
                "{other}"
            );
        }
        for odd in [
            "",
            "/certs",
            "https:///certs",
            "https://x@id.example.com/certs",
            "https://id.example.com/certs#x",
            "https://id.example.com/ce rts",
        ] {
            assert_eq!(keys_of(ISSUER, odd), Err(DiscoveryError::NoKeys), "{odd}");
        }
    }

    #[test]
    fn f16_what_is_no_configuration_is_refused() {
        let twice = format!(
            r#"{{"issuer":"https://evil.example","issuer":"{ISSUER}","jwks_uri":"https://id.example.com/k"}}"#
        );
        for text in [
            "",
            "<html></html>",
            "[]",
            "{\"issuer\":",
            "\u{feff}{}",
            &twice,
        ] {
            let read = key_address(text.as_bytes(), ISSUER);
            assert_eq!(read, Err(DiscoveryError::Malformed), "{text}");
        }
        let read = |text: &str| key_address(text.as_bytes(), ISSUER);
        assert_eq!(read("{}"), Err(DiscoveryError::OtherIssuer));
        assert_eq!(read(r#"{"issuer":[]}"#), Err(DiscoveryError::OtherIssuer));
        let alone = format!(r#"{{"issuer":"{ISSUER}"}}"#);
        assert_eq!(read(&alone), Err(DiscoveryError::NoKeys));
    }
}
