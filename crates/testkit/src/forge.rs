//! Tokens that nobody should believe, and the honest one they are bent from.
//!
//! **Source**: RFC 7515 (compact form), RFC 7518 (algorithms); requirements S13 to S23.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// What signs a token.
#[derive(Clone, Copy, Debug)]
pub enum Hand<'a> {
    /// RSA with SHA-512 under a private key in PKCS#8 form.
    Rs512(&'a [u8]),
    /// RSA with SHA-256 under a private key in PKCS#8 form.
    Rs256(&'a [u8]),
    /// HMAC with SHA-256 under these bytes.
    Hs256(&'a [u8]),
    /// Nothing.
    Nobody,
}

/// A token of exactly this header and these claims.
///
/// **Errors**: a private key that does not read, in words.
pub fn token(header: &str, claims: &str, hand: Hand<'_>) -> Result<String, String> {
    let input = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let signature = match hand {
        Hand::Rs512(pkcs8) => rsa(pkcs8, &RSA_PKCS1_SHA512, &input)?,
        Hand::Rs256(pkcs8) => rsa(pkcs8, &RSA_PKCS1_SHA256, &input)?,
        Hand::Hs256(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            hmac::sign(&key, input.as_bytes()).as_ref().to_vec()
        }
        Hand::Nobody => Vec::new(),
    };
    Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn rsa(pkcs8: &[u8], encoding: &'static dyn RsaEncoding, input: &str) -> Result<Vec<u8>, String> {
    let pair = KeyPair::from_pkcs8(pkcs8).map_err(|error| error.to_string())?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        encoding,
        &SystemRandom::new(),
        input.as_bytes(),
        &mut signature,
    )
    .map_err(|_| "the token cannot be signed".to_owned())?;
    Ok(signature)
}

/// The header and the claims of a token, unverified.
///
/// **Errors**: a text that is no token, in words.
pub fn read(token: &str) -> Result<(Value, Value), String> {
    let mut segments = token.split('.');
    let mut next = || {
        let segment = segments.next().ok_or("a token has three segments")?;
        let bytes = URL_SAFE_NO_PAD
            .decode(segment)
            .map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    };
    Ok((next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        let written = token(r#"{"alg":"none"}"#, r#"{"sub":"x"}"#, Hand::Nobody).unwrap();
        assert!(written.ends_with('.'));
        let (header, claims) = read(&written).unwrap();
        assert_eq!(header["alg"], "none");
        assert_eq!(claims["sub"], "x");
        assert!(read("x.y.z").is_err());
    }
}
