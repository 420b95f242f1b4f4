//! The stored form of an OpenID Connect provider.

use std::collections::BTreeMap;

use daypass_core::issuer::IssuerUrl;
use daypass_core::open_id_provider::OpenIdProvider;
use daypass_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Stored;

#[derive(Serialize, Deserialize)]
pub(crate) struct OpenIdProviderForm {
    url: String,
    client_ids: Vec<String>,
    thumbprints: Vec<String>,
    tags: BTreeMap<String, String>,
    created: i64,
}

impl Stored for OpenIdProvider {
    type Form = OpenIdProviderForm;

    fn to_form(&self) -> OpenIdProviderForm {
        OpenIdProviderForm {
            url: self.url.to_string(),
            client_ids: self.client_ids.clone(),
            thumbprints: self.thumbprints.clone(),
            tags: self.tags.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: OpenIdProviderForm) -> Option<Self> {
        Some(Self {
            url: IssuerUrl::stored(form.url),
            client_ids: form.client_ids,
            thumbprints: form.thumbprints,
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
        })
    }
}
