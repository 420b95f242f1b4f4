//! The claims of a token that is signed as it should be: what an issuer, or whoever has its key, may
//! put into one.
//!
//! **Source**: Cognito identity reference, section 6.2; requirements S12 and S17.
#![expect(
    clippy::expect_used,
    reason = "a target that cannot start must not look like one that ran"
)]

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_proof::jwt::{Algorithm, KeySet, SigningKey};
use daypass_proof::login::oidc::{self, Provider};
use daypass_proof::login::{LoginClaims, ProviderName};

use crate::house::signing_key_pkcs8;

const ISSUER: &str = "https://id.example";

/// A key, its public half as an issuer publishes it, and the name of the issuer.
struct Issuer {
    pair: KeyPair,
    keys: KeySet,
    name: ProviderName,
}

fn issuer() -> Option<Issuer> {
    let pkcs8 = signing_key_pkcs8();
    let public = SigningKey::from_pkcs8(pkcs8).ok()?;
    let (n, e) = (public.public_key().n(), public.public_key().e());
    let json = format!(r#"{{"keys":[{{"kty":"RSA","kid":"k","n":"{n}","e":"{e}"}}]}}"#);
    Some(Issuer {
        pair: KeyPair::from_pkcs8(pkcs8).ok()?,
        keys: KeySet::parse(json.as_bytes()).ok()?,
        name: "id.example".parse().ok()?,
    })
}

/// Claims, or a header and claims on two lines, under a good signature.
///
/// # Panics
///
/// If there is no issuer, so that nothing was tried.
pub fn claims(bytes: &[u8]) {
    static ISSUER_OF_ALL: LazyLock<Option<Issuer>> = LazyLock::new(issuer);
    let issuer = ISSUER_OF_ALL.as_ref().expect("an issuer");
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    let (header, payload) = match second {
        Some(second) => (first, second),
        None => (br#"{"alg":"RS256","kid":"k"}"#.as_slice(), first),
    };
    let encode = |bytes| URL_SAFE_NO_PAD.encode::<&[u8]>(bytes);
    let input = format!("{}.{}", encode(header), encode(payload));
    let mut signature = vec![0; issuer.pair.public_modulus_len()];
    let signed = issuer.pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        input.as_bytes(),
        &mut signature,
    );
    assert!(signed.is_ok(), "the token was not signed");
    let token = format!("{input}.{}", encode(&signature));
    let clients = ["client".to_owned()];
    let provider = Provider {
        name: &issuer.name,
        issuer: ISSUER,
        client_ids: &clients,
        algorithms: &Algorithm::ALL,
        is_user_pool: false,
    };
    match oidc::verify(&token, &issuer.keys, &provider, 1_700_000_000) {
        Ok((login, token)) => {
            let claims = LoginClaims::of_token(&token);
            let _ = (claims.first("sub"), token.principal_tags(), token.amr());
            assert!(!login.subject().as_str().is_empty(), "a login of nobody");
        }
        Err(error) => {
            let _ = error.to_string();
        }
    }
}
