//! The stored form of a SAML provider.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::saml_provider::SamlProvider;
use daypass_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Stored;

#[derive(Serialize, Deserialize)]
pub(crate) struct SamlProviderForm {
    name: String,
    unique_id: String,
    metadata: String,
    valid_until: i64,
    tags: BTreeMap<String, String>,
    created: i64,
}

impl Stored for SamlProvider {
    type Form = SamlProviderForm;

    fn to_form(&self) -> SamlProviderForm {
        SamlProviderForm {
            name: self.name.clone(),
            unique_id: self.unique_id.to_string(),
            metadata: self.metadata.clone(),
            valid_until: self.valid_until.millis(),
            tags: self.tags.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: SamlProviderForm) -> Option<Self> {
        Some(Self {
            name: form.name,
            unique_id: UniqueId::stored(form.unique_id),
            metadata: form.metadata,
            valid_until: Timestamp::from_millis(form.valid_until),
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
        })
    }
}
