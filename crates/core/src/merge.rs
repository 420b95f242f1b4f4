//! Two identities turn out to be one person: the source's logins move, the source is switched off.
//!
//! Identities are merged, not users: every login of the source moves, not only the one that was
//! named. The source keeps its id and the name of the identity that took over, and nothing else; it
//! never comes back.
//!
//! **Source**: Cognito identity API reference, *MergeDeveloperIdentities*; contract page sections
//! 3.4 and 3.5.

use std::collections::{BTreeMap, BTreeSet};

use daypass_proof::login::ProviderName;

use crate::identity::{Identity, State};
use crate::ids::IdentityId;
use crate::limits::LINKED_LOGINS_MAX;
use crate::time::Timestamp;

/// What a merge comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Merge {
    /// Both were one identity before; nothing is written.
    Same(Identity),
    /// The logins move.
    Moved {
        /// The destination with the logins of both.
        survivor: Identity,
        /// The source, switched off and without logins.
        retired: Identity,
    },
}

/// Why two identities cannot become one.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MergeError {
    /// They stand in different pools, or one of them is not an identity that a user signs in to.
    #[error("identity `{0}` cannot be merged")]
    Unusable(IdentityId),
    /// Both have a user of one public provider, and not the same.
    #[error("both identities have a login of `{0}`")]
    TwoUsers(ProviderName),
    /// Together they have more logins than an identity may have.
    #[error("identity `{0}` would have more logins than it may")]
    TooManyLogins(IdentityId),
}

/// Merges `source` into `destination`.
pub fn merge(
    source: Identity,
    mut destination: Identity,
    now: Timestamp,
) -> Result<Merge, MergeError> {
    for identity in [&source, &destination] {
        if identity.state() != State::Authenticated || identity.pool_id != destination.pool_id {
            return Err(MergeError::Unusable(identity.id.clone()));
        }
    }
    if source.id == destination.id {
        return Ok(Merge::Same(destination));
    }
    absorb(&mut destination, &source)?;
    destination.modified = now;
    let retired = retire(source, &destination.id, now);
    Ok(Merge::Moved {
        survivor: destination,
        retired,
    })
}

/// Gives every login of `source` to `destination`, too.
pub(crate) fn absorb(destination: &mut Identity, source: &Identity) -> Result<(), MergeError> {
    for (provider, subject) in &source.public_logins {
        let known = destination
            .public_logins
            .insert(provider.clone(), subject.clone());
        if known.is_some_and(|known| known != *subject) {
            return Err(MergeError::TwoUsers(provider.clone()));
        }
    }
    let users = source.developer_users.iter().cloned();
    destination.developer_users.extend(users);
    if destination.login_count() > LINKED_LOGINS_MAX {
        return Err(MergeError::TooManyLogins(destination.id.clone()));
    }
    Ok(())
}

/// `source` after its logins went to the identity `into`.
pub(crate) fn retire(source: Identity, into: &IdentityId, now: Timestamp) -> Identity {
    // INVARIANT: a merged-away identity has no logins, and no login leads to it again.
    Identity {
        developer_users: BTreeSet::new(),
        public_logins: BTreeMap::new(),
        enabled: false,
        merged_into: Some(into.clone()),
        modified: now,
        ..source
    }
}

#[cfg(test)]
mod tests;
