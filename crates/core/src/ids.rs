//! Names that must not be confused with one another.
//!
//! **Shape**: an identity pool id and an identity id are `<region>:<guid>`, the guid in lower-case
//! hexadecimal. They are opaque and case-sensitive.
//! **Source**: Cognito identity API reference, shapes *IdentityPoolId* and *IdentityId*; IAM user
//! guide, *IAM identifiers*.

use std::fmt;
use std::str::FromStr;

/// Why a text is not the identifier it was read as.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct IdError {
    /// Which identifier was expected.
    pub kind: &'static str,
}

/// The account all resources of a deployment belong to: twelve digits.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountId(String);

impl FromStr for AccountId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let valid = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { kind: "account id" })
        }
    }
}

/// The Region a deployment calls itself: `us-east-1`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Region(String);

impl FromStr for Region {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let valid = (1..=18).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { kind: "region" })
        }
    }
}

/// The id of an identity pool: `us-east-1:11111111-2222-4333-8444-555555555555`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IdentityPoolId(String);

/// The id of an identity: `us-east-1:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IdentityId(String);

impl FromStr for IdentityPoolId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_regional_guid(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError {
                kind: "identity pool id",
            })
        }
    }
}

impl FromStr for IdentityId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_regional_guid(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError {
                kind: "identity id",
            })
        }
    }
}

/// The documented pattern `[\w-]+:[0-9a-f-]+`, 1 to 55 characters.
fn is_regional_guid(text: &str) -> bool {
    let Some((region, guid)) = text.split_once(':') else {
        return false;
    };
    text.len() <= 55
        && !region.is_empty()
        && !guid.is_empty()
        && region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && guid
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

impl IdentityPoolId {
    /// Stands in while a request with a broken id is read to its end, so that everything wrong with
    /// it is reported at once. No identity pool has it.
    pub fn placeholder() -> Self {
        Self("-:-".to_owned())
    }

    /// A fresh id in `region` from 16 random bytes.
    pub fn fresh(region: &Region, random: [u8; 16]) -> Self {
        Self(format!("{region}:{}", guid(random)))
    }
}

impl IdentityId {
    /// Stands in while a request with a broken id is read to its end, so that everything wrong with
    /// it is reported at once. No identity has it.
    pub fn placeholder() -> Self {
        Self("-:-".to_owned())
    }

    /// A fresh id in `region` from 16 random bytes.
    pub fn fresh(region: &Region, random: [u8; 16]) -> Self {
        Self(format!("{region}:{}", guid(random)))
    }
}

/// Writes random bytes as a version 4 UUID: 122 bits of chance remain.
fn guid(random: [u8; 16]) -> String {
    let mut number = u128::from_be_bytes(random);
    number = (number & !(0xf << 76)) | (0x4 << 76);
    number = (number & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let cuts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let parts: Vec<&str> = cuts
        .iter()
        .filter_map(|(from, to)| hex.get(*from..*to))
        .collect();
    parts.join("-")
}

/// The never reused id of a user, role or policy: a prefix and 17 of `A-Z2-7`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UniqueId(String);

impl UniqueId {
    /// A fresh id with a documented prefix (`AIDA`, `AROA`, `ANPA`).
    pub fn fresh(prefix: &'static str, random: [u8; 17]) -> Self {
        Self(format!("{prefix}{}", base32_letters(&random)))
    }

    /// The id stored under this text.
    pub fn stored(text: String) -> Self {
        Self(text)
    }
}

/// One letter of `A-Z2-7` for each byte, five bits of it used.
pub fn base32_letters(random: &[u8]) -> String {
    random
        .iter()
        .map(|byte| match byte & 0x1f {
            letter @ 0..=25 => char::from(b'A' + letter),
            digit => char::from(b'2' + (digit - 26)),
        })
        .collect()
}

macro_rules! text_form {
    ($($name:ident),+) => {$(
        impl $name {
            /// The text of this id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

text_form!(AccountId, Region, IdentityPoolId, IdentityId, UniqueId);

/// The ARN of an identity pool.
pub fn identity_pool_arn(region: &Region, account: &AccountId, pool: &IdentityPoolId) -> String {
    format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{pool}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_id_reads_back_and_keeps_the_uuid_form() {
        let region: Region = "us-east-1".parse().unwrap();
        let id = IdentityId::fresh(&region, [0xff; 16]);
        assert_eq!(
            id.as_str(),
            "us-east-1:ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert_eq!(id.as_str().parse::<IdentityId>().unwrap(), id);
    }

    #[test]
    fn ids_are_checked_on_both_sides_of_the_pattern() {
        for text in ["us-east-1:0a-", "a_b:f"] {
            assert!(text.parse::<IdentityPoolId>().is_ok(), "{text}");
        }
        let long = format!("a:{}", "0".repeat(54));
        for text in [
            "",
            "us-east-1",
            "us-east-1:",
            ":aa",
            "us-east-1:AA",
            "us east:aa",
            "a:b:c",
            &long,
        ] {
            assert!(text.parse::<IdentityPoolId>().is_err(), "{text}");
        }
        assert!("12345678901".parse::<AccountId>().is_err());
        assert!("000000000000".parse::<AccountId>().is_ok());
        assert!("US".parse::<Region>().is_err());
    }

    #[test]
    fn unique_ids_use_the_documented_letters() {
        let bytes: [u8; 17] = std::array::from_fn(|index| u8::try_from(index * 15).unwrap());
        let id = UniqueId::fresh("AROA", bytes);
        assert_eq!(id.as_str().len(), 21);
        assert!(
            id.as_str()
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
        );
    }
}
