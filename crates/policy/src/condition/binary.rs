//! `BinaryEquals`: bytes, written in base64 on both sides.
//!
//! **Source**: IAM user guide, *Binary condition operators*.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::DocumentError;

/// The listed values of `BinaryEquals`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Test {
    listed: Vec<Vec<u8>>,
}

impl Test {
    pub(super) fn read(values: &[String]) -> Result<Self, DocumentError> {
        let listed = values
            .iter()
            .map(|value| {
                STANDARD
                    .decode(value)
                    .map_err(|_| DocumentError::LegacyParsing)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { listed })
    }

    pub(super) fn fits_one(&self, value: &str) -> bool {
        STANDARD
            .decode(value)
            .is_ok_and(|bytes| self.listed.contains(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_compared_and_other_text_is_no_value() {
        let test = Test::read(&["QmluYXJ5VmFsdWU=".to_owned()]).unwrap();
        assert!(test.fits_one("QmluYXJ5VmFsdWU="));
        assert!(!test.fits_one("QmluYXJ5"));
        assert!(!test.fits_one("not base64"));
        assert!(Test::read(&["not base64".to_owned()]).is_err());
    }
}
