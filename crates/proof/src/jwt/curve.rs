//! Public keys on elliptic curves, as issuers publish them.
//!
//! They are read like any other key; whether an issuer may use them is decided by the algorithms
//! that are allowed for it.
//!
//! **Source**: RFC 7518 sections 3.4 and 6.2; requirements S13 and S15.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, EcdsaVerificationAlgorithm, ParsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_json::Object;

use super::jwk::{number, text};
use super::{Algorithm, JwkError};

/// A point on P-256 or P-384.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Point {
    curve: &'static Curve,
    x: Vec<u8>,
    y: Vec<u8>,
}

/// A curve, with the one algorithm of its keys.
#[derive(Eq, PartialEq)]
struct Curve {
    name: &'static str,
    algorithm: Algorithm,
    verification: &'static EcdsaVerificationAlgorithm,
    octets: usize,
}

static CURVES: [Curve; 2] = [
    Curve {
        name: "P-256",
        algorithm: Algorithm::Es256,
        verification: &ECDSA_P256_SHA256_FIXED,
        octets: 32,
    },
    Curve {
        name: "P-384",
        algorithm: Algorithm::Es384,
        verification: &ECDSA_P384_SHA384_FIXED,
        octets: 48,
    },
];

impl Point {
    /// Reads `crv`, `x` and `y`; each coordinate has exactly the length of the curve.
    pub(super) fn from_object(key: &Object) -> Result<Self, JwkError> {
        let name = text(key, "crv")?.ok_or(JwkError::Member("crv"))?;
        let curve = CURVES.iter().find(|curve| curve.name == name);
        let curve = curve.ok_or(JwkError::Kind)?;
        let coordinate = |name| {
            let octets = number(key, name)?;
            let fits = octets.len() == curve.octets;
            if fits {
                Ok(octets)
            } else {
                Err(JwkError::Member(name))
            }
        };
        Ok(Self {
            curve,
            x: coordinate("x")?,
            y: coordinate("y")?,
        })
    }

    /// The one algorithm of its curve.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.curve.algorithm
    }

    /// The point as a key; one that is not on its curve is none.
    pub(super) fn parsed(&self) -> Result<ParsedPublicKey, JwkError> {
        let octets = [[4].as_slice(), &self.x, &self.y].concat();
        let parsed = ParsedPublicKey::new(self.curve.verification, octets);
        parsed.map_err(|_| JwkError::Member("x"))
    }

    /// Its members in a published key.
    pub(super) fn to_members(&self) -> String {
        let text = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
        let (x, y) = (text(&self.x), text(&self.y));
        format!(r#""crv":"{}","x":"{x}","y":"{y}""#, self.curve.name)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, KeyPair,
    };

    use super::*;
    use crate::jwt::testing::{ISSUER, NOW, key, payload_with};
    use crate::jwt::{Expectation, KeySet, TokenError, verify};

    fn pair(signing: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new()).unwrap();
        EcdsaKeyPair::from_pkcs8(signing, pkcs8.as_ref()).unwrap()
    }

    fn published(pair: &EcdsaKeyPair, curve: &str, more: &str) -> String {
        let point = &pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        format!(r#"{{"kty":"EC","kid":"e","crv":"{curve}","x":"{x}","y":"{y}"{more}}}"#)
    }

    fn token(pair: &EcdsaKeyPair, algorithm: &str) -> String {
        let header = format!(r#"{{"alg":"{algorithm}","kid":"e"}}"#);
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let input = format!("{}.{}", encoded(&header), encoded(&payload_with("", None)));
        let signature = pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn believed(token: &str, set: &str, algorithms: &[Algorithm]) -> Result<(), TokenError> {
        let keys = KeySet::parse(format!(r#"{{"keys":[{set}]}}"#).as_bytes()).unwrap();
        let expectation = Expectation {
            issuer: ISSUER,
            algorithms,
            leeway_seconds: 0,
            max_lifetime: None,
        };
        verify(token, &keys, &expectation, NOW).map(|_| ())
    }

    #[test]
    fn s13_curves_verify_only_where_they_are_switched_on() {
        for (signing, curve, name) in [
            (&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256", "ES256"),
            (&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384", "ES384"),
        ] {
            let pair = pair(signing);
            let set = published(&pair, curve, "");
            let token = token(&pair, name);
            assert_eq!(believed(&token, &set, &Algorithm::ALL), Ok(()), "{name}");
            let off = believed(&token, &set, &Algorithm::RSA);
            assert_eq!(off, Err(TokenError::AlgorithmRefused), "{name}");
            let bent = format!(
                "{}A{}",
                &token[..token.len() - 9],
                &token[token.len() - 8..]
            );
            assert_ne!(believed(&bent, &set, &Algorithm::ALL), Ok(()), "{name}");
        }
    }

    #[test]
    fn s13_an_algorithm_of_another_kind_of_key_is_refused() {
        let pair = pair(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let set = published(&pair, "P-256", "");
        for name in ["ES384", "RS256"] {
            let refused = believed(&token(&pair, name), &set, &Algorithm::ALL);
            assert_eq!(refused, Err(TokenError::AlgorithmRefused), "{name}");
        }
        let public = key().public_key();
        let (n, e) = (public.n(), public.e());
        let rsa = format!(r#"{{"kty":"RSA","kid":"e","n":"{n}","e":"{e}"}}"#);
        let refused = believed(&token(&pair, "ES256"), &rsa, &Algorithm::ALL);
        assert_eq!(refused, Err(TokenError::AlgorithmRefused));
    }

    #[test]
    fn s15_a_point_must_fit_its_curve() {
        let pair = pair(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let good = published(&pair, "P-256", r#","alg":"ES256""#);
        let keys = |key: &str| KeySet::parse(format!(r#"{{"keys":[{key}]}}"#).as_bytes());
        let read = keys(&good).unwrap();
        assert_eq!(keys(&read.keys()[0].to_json()).unwrap(), read);
        for (from, to) in [
            ("P-256", "P-384"),
            ("P-256", "secp256k1"),
            ("ES256", "ES384"),
            ("ES256", "RS256"),
            ("\"x\":\"", "\"x\":\"AA"),
            ("\"y\":\"", "\"z\":\""),
            ("\"crv\"", "\"curve\""),
        ] {
            assert!(keys(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
        let zero = URL_SAFE_NO_PAD.encode([0; 32]);
        let off = format!(r#"{{"kty":"EC","crv":"P-256","x":"{zero}","y":"{zero}"}}"#);
        assert!(keys(&off).is_err(), "not on the curve");
    }
}
