//! How the nouns rest on disk: versioned JSON, and the only serde of the house that is about disk.
//!
//! Every form carries `v`, the version it was written in. A form that does not read is an error of
//! that one record and of nothing else. Secrets are sealed before they get here.

mod activity;
mod open_id_provider;
mod pool;
mod role_mapping;
mod saml_provider;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::UniqueId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_core::role::Role;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::{Grants, User};
use daypass_proof::login::Subject;

use crate::records::RecordError;

/// The version every form is written in today.
const VERSION: u32 = 1;

/// A noun that has a stored form.
pub(crate) trait Stored: Sized {
    /// Its form on disk.
    type Form: Serialize + DeserializeOwned;
    /// The form of this value.
    fn to_form(&self) -> Self::Form;
    /// The value of a form, or nothing if the form names impossible values.
    fn from_form(form: Self::Form) -> Option<Self>;
}

#[derive(Serialize, Deserialize)]
struct Versioned<F> {
    v: u32,
    #[serde(flatten)]
    form: F,
}

/// The text of a value.
pub(crate) fn write<T: Stored>(value: &T) -> Result<String, RecordError> {
    let versioned = Versioned {
        v: VERSION,
        form: value.to_form(),
    };
    serde_json::to_string(&versioned).map_err(|_| RecordError::Unwritable)
}

/// The value of a text. `place` names the record if it does not read.
pub(crate) fn read<T: Stored>(place: &str, text: &str) -> Result<T, RecordError> {
    let undecodable = || RecordError::Undecodable {
        place: place.to_owned(),
    };
    let versioned: Versioned<T::Form> = serde_json::from_str(text).map_err(|_| undecodable())?;
    if versioned.v != VERSION {
        return Err(undecodable());
    }
    T::from_form(versioned.form).ok_or_else(undecodable)
}

type Map = BTreeMap<String, String>;

#[derive(Serialize, Deserialize)]
pub(crate) struct IdentityForm {
    id: String,
    pool: String,
    developer_users: BTreeSet<String>,
    /// Forms of the first release have neither this nor the next optional member.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    public_logins: Map,
    ever_authenticated: bool,
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    created: i64,
    modified: i64,
}

impl Stored for Identity {
    type Form = IdentityForm;

    fn to_form(&self) -> IdentityForm {
        let public = self.public_logins.iter();
        let public = public.map(|(provider, subject)| (provider.to_string(), subject.to_string()));
        IdentityForm {
            id: self.id.to_string(),
            pool: self.pool_id.to_string(),
            developer_users: self
                .developer_users
                .iter()
                .map(|u| u.as_str().to_owned())
                .collect(),
            public_logins: public.collect(),
            ever_authenticated: self.ever_authenticated,
            enabled: self.enabled,
            merged_into: self.merged_into.as_ref().map(ToString::to_string),
            created: self.created.millis(),
            modified: self.modified.millis(),
        }
    }

    fn from_form(form: IdentityForm) -> Option<Self> {
        let public = form.public_logins.into_iter();
        let public = public.map(|(provider, subject)| {
            let provider = provider.parse().ok()?;
            Some((provider, Subject::stored(subject)))
        });
        let merged_into = form.merged_into.map(|id| id.parse().ok());
        Some(Self {
            id: form.id.parse().ok()?,
            pool_id: form.pool.parse().ok()?,
            developer_users: form
                .developer_users
                .into_iter()
                .map(DeveloperUserIdentifier::new)
                .collect(),
            public_logins: public.collect::<Option<_>>()?,
            ever_authenticated: form.ever_authenticated,
            enabled: form.enabled,
            merged_into: match merged_into {
                None => None,
                Some(id) => Some(id?),
            },
            created: Timestamp::from_millis(form.created),
            modified: Timestamp::from_millis(form.modified),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct GrantsForm {
    inline: Map,
    attached: BTreeSet<String>,
    boundary: Option<String>,
}

impl GrantsForm {
    fn of(grants: &Grants) -> Self {
        Self {
            inline: grants.inline.clone(),
            attached: grants.attached.clone(),
            boundary: grants.boundary.clone(),
        }
    }

    fn grants(self) -> Grants {
        Grants {
            inline: self.inline,
            attached: self.attached,
            boundary: self.boundary,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct UserForm {
    name: String,
    path: String,
    id: String,
    grants: GrantsForm,
    tags: Map,
    created: i64,
}

impl Stored for User {
    type Form = UserForm;

    fn to_form(&self) -> UserForm {
        UserForm {
            name: self.name.clone(),
            path: self.path.clone(),
            id: self.id.to_string(),
            grants: GrantsForm::of(&self.grants),
            tags: self.tags.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: UserForm) -> Option<Self> {
        Some(Self {
            name: form.name,
            path: form.path,
            id: UniqueId::stored(form.id),
            grants: form.grants.grants(),
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct RoleForm {
    name: String,
    path: String,
    id: String,
    trust_policy: String,
    description: Option<String>,
    max_session_seconds: i64,
    grants: GrantsForm,
    tags: Map,
    created: i64,
}

impl Stored for Role {
    type Form = RoleForm;

    fn to_form(&self) -> RoleForm {
        RoleForm {
            name: self.name.clone(),
            path: self.path.clone(),
            id: self.id.to_string(),
            trust_policy: self.trust_policy.clone(),
            description: self.description.clone(),
            max_session_seconds: self.max_session.seconds(),
            grants: GrantsForm::of(&self.grants),
            tags: self.tags.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: RoleForm) -> Option<Self> {
        Some(Self {
            name: form.name,
            path: form.path,
            id: UniqueId::stored(form.id),
            trust_policy: form.trust_policy,
            description: form.description,
            max_session: Lifetime::from_seconds(form.max_session_seconds),
            grants: form.grants.grants(),
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct PolicyForm {
    name: String,
    path: String,
    id: String,
    description: Option<String>,
    versions: Vec<VersionForm>,
    default_version: u32,
    next_version: u32,
    tags: Map,
    created: i64,
    updated: i64,
}

/// One version. Its number is a member and not a key: a flattened form reads keys as text only.
#[derive(Serialize, Deserialize)]
struct VersionForm {
    number: u32,
    document: String,
    created: i64,
}

impl Stored for ManagedPolicy {
    type Form = PolicyForm;

    fn to_form(&self) -> PolicyForm {
        let versions = self.versions.iter();
        let versions = versions.map(|(number, version)| VersionForm {
            number: *number,
            document: version.document.clone(),
            created: version.created.millis(),
        });
        PolicyForm {
            name: self.name.clone(),
            path: self.path.clone(),
            id: self.id.to_string(),
            description: self.description.clone(),
            versions: versions.collect(),
            default_version: self.default_version,
            next_version: self.next_version,
            tags: self.tags.clone(),
            created: self.created.millis(),
            updated: self.updated.millis(),
        }
    }

    fn from_form(form: PolicyForm) -> Option<Self> {
        let versions = form.versions.into_iter().map(|version| {
            let created = Timestamp::from_millis(version.created);
            (
                version.number,
                PolicyVersion {
                    document: version.document,
                    created,
                },
            )
        });
        Some(Self {
            name: form.name,
            path: form.path,
            id: UniqueId::stored(form.id),
            description: form.description,
            versions: versions.collect(),
            default_version: form.default_version,
            next_version: form.next_version,
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
            updated: Timestamp::from_millis(form.updated),
        })
    }
}

#[cfg(test)]
mod tests;
